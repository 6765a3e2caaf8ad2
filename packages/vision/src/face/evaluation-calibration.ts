/** The calibration of the evaluation model that ships with this package. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import {
  type FaceCalibration,
  parseFaceCalibration,
} from '@sallyport/core/face-calibration-document'

import { shippedModels } from '../models.ts'

/** Throws when the file is missing or damaged. What it was fitted on stands in it, and in its card. */
export async function evaluationCalibration(): Promise<FaceCalibration> {
  const file = path.join(shippedModels, 'faces', 'evaluation-calibration.json')
  const parsed = parseFaceCalibration(await readFile(file, 'utf8'))
  if (parsed.kind === 'refused') throw new Error(parsed.detail)
  return parsed.calibration
}
