/**
 * Entries about faces and galleries (specs/log.md). They name no person, and not who was compared with
 * whom: that is a commitment, whose salt goes when the face is forgotten.
 */

import { code, hex256, id128, oneOf, record, whole } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'

/** A face of a crossing was looked for among those expected; written before anybody is told. */
export type FaceComparedEntry = Head<'face_compared'> & {
  readonly face: string
  /** Commitment to crossing, picture, outcome and candidates. */
  readonly what: string
  /** Of the calibration that it was judged by; absent where nothing was compared. */
  readonly calibration_sha256?: string
}

/** The faces of a crossing are forgotten: templates gone, pictures to be shredded. */
export type FacesForgottenEntry = Head<'faces_forgotten'> & {
  readonly crossing: string
  readonly faces: number
}

/** Faces are looked for in a gallery from here on. */
export type GalleryOpenedEntry = Head<'gallery_opened'> & {
  readonly gallery: string
  readonly entries: number
  /** Of those who cross often: the rule that the hub made it by. */
  readonly rule?: string
  /** Commitment to the account; absent where the hub makes it by itself. */
  readonly by?: string
}

/** One of the people about a rule for galleries of those who cross often; before it counts. */
export type FrequentRuleEntry = Head<'frequent_rule'> & {
  readonly rule: string
  readonly says: 'proposed' | 'agreed' | 'ended'
  /** Commitment to its terms and reason (`committedFrequentRule`). */
  readonly terms: string
  readonly by: string
}

/** People can be found by a gallery who could not before, or no longer can; before it takes effect. */
export type GalleryChangedEntry = Head<'gallery_changed'> & {
  readonly gallery: string
  readonly described: number
  readonly removed: number
  readonly by?: string
}

/** A gallery is over: its templates are overwritten and its key destroyed. */
export type GalleryEndedEntry = Head<'gallery_ended'> & {
  readonly gallery: string
  readonly how: 'expired' | 'ended'
  readonly by?: string
}

/** Faces that people confirmed are compared, so that what a distance means can be told; before the first is opened. */
export type FaceCalibrationEntry = Head<'face_calibration'> & {
  readonly calibration: string
  readonly purpose: string
  /** Of the model's identity. */
  readonly model_sha256: string
  readonly captures: number
  readonly people: number
  /** Commitment to the ids of the pictures. */
  readonly set: string
  readonly by: string
}

/** What is told of it; written before it is told. */
export type FaceCalibrationReportedEntry = Head<'face_calibration_reported'> & {
  readonly calibration: string
  readonly report_sha256: string
}

export type FaceLogEntry =
  | FaceComparedEntry
  | FacesForgottenEntry
  | GalleryOpenedEntry
  | GalleryChangedEntry
  | GalleryEndedEntry
  | FrequentRuleEntry
  | FaceCalibrationEntry
  | FaceCalibrationReportedEntry

export type CommittedComparison = {
  readonly crossing: string
  readonly capture: string
  readonly outcome: string
  /** Ids of entries, in the order in which they are shown. */
  readonly candidates: readonly string[]
}

/** What the commitment `what` is to. */
export function committedComparison(comparison: CommittedComparison): string {
  const { crossing, capture, outcome, candidates } = comparison
  return JSON.stringify({ crossing, capture, outcome, candidates })
}

export type CommittedFrequentRule = {
  readonly port: string
  readonly weekdays: readonly number[]
  readonly from_hour: number
  readonly to_hour: number
  readonly days_back: number
  readonly crossings: number
  readonly people: number
  readonly reason: string
  readonly expires_at: Date
}

/** What the commitment `terms` of a rule for those who cross often is to. */
export function committedFrequentRule(rule: CommittedFrequentRule): string {
  const { port, weekdays, from_hour, to_hour, days_back, crossings, people, reason } = rule
  const expires_at = rule.expires_at.toISOString()
  return JSON.stringify({
    port,
    weekdays,
    from_hour,
    to_hour,
    days_back,
    crossings,
    people,
    reason,
    expires_at,
  })
}

/** What the commitment `set` of a calibration is to. */
export function committedPictures(captures: readonly string[]): string {
  return captures.toSorted().join('\n')
}

export const faceEntryShapes = {
  face_compared: record<FaceComparedEntry>(
    { ...head('face_compared'), face: id128, what: hex256, calibration_sha256: hex256 },
    ['calibration_sha256'],
  ),
  faces_forgotten: record<FacesForgottenEntry>({
    ...head('faces_forgotten'),
    crossing: id128,
    faces: whole(0),
  }),
  gallery_opened: record<GalleryOpenedEntry>(
    { ...head('gallery_opened'), gallery: id128, entries: whole(0), rule: id128, by: hex256 },
    ['rule', 'by'],
  ),
  frequent_rule: record<FrequentRuleEntry>({
    ...head('frequent_rule'),
    rule: id128,
    says: oneOf(['proposed', 'agreed', 'ended']),
    terms: hex256,
    by: hex256,
  }),
  gallery_changed: record<GalleryChangedEntry>(
    {
      ...head('gallery_changed'),
      gallery: id128,
      described: whole(0),
      removed: whole(0),
      by: hex256,
    },
    ['by'],
  ),
  gallery_ended: record<GalleryEndedEntry>(
    { ...head('gallery_ended'), gallery: id128, how: oneOf(['expired', 'ended']), by: hex256 },
    ['by'],
  ),
  face_calibration: record<FaceCalibrationEntry>({
    ...head('face_calibration'),
    calibration: id128,
    purpose: code,
    model_sha256: hex256,
    captures: whole(0),
    people: whole(0),
    set: hex256,
    by: hex256,
  }),
  face_calibration_reported: record<FaceCalibrationReportedEntry>({
    ...head('face_calibration_reported'),
    calibration: id128,
    report_sha256: hex256,
  }),
} as const
