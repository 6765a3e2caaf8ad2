/** Who may open a sealed picture, and for what. A pure decision: the hub carries it out. */

import type { CaptureClass } from './crossing.ts'

export const roles = [
  'officer',
  'supervisor',
  'privacy',
  'auditor',
  'responder',
  'integrator',
] as const
export type Role = (typeof roles)[number]

export const purposes = [
  'inspection',
  'secondary',
  'review',
  'investigation',
  'subject_request',
  'audit',
  'incident',
  'evaluation',
  'release',
] as const
export type Purpose = (typeof purposes)[number]

/** Where a crossing stands in the review of plates that were not read surely. */
export type ReviewState =
  | { readonly kind: 'none' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'decided'; readonly at: Date }

export type Shift = { readonly lane: string; readonly startedAt: Date }

export type OpeningRequest = {
  readonly roles: readonly Role[]
  readonly purpose: Purpose
  readonly captureClass: CaptureClass
  readonly lane: string
  /** When the hub received the crossing. */
  readonly receivedAt: Date
  /** The requester's shift, if any. */
  readonly shift: Shift | null
  readonly review: ReviewState
}

export type OpeningRefusal =
  | 'purpose_not_for_role'
  | 'no_shift'
  | 'other_lane'
  | 'outside_shift'
  | 'not_in_review'
  | 'picture_shredded'

export type OpeningDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly code: OpeningRefusal; readonly detail: string }

export const openingLimits = {
  /** A shift ends by itself after this long. */
  shiftHoursMax: 12,
  /** At the window only what just crossed may be opened for inspection. */
  inspectionMinutesMax: 60,
  /** So long after its verdict a crossing may be opened for review again: to look twice, to undo. */
  reviewedMinutesMax: 60,
} as const

/**
 * Which purposes a role may name. An integrator opens nothing: work orders give no image access.
 * Nobody names `evaluation` or `release`: the hub opens for them in its own memory and shows the
 * picture to no one.
 */
const purposesOf: Readonly<Record<Role, readonly Purpose[]>> = {
  officer: ['inspection', 'secondary', 'review'],
  supervisor: ['secondary', 'review', 'investigation'],
  privacy: ['subject_request', 'audit'],
  auditor: ['audit'],
  responder: ['incident'],
  integrator: [],
}

/** The purposes that somebody with these roles may name, in the order of `purposes`. */
export function purposesFor(held: readonly Role[]): readonly Purpose[] {
  return purposes.filter((purpose) => held.some((role) => purposesOf[role].includes(purpose)))
}

/** Decides one opening at hub time `now`. Refusals are values: the caller logs them too. */
export function decideOpening(request: OpeningRequest, now: Date): OpeningDecision {
  const { purpose, shift } = request
  if (!purposesFor(request.roles).includes(purpose)) {
    return refuse('purpose_not_for_role', `None of your roles may open a picture for ${purpose}.`)
  }
  if (purpose === 'review') return decideReview(request, now)
  if (purpose !== 'inspection') return { kind: 'allow' }
  if (shift === null) {
    return refuse('no_shift', 'Start your shift at this lane before you inspect its crossings.')
  }
  if (shift.lane !== request.lane) {
    return refuse('other_lane', `Your shift is at lane ${shift.lane}; this crossing is not.`)
  }
  const crossingAgeMs = now.getTime() - request.receivedAt.getTime()
  if (
    runningShift(shift, now) === null ||
    crossingAgeMs > openingLimits.inspectionMinutesMax * 60_000
  ) {
    return refuse('outside_shift', 'The crossing is too old, or your shift has run out.')
  }
  return { kind: 'allow' }
}

/** Whoever stands at a lane reviews that lane; whoever is not on shift reviews all of them. */
function decideReview(
  { captureClass, lane, shift, review }: OpeningRequest,
  now: Date,
): OpeningDecision {
  const reviewedMinutes =
    review.kind === 'decided' ? (now.getTime() - review.at.getTime()) / 60_000 : 0
  if (review.kind === 'none' || reviewedMinutes > openingLimits.reviewedMinutesMax) {
    return refuse('not_in_review', 'The plate of this crossing does not wait for a review.')
  }
  if (captureClass === 'face') {
    return refuse('not_in_review', 'A review of a plate shows no faces.')
  }
  const running = runningShift(shift, now)
  if (running !== null && running.lane !== lane) {
    return refuse('other_lane', `Your shift is at lane ${running.lane}; this crossing is not.`)
  }
  return { kind: 'allow' }
}

/** The shift, unless it has run out by itself. */
export function runningShift(shift: Shift | null, now: Date): Shift | null {
  if (shift === null) return null
  const ageMs = now.getTime() - shift.startedAt.getTime()
  return ageMs > openingLimits.shiftHoursMax * 3_600_000 ? null : shift
}

function refuse(code: OpeningRefusal, detail: string): OpeningDecision {
  return { kind: 'refuse', code, detail }
}
