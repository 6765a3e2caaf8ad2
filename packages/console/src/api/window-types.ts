/** What the routes of the window and of secondary answer, as the console reads it. */

import type {
  ErrorFound,
  Finding,
  Outcome,
  ReferralReason,
  Said,
  SaidAtLane,
} from '@sallyport/core/window/window'

import type { Account, Crossing } from './types.ts'

export type WindowStep = {
  readonly id: string
  readonly place: number
  readonly kind: Said['kind']
  /** Null also where it is withheld. */
  readonly code: ReferralReason | Finding | Outcome | null
  readonly wrong: readonly ErrorFound[]
  readonly note: string | null
  readonly at: string
  /** Null where it was said at a lane without the hub. */
  readonly by: Account | null
  readonly at_lane: {
    readonly name: string
    readonly on_shift: OnShift
    readonly arrived_at: string
  } | null
  readonly log_index: number | null
}

/** Whom the hub had on shift at the lane then; null where it was not noted. */
export type OnShift = { readonly names: readonly string[]; readonly agrees: boolean } | null

/** What a lane said without the hub after people had decided here: it does not count. */
export type LaneVerdictBeside = {
  readonly id: string
  readonly kind: SaidAtLane['kind']
  readonly code: ReferralReason | null
  readonly note: string | null
  readonly name: string
  readonly on_shift: OnShift
  readonly at: string
  readonly arrived_at: string
  readonly log_index: number | null
}

/** A crossing at the window, for whoever asks. */
export type WindowView = {
  readonly crossing: string
  readonly standing: 'waiting' | 'admitted' | 'referred' | 'closed'
  /** What the next step has to name as seen. */
  readonly seen: number
  readonly by: WindowStep | null
  readonly referral: WindowStep | null
  readonly verdict: WindowStep | null
  readonly opted_out: WindowStep | null
  readonly undo_until: string | null
  readonly outcome_withheld: boolean
  readonly steps: readonly WindowStep[]
  readonly beside: readonly LaneVerdictBeside[]
}

export type GivenStep = {
  readonly step: string
  readonly log_index: number
  readonly window: WindowView
}

export type Referral = {
  readonly crossing: Crossing
  readonly window: WindowView
  readonly changed_at: string
}

export type ReferralsPage = {
  readonly referrals: readonly Referral[]
  readonly waiting: number
  readonly next: string | null
}

/** Seconds from arrival to verdict; null where there are too few to say. */
export type TimesAtWindow = {
  readonly kind: 'too_few' | 'measured'
  readonly count: number
  readonly median: number | null
  readonly from: number | null
  readonly until: number | null
  readonly lower: number | null
  readonly upper: number | null
}

export type WindowFigures = {
  readonly since: string
  readonly parity: {
    readonly opted_out: TimesAtWindow
    readonly others: TimesAtWindow
    readonly verdict: 'too_few' | 'no_difference_seen' | 'longer' | 'shorter'
  }
  readonly closed: readonly { readonly outcome: Outcome; readonly count: number }[]
  readonly wrong: readonly { readonly what: ErrorFound; readonly count: number }[]
}
