/**
 * Legal holds: two people keep something from being shredded until a day that is named. Pure; the
 * hub carries out.
 */

import { dayIn } from './calendar.ts'
import type { Role } from './opening.ts'
import { foldPlateText } from './plate.ts'
import { retentionLimits } from './retention.ts'

export const holdRequesters: readonly Role[] = ['privacy', 'supervisor', 'responder']
export const holdApprovers: readonly Role[] = ['privacy', 'supervisor', 'auditor']

/** What a hold covers. Days are calendar days of the port, both ends included. */
export type HoldScope =
  | { readonly kind: 'crossing'; readonly crossing: string }
  | { readonly kind: 'plate'; readonly plate: string }
  | {
      readonly kind: 'lane'
      readonly lane: string
      readonly fromDay: string
      readonly toDay: string
    }
  | { readonly kind: 'port' }

export type Hold = {
  readonly scope: HoldScope
  readonly requestedBy: string
  readonly approvedAt: Date | null
  readonly liftedAt: Date | null
  readonly expiresAt: Date
}

export const holdStates = ['requested', 'in_force', 'lifted', 'expired'] as const
export type HoldState = (typeof holdStates)[number]

export function holdState(
  hold: Pick<Hold, 'approvedAt' | 'liftedAt' | 'expiresAt'>,
  now: Date,
): HoldState {
  if (hold.liftedAt !== null) return 'lifted'
  if (hold.expiresAt <= now) return 'expired'
  return hold.approvedAt === null ? 'requested' : 'in_force'
}

/** What of a crossing a scope can ask. `plates`: as read and as a person says. */
export type Holdable = {
  readonly crossing: string
  readonly lane: string
  readonly from: Date
  readonly plates: readonly string[]
}

/** Whether a hold that is in force at `now` covers a crossing. */
export function isHeld(hold: Hold, one: Holdable, now: Date, zone: string): boolean {
  return holdState(hold, now) === 'in_force' && covers(hold.scope, one, zone)
}

function covers(scope: HoldScope, one: Holdable, zone: string): boolean {
  switch (scope.kind) {
    case 'crossing':
      return scope.crossing === one.crossing
    case 'plate':
      return one.plates.some((plate) => foldPlateText(plate) === foldPlateText(scope.plate))
    case 'lane': {
      const day = dayIn(zone, one.from)
      return scope.lane === one.lane && scope.fromDay <= day && day <= scope.toDay
    }
    case 'port':
      return true
  }
}

export type HoldRefusal =
  | 'hold_expiry'
  | 'hold_scope'
  | 'hold_own_request'
  | 'hold_not_waiting'
  | 'hold_not_in_force'
export type HoldDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly code: HoldRefusal; readonly detail: string }

const dayMs = 24 * 3_600_000

/** Whether a hold may be asked for at `now`. */
export function decideHoldRequest(
  hold: { readonly scope: HoldScope; readonly expiresAt: Date },
  now: Date,
): HoldDecision {
  const aheadMs = hold.expiresAt.getTime() - now.getTime()
  if (aheadMs <= 0) return refuse('hold_expiry', 'The expiry is in the past.')
  if (aheadMs > retentionLimits.holdDaysMax * dayMs)
    return refuse(
      'hold_expiry',
      `A hold lasts at most ${retentionLimits.holdDaysMax} days. Choose an earlier expiry and renew it then.`,
    )
  const { scope } = hold
  if (scope.kind !== 'lane') return { kind: 'allow' }
  const days = (Date.parse(scope.toDay) - Date.parse(scope.fromDay)) / dayMs + 1
  if (!(days >= 1 && days <= retentionLimits.holdLaneDaysMax))
    return refuse(
      'hold_scope',
      `The days of a lane go from the first to the last, at most ${retentionLimits.holdLaneDaysMax} of them.`,
    )
  return { kind: 'allow' }
}

/** Whether this account may approve it: the second person, never the one who asked. */
export function decideHoldApproval(hold: Hold, account: string, now: Date): HoldDecision {
  if (holdState(hold, now) !== 'requested')
    return refuse('hold_not_waiting', `The hold is ${words[holdState(hold, now)]}.`)
  if (hold.requestedBy === account)
    return refuse('hold_own_request', 'You asked for this hold; another person must approve it.')
  return { kind: 'allow' }
}

/** Whether it may be lifted, or withdrawn while nobody has approved it. */
export function decideHoldLifting(hold: Hold, now: Date): HoldDecision {
  const state = holdState(hold, now)
  return state === 'in_force' || state === 'requested'
    ? { kind: 'allow' }
    : refuse('hold_not_in_force', `The hold is ${words[state]}.`)
}

const words: Readonly<Record<HoldState, string>> = {
  requested: 'waiting for a second person',
  in_force: 'in force already',
  lifted: 'lifted already',
  expired: 'expired',
}

function refuse(code: HoldRefusal, detail: string): HoldDecision {
  return { kind: 'refuse', code, detail }
}
