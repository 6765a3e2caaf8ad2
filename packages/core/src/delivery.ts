/**
 * Telling other systems what happened: who may be told what, and what follows from how a receiver
 * answered. Pure: the hub sends.
 */

import type { Role } from './opening.ts'

export const eventTypes = ['crossing.recorded', 'alarm.raised'] as const
export type EventType = (typeof eventTypes)[number]

/** What a subscription is for. Only the last two may carry plates in clear. */
export const subscriptionPurposes = [
  'operations',
  'statistics',
  'gate_control',
  'case_system',
] as const
export type SubscriptionPurpose = (typeof subscriptionPurposes)[number]

export const platePurposes: readonly SubscriptionPurpose[] = ['gate_control', 'case_system']

/** Who may set up deliveries at all, and who may let plates leave with them. */
export const subscriptionKeepers = ['integrator', 'supervisor'] as const satisfies readonly Role[]
export const plateReleasers = ['supervisor', 'privacy'] as const satisfies readonly Role[]

export type DeliveryState = 'waiting' | 'delivered' | 'given_up' | 'void'
export type DisabledCode = 'by_person' | 'failing' | 'gone' | 'not_configured'

export type SubscriptionDecision =
  | { readonly kind: 'allow' }
  | {
      readonly kind: 'refuse'
      readonly code: 'plates_not_for_purpose' | 'plates_not_for_role'
      readonly detail: string
    }

/** Whether somebody with these roles may have such a subscription. */
export function decideSubscription(wanted: {
  readonly roles: readonly Role[]
  readonly purpose: SubscriptionPurpose
  readonly plates: boolean
}): SubscriptionDecision {
  if (!wanted.plates) return { kind: 'allow' }
  if (!platePurposes.includes(wanted.purpose)) {
    return {
      kind: 'refuse',
      code: 'plates_not_for_purpose',
      detail: `Events for ${wanted.purpose} carry no plates. Purposes that may: ${platePurposes.join(', ')}.`,
    }
  }
  if (!plateReleasers.some((role) => wanted.roles.includes(role))) {
    return {
      kind: 'refuse',
      code: 'plates_not_for_role',
      detail: `Plates leave the agency with these events: this needs one of the roles ${plateReleasers.join(', ')}.`,
    }
  }
  return { kind: 'allow' }
}

export const deliveryLimits = {
  /** A receiver that failed for so long without one success is switched off, with an alarm. */
  failingDaysMax: 5,
  /** One event that fails while others pass is given up after so many attempts... */
  attemptsMax: 12,
  /** ...and not before it is this old. */
  giveUpAfterHours: 72,
  /** The longest wait that a receiver can ask for. */
  retryAfterSecondsMax: 3600,
} as const

/** Waits after the first, second, ... failure, seconds. The last one repeats. */
const receiverWaits = [5, 15, 60, 300, 900, 1800] as const
const eventWaits = [5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const

/** How one attempt ended. */
export type Attempt =
  | { readonly kind: 'delivered' }
  /** 410: the receiver wants no more of it. */
  | { readonly kind: 'gone'; readonly reason: string }
  | {
      readonly kind: 'failed'
      readonly reason: string
      /** What the receiver asked for, or null. */
      readonly retryAfterSeconds: number | null
    }

/** What is known before the attempt is counted. */
export type DeliveryStanding = {
  /** Attempts of this event, this one included. */
  readonly attempts: number
  readonly eventAt: Date
  /** Failures of this receiver in a row, without this one. */
  readonly failures: number
  readonly failingSince: Date | null
}

export type DeliveryVerdict = {
  readonly delivery:
    | { readonly state: 'delivered' }
    | { readonly state: 'given_up' }
    | { readonly state: 'waiting'; readonly nextAt: Date }
  readonly receiver:
    | { readonly kind: 'well' }
    | {
        readonly kind: 'failing'
        readonly failures: number
        readonly since: Date
        /** Nothing is sent to it before. */
        readonly retryAt: Date
      }
    | { readonly kind: 'disable'; readonly code: 'failing' | 'gone'; readonly since: Date }
}

/**
 * What one attempt means for the event and for its receiver. A receiver that fails is asked again
 * with one event at a time, so that an outage costs it one request a wait and no event its turn; one
 * event that fails by itself waits longer each time. `chance` (0 to 1) spreads the waits by a fifth.
 */
export function judgeAttempt(
  attempt: Attempt,
  standing: DeliveryStanding,
  now: Date,
  chance: number,
): DeliveryVerdict {
  if (attempt.kind === 'delivered')
    return { delivery: { state: 'delivered' }, receiver: { kind: 'well' } }
  const since = standing.failingSince ?? now
  const spread = 0.9 + 0.2 * chance
  const after = (seconds: number) => new Date(now.getTime() + Math.round(1000 * seconds * spread))
  const eventAgeHours = (now.getTime() - standing.eventAt.getTime()) / 3_600_000
  const spent =
    standing.attempts >= deliveryLimits.attemptsMax &&
    eventAgeHours >= deliveryLimits.giveUpAfterHours
  const delivery = spent
    ? ({ state: 'given_up' } as const)
    : ({ state: 'waiting', nextAt: after(step(eventWaits, standing.attempts)) } as const)
  if (attempt.kind === 'gone') {
    // What waits stays: whoever switches it on again gets it.
    return {
      delivery: { state: 'waiting', nextAt: now },
      receiver: { kind: 'disable', code: 'gone', since },
    }
  }
  const failingDays = (now.getTime() - since.getTime()) / 86_400_000
  if (failingDays >= deliveryLimits.failingDaysMax)
    return {
      delivery: { state: 'waiting', nextAt: now },
      receiver: { kind: 'disable', code: 'failing', since },
    }
  const failures = standing.failures + 1
  const asked = Math.min(attempt.retryAfterSeconds ?? 0, deliveryLimits.retryAfterSecondsMax)
  const wait = Math.max(step(receiverWaits, failures), asked)
  return { delivery, receiver: { kind: 'failing', failures, since, retryAt: after(wait) } }
}

function step(waits: readonly number[], count: number): number {
  return waits[Math.min(count, waits.length) - 1] ?? 0
}
