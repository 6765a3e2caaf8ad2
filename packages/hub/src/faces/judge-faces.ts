/** From what a lane states of faces to what the hub says of them, in memory and before anything is stored. */

import type { LaneKind } from '@sallyport/core/crossing'
import type { FaceProfile } from '@sallyport/core/face-profile'
import { acquisitionFault } from '@sallyport/core/faces/acquisition'
import type { CrossingFace, CrossingFaces } from '@sallyport/core/faces/crossing-faces'
import { decideOutcome, type FaceOutcome, type OffReason } from '@sallyport/core/faces/outcome'
import type { Manifest } from '@sallyport/proof/manifest'
import { templateKey } from '@sallyport/proof/node/template-key'
import type { LaneRow } from '@sallyport/store/lanes'
import type { FaceModel } from '@sallyport/vision/face/face-reader'
import { openTemplate } from '@sallyport/vision/face/template-seal'

import type { Calibrations } from './calibrations.ts'
import type { GalleryDesk } from './gallery-desk.ts'
import type { TravellerDesk } from './traveller-desk.ts'

/** What faces are compared with here; null where they are off. */
export type Matching = {
  readonly profile: FaceProfile
  readonly model: FaceModel
  readonly calibrations: Calibrations
  readonly desk: GalleryDesk
  /** Travellers who are looked for, wherever faces are compared. */
  readonly sought: TravellerDesk
}

/** A face with its outcome; its template is sealed again and nowhere in clear. */
export type JudgedFace = {
  readonly stated: CrossingFace
  readonly model: string
  readonly evaluation: boolean
  readonly outcome: FaceOutcome
  /** Sealed as the lane sent it; null where none is kept. */
  readonly template: Uint8Array | null
  /** Of the calibration; null where nothing was compared. */
  readonly calibration: Buffer | null
}

/** Compares every face of a crossing; `fileKeys` are those of its bodies, in the manifest's order. */
export function judgeFaces(
  faces: CrossingFaces,
  bundle: { readonly manifest: Manifest; readonly fileKeys: readonly Uint8Array[] },
  lane: Pick<LaneRow, 'id' | 'direction' | 'kind'>,
  at: Date,
  matching: Matching | OffReason,
): readonly JudgedFace[] {
  return faces.found.map((stated) => {
    const { model, evaluation } = faces
    const said = { stated, model, evaluation, template: null, calibration: null }
    if (typeof matching === 'string') return { ...said, outcome: { kind: 'off', reason: matching } }
    const found = compare(stated, faces.model, bundle, lane, at, matching)
    return { ...said, ...found }
  })
}

type Compared = Pick<JudgedFace, 'outcome'> & Partial<Pick<JudgedFace, 'template' | 'calibration'>>

function compare(
  stated: CrossingFace,
  modelOfLane: string,
  { manifest, fileKeys }: Parameters<typeof judgeFaces>[1],
  lane: Pick<LaneRow, 'id' | 'direction' | 'kind'>,
  at: Date,
  { model, calibrations, desk, sought }: Matching,
): Compared {
  const fault = acquisitionFault(stated.quality)
  if (fault !== null) return notAcquired(fault)
  if (modelOfLane !== model.identity) return notAcquired('other_model')
  const body = manifest.bodies.findIndex(
    ({ id, class: name }) => id === stated.capture && name === 'face',
  )
  const fileKey = fileKeys[body]
  if (fileKey === undefined) return notAcquired('template_not_opened')
  const sealed = Buffer.from(stated.template, 'base64')
  const opened = openTemplate(sealed, stated.capture, templateKey(fileKey), model)
  if (opened.kind === 'refused')
    return notAcquired(opened.code === 'other_model' ? 'other_model' : 'template_not_opened')
  const inService = calibrations.forLane(lane.kind satisfies LaneKind)
  if (inService === null) return { outcome: { kind: 'off', reason: 'no_calibration' } }
  const watched = sought.search(opened.template, at)
  const expected = desk.search(opened.template, lane, at)
  const findings = watched === null ? expected : [...expected, watched]
  opened.template.vector.fill(0)
  return {
    outcome: decideOutcome(inService.calibration, findings),
    template: sealed,
    calibration: inService.sha256,
  }
}

function notAcquired(why: Extract<FaceOutcome, { kind: 'not_acquired' }>['why']): Compared {
  return { outcome: { kind: 'not_acquired', why } }
}
