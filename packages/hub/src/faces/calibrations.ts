/** Calibrations in service: read once at the start, each for one class of camera. */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import type { LaneKind } from '@sallyport/core/crossing'
import {
  type FaceCalibration,
  parseFaceCalibration,
} from '@sallyport/core/face-calibration-document'
import {
  decideMatching,
  type FaceProfile,
  type OfferedCalibration,
} from '@sallyport/core/face-profile'
import { verify } from '@sallyport/proof/node/ed25519'
import { openNote, parseNote, parseVkey, type NoteKey } from '@sallyport/proof/note'
import { evaluationCalibration } from '@sallyport/vision/face/evaluation-calibration'
import type { FaceModel } from '@sallyport/vision/face/face-reader'

import { HubStartError } from '../start-error.ts'

export type InService = {
  readonly calibration: FaceCalibration
  /** Of its text, without signatures. */
  readonly sha256: Buffer
  readonly signed: boolean
  /** Names of the trusted keys whose signature held at the start; empty where none is trusted. */
  readonly signers: readonly string[]
}

export type Calibrations = {
  /** The one for lanes of this kind; null where none is in service. */
  forLane(kind: LaneKind): InService | null
  all(): readonly InService[]
}

/** A class that stands for every kind of lane that has no calibration of its own. */
const anyClass = 'any'

/**
 * Reads what the settings name. Throws for the operator when a file cannot be used, and in production
 * when none is signed for this model: then no face is compared with a guess.
 */
export async function openCalibrations(
  model: FaceModel,
  {
    profile,
    files,
    keys,
  }: {
    readonly profile: FaceProfile
    readonly files: readonly string[]
    readonly keys: readonly string[]
  },
): Promise<Calibrations> {
  const trusted = keys.map(trustedKey)
  const byClass = new Map<string, InService>()
  for (const file of files) {
    const offered = await offeredIn(file, trusted)
    const decision = decideMatching(profile, model, offered, null)
    if (decision.kind === 'refused')
      throw new HubStartError('faces_not_calibrated', `${file}: ${decision.detail}`)
    const { camera_class: name } = offered.calibration
    if (byClass.has(name))
      throw new HubStartError(
        'faces_not_calibrated',
        `${file}: there is another calibration for cameras of class ${name}. Name one of them.`,
      )
    byClass.set(name, offered)
  }
  if (byClass.size === 0) {
    const shipped = await shippedFor(model)
    const decision = decideMatching(profile, model, shipped, null)
    if (decision.kind === 'refused')
      throw new HubStartError('faces_not_calibrated', decision.detail)
    if (shipped !== null) byClass.set(anyClass, shipped)
  }
  return {
    forLane: (kind) => byClass.get(kind) ?? byClass.get(anyClass) ?? null,
    all: () => [...byClass.values()],
  }
}

async function offeredIn(
  file: string,
  trusted: readonly NoteKey[],
): Promise<InService & OfferedCalibration> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new HubStartError('faces_not_calibrated', `${file} cannot be read.`, { cause: error })
  })
  const opened = trusted.length === 0 ? null : openNote(bytes, trusted, verify)
  if (opened !== null && opened.kind !== 'note')
    throw new HubStartError(
      'faces_not_calibrated',
      `${file} is not signed by a key of face_calibration_keys: ${opened.detail}`,
    )
  const text = opened?.text ?? parseNote(bytes)?.text ?? bytes.toString('utf8')
  const parsed = parseFaceCalibration(text)
  if (parsed.kind === 'refused')
    throw new HubStartError('faces_not_calibrated', `${file}: ${parsed.detail}`)
  const signers = opened?.signedBy ?? []
  return { ...inService(parsed.calibration, text), signed: opened !== null, signers }
}

/** The shipped one stands for every class: an evaluation model is for trying out. */
async function shippedFor(model: FaceModel): Promise<InService | null> {
  if (model.name !== 'evaluation') return null
  const calibration = await evaluationCalibration()
  return inService(calibration, JSON.stringify(calibration))
}

function inService(calibration: FaceCalibration, text: string): InService {
  const sha256 = createHash('sha256').update(text).digest()
  return { calibration, sha256, signed: false, signers: [] }
}

function trustedKey(text: string): NoteKey {
  const key = parseVkey(text)
  if (key === null)
    throw new HubStartError(
      'faces_not_calibrated',
      `${text} in face_calibration_keys is no verifier key (NAME+ID+KEY).`,
    )
  return key
}
