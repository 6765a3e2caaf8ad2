/**
 * Rules by which those who cross often at an hour come together in a gallery: asked for by one person,
 * agreed by another of another unit, ended by either, and over by themselves.
 */

import { basisState, type BasisActs } from '../basis/basis.ts'
import type { Role } from '../opening.ts'
import { type HourWindow, hoursOf } from './hour-window.ts'

export const frequentLimits = {
  /** Hours of one window: more is no hour but a register of everybody. */
  hoursMax: 6,
  daysBackMin: 7,
  daysBackMax: 60,
  /** Once is nobody who crosses often. */
  crossingsMin: 3,
  crossingsMax: 120,
  peopleMax: 1_000,
  /** How long a rule may hold before two people ask for it again, days. */
  ruleDaysMax: 180,
  /** Rules that wait or hold at a port. */
  rulesMax: 20,
  reasonLengthMax: 200,
  /** How long after a crossing somebody who opts out of it is known by a gallery that ended since, ms. */
  lateOptOutMs: 86_400_000,
  /** How long before its hour a gallery is made, ms. */
  aheadMs: 5 * 60_000,
} as const

/** Nobody alone: a rule says of people who did nothing that their faces are looked for. */
export const frequentKeepers: readonly Role[] = ['supervisor', 'privacy']

export type FrequentTerms = HourWindow & {
  readonly daysBack: number
  /** Confirmed crossings within the window in those days. */
  readonly crossings: number
  readonly people: number
  readonly expiresAt: Date
}

export type FrequentRuleState = 'proposed' | 'in_force' | 'ended' | 'expired'

export function frequentRuleState(
  acts: BasisActs,
  { expiresAt }: Pick<FrequentTerms, 'expiresAt'>,
  now: Date,
): FrequentRuleState {
  const state = basisState(acts)
  return state !== 'ended' && expiresAt <= now ? 'expired' : state
}

/** What is wrong with these terms, for whoever asks; null where they may be proposed. */
export function frequentTermsFault(terms: FrequentTerms, now: Date): string | null {
  const { weekdays, fromHour, toHour, expiresAt } = terms
  if (weekdays.length === 0 || new Set(weekdays).size !== weekdays.length)
    return 'Name each day of the week once, and at least one.'
  if (fromHour === toHour) return 'It would begin and end at one hour. Choose another end.'
  if (hoursOf(terms) > frequentLimits.hoursMax)
    return `At most ${frequentLimits.hoursMax} hours: a gallery is for an hour, not for everybody.`
  if (expiresAt <= now) return 'It would be over before it begins. Choose a later end.'
  if (expiresAt.getTime() - now.getTime() > frequentLimits.ruleDaysMax * 86_400_000)
    return `A rule holds at most ${frequentLimits.ruleDaysMax} days. Two people may ask for it again then.`
  return null
}

export type FrequentActDecision =
  | { readonly kind: 'allow' }
  | {
      readonly kind: 'refuse'
      readonly code: 'signs_own_proposal' | 'signs_for_same_unit' | 'frequent_rule_over'
      readonly detail: string
    }

/** Whether this person may agree to a rule, or end it: agreeing needs another unit, ending needs one person. */
export function decideFrequentAct(
  rule: { readonly state: FrequentRuleState; readonly proposer: Signer },
  act: 'agreed' | 'ended',
  by: Signer,
): FrequentActDecision {
  const { state, proposer } = rule
  if (state === 'ended' || state === 'expired' || (act === 'agreed' && state !== 'proposed'))
    return {
      kind: 'refuse',
      code: 'frequent_rule_over',
      detail: 'It was agreed to or ended already, or its time is over. Look again.',
    }
  if (act === 'ended') return { kind: 'allow' }
  if (proposer.account === by.account)
    return {
      kind: 'refuse',
      code: 'signs_own_proposal',
      detail: 'You proposed it. Somebody of another unit agrees.',
    }
  if (proposer.unit === by.unit)
    return {
      kind: 'refuse',
      code: 'signs_for_same_unit',
      detail: 'You and the proposer are of one unit. Somebody of another unit agrees.',
    }
  return { kind: 'allow' }
}

/**
 * Until when it is kept that somebody opted out, ms since 1970: a day on which no crossing from
 * before counts by any rule any more. Whole days, so that nobody is told from another by the moment.
 */
export function optOutNotedUntil(at: number): number {
  const dayMs = 86_400_000
  return (Math.floor(at / dayMs) + frequentLimits.daysBackMax + 3) * dayMs
}

type Signer = { readonly account: string; readonly unit: string }
