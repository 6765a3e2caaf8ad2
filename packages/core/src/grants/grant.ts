/**
 * A grant: a contract clause made executable (DESIGN section 2). It says what the people of one
 * contractor may be shown, for which purpose, where, when and how much of it a day. What it does
 * not say is not allowed, and nothing it could say allows export or training (invariant 7).
 */

import type { CaptureClass } from '../crossing.ts'

/** A partner takes releases; it has no people here and no grants. */
export const partyKinds = ['agency', 'prime', 'subcontractor', 'partner'] as const
export type PartyKind = (typeof partyKinds)[number]

/** What a grant may be for. A maintenance work order gives no image access: it is not among them. */
export const grantPurposes = ['fault_analysis', 'review_support', 'incident_support'] as const
export type GrantPurpose = (typeof grantPurposes)[number]

/** What is shown: the plate alone with faces masked, or the original of a class. */
export const views = ['plate_crop', 'plate', 'scene', 'face'] as const satisfies readonly (
  | CaptureClass
  | 'plate_crop'
)[]
export type View = (typeof views)[number]

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/** Local hours of the port, `from` included and `to` not, minutes after midnight. */
export type GrantHours = {
  readonly days: readonly Weekday[]
  readonly from: number
  readonly to: number
}

export type GrantTerms = {
  readonly party: string
  /** Contract and work order that the grant rests on. */
  readonly basis: string
  readonly purpose: GrantPurpose
  readonly ports: readonly string[]
  /** Lanes of these ports, or every one of them. */
  readonly lanes: 'all' | readonly string[]
  readonly views: readonly View[]
  /** Null: around the clock. */
  readonly hours: GrantHours | null
  readonly picturesPerDay: number
  readonly bytesPerDay: number
  /** In force from this instant, up to and without `until`. */
  readonly from: Date
  readonly until: Date
  /** Within so many hours of its first suspicion the party tells the agency, directly. */
  readonly incidentHours: number
}

export const grantLimits = {
  /** A contract that lasts longer is signed again: somebody looks at it once a year. */
  daysMax: 366,
  picturesPerDayMax: 2_000,
  bytesPerDayMax: 4_000_000_000,
  /** The incident clause of every grant; shorter is allowed. */
  incidentHoursMax: 24,
  lanesMax: 200,
  portsMax: 50,
} as const

/** A version of a grant in the state in which it stands. */
export type GrantStatus =
  /** Waits for the second signature. */
  | { readonly kind: 'proposed' }
  | { readonly kind: 'signed'; readonly at: Date }
  /** A part of the party's equipment is overdue for assessment, or the agency stopped it for now. */
  | { readonly kind: 'suspended'; readonly at: Date; readonly reason: string }
  | { readonly kind: 'revoked'; readonly at: Date; readonly reason: string }

export type Grant = {
  readonly id: string
  readonly version: number
  readonly terms: GrantTerms
  readonly status: GrantStatus
}
