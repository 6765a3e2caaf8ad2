/** Opens what faces need, as the settings say: model, calibrations, galleries. */

import path from 'node:path'

import {
  type FaceReader,
  openEvaluationReader,
  openOwnReader,
} from '@sallyport/vision/face/face-reader'

import type { HubSettings } from '../settings.ts'
import { HubStartError } from '../start-error.ts'
import { openCalibrations } from './calibrations.ts'
import { GalleryDesk } from './gallery-desk.ts'
import type { Matching } from './judge-faces.ts'
import { TravellerDesk } from './traveller-desk.ts'

export type OpenedFaces = {
  readonly matching: Matching
  /** Describes photographs for galleries. */
  readonly reader: FaceReader
}

/** Null where faces are off. Throws for the operator where they cannot be compared as the settings ask. */
export async function openFaces(
  settings: Pick<
    HubSettings,
    'faces' | 'faceModel' | 'faceCalibrations' | 'faceCalibrationKeys' | 'data'
  >,
): Promise<OpenedFaces | null> {
  const { faces: profile, faceModel, faceCalibrations: files, faceCalibrationKeys: keys } = settings
  if (profile === 'off') return null
  const cache = path.join(path.resolve(settings.data), 'cache')
  const reader: FaceReader = await (
    faceModel === undefined
      ? openEvaluationReader({ cache })
      : openOwnReader('own', faceModel, { cache })
  ).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new HubStartError('face_model_unusable', `The face model cannot be used: ${reason}`, {
      cause: error,
    })
  })
  try {
    const { model } = reader
    const calibrations = await openCalibrations(model, { profile, files, keys })
    const [desk, sought] = [new GalleryDesk(model), new TravellerDesk(model)]
    return { matching: { profile, model, calibrations, desk, sought }, reader }
  } catch (error) {
    await reader.close()
    throw error
  }
}
