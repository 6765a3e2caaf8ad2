/** The face model that a command works with, and what it is told of it. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import {
  type FaceCalibration,
  parseFaceCalibration,
} from '@sallyport/core/face-calibration-document'
import { decideMatching, type OfferedCalibration } from '@sallyport/core/face-profile'
import { verify } from '@sallyport/proof/node/ed25519'
import { openNote, parseNote, parseVkey } from '@sallyport/proof/note'
import { evaluationCalibration } from '@sallyport/vision/face/evaluation-calibration'
import {
  type FaceModel,
  type FaceReader,
  openEvaluationReader,
  openOwnReader,
} from '@sallyport/vision/face/face-reader'

import { CommandFailure, exitCodes } from '../exit.ts'
import { note } from '../terminal.ts'

export type ModelOptions = {
  /** Folder of an own model with its card. */
  readonly model?: string
  readonly data: string
}

export type CalibrationOptions = {
  readonly calibration?: string
  readonly vkey?: string
  readonly profile: string
  readonly cameraClass?: string
}

/** Opens the model and says on stderr which it is. */
export async function openModel({ model, data }: ModelOptions): Promise<FaceReader> {
  const options = { cache: path.join(data, 'cache') }
  const reader =
    model === undefined
      ? await openEvaluationReader(options)
      : await openOwnReader('own', model, options)
  note(`Model: ${reader.model.label}.`)
  return reader
}

/** The calibration to judge by. Throws with exit code 3 where the profile forbids to go on. */
export async function calibrationFor(
  model: FaceModel,
  { calibration: file, vkey, profile, cameraClass }: CalibrationOptions,
): Promise<FaceCalibration> {
  if (profile !== 'evaluation' && profile !== 'production') {
    throw new CommandFailure(
      `Unknown profile "${profile}". Known: evaluation, production.`,
      exitCodes.wrongUse,
    )
  }
  const offered = file === undefined ? await shipped(model) : await fromFile(file, vkey)
  const decision = decideMatching(profile, model, offered, cameraClass ?? null)
  if (decision.kind === 'allowed') return decision.calibration
  throw new CommandFailure(decision.detail, exitCodes.refused)
}

async function shipped(model: FaceModel): Promise<OfferedCalibration | null> {
  return model.name === 'evaluation'
    ? { calibration: await evaluationCalibration(), signed: false }
    : null
}

async function fromFile(file: string, vkey: string | undefined): Promise<OfferedCalibration> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CommandFailure(`${file} cannot be read.`, exitCodes.wrongUse, { cause: error })
  })
  const text = vkey === undefined ? parseNote(bytes)?.text : signedText(file, bytes, vkey)
  const parsed = parseFaceCalibration(text ?? bytes.toString('utf8'))
  if (parsed.kind === 'refused') throw new CommandFailure(parsed.detail, exitCodes.refused)
  return { calibration: parsed.calibration, signed: vkey !== undefined }
}

function signedText(file: string, bytes: Uint8Array, vkey: string): string {
  const key = parseVkey(vkey)
  if (key === null)
    throw new CommandFailure(`${vkey} is no verifier key (NAME+ID+KEY).`, exitCodes.wrongUse)
  const opened = openNote(bytes, [key], verify)
  if (opened.kind === 'note') return opened.text
  throw new CommandFailure(`${file} is not signed by ${key.name}: ${opened.detail}`, exitCodes.no)
}
