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
  'investigation',
  'subject_request',
  'audit',
  'incident',
] as const
export type Purpose = (typeof purposes)[number]

export type OpeningRequest = {
  readonly roles: readonly Role[]
  readonly purpose: Purpose
  readonly captureClass: CaptureClass
  readonly lane: string
  /** When the hub received the crossing. */
  readonly receivedAt: Date
  /** The requester's running shift, if any. */
  readonly shift: { readonly lane: string; readonly startedAt: Date } | null
}

export type OpeningRefusal = 'purpose_not_for_role' | 'no_shift' | 'other_lane' | 'outside_shift'

export type OpeningDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly code: OpeningRefusal; readonly detail: string }

export const openingLimits = {
  /** A shift ends by itself after this long. */
  shiftHoursMax: 12,
  /** At the window only what just crossed may be opened for inspection. */
  inspectionMinutesMax: 60,
} as const

/** Which purposes a role may name. An integrator opens nothing: work orders give no image access. */
const purposesOf: Readonly<Record<Role, readonly Purpose[]>> = {
  officer: ['inspection', 'secondary'],
  supervisor: ['secondary', 'investigation'],
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
  if (purpose !== 'inspection') return { kind: 'allow' }
  if (shift === null) {
    return refuse('no_shift', 'Start your shift at this lane before you inspect its crossings.')
  }
  if (shift.lane !== request.lane) {
    return refuse('other_lane', `Your shift is at lane ${shift.lane}; this crossing is not.`)
  }
  const shiftAgeMs = now.getTime() - shift.startedAt.getTime()
  const crossingAgeMs = now.getTime() - request.receivedAt.getTime()
  if (
    shiftAgeMs > openingLimits.shiftHoursMax * 3_600_000 ||
    crossingAgeMs > openingLimits.inspectionMinutesMax * 60_000
  ) {
    return refuse('outside_shift', 'The crossing is too old, or your shift has run out.')
  }
  return { kind: 'allow' }
}

function refuse(code: OpeningRefusal, detail: string): OpeningDecision {
  return { kind: 'refuse', code, detail }
}
