/** Stays on the wire. The contract test checks these types against the hub's schemas. */

import type { ClockVerdict } from '@sallyport/core/clock'
import type { Direction } from '@sallyport/core/crossing'
import type { Subject } from '@sallyport/core/stays/passage'
import type { StayRule } from '@sallyport/core/stays/rules'
import type { StatementKind } from '@sallyport/core/stays/statement'
import type { Doubt, StayState } from '@sallyport/core/stays/stay'

import type { Account } from './types.ts'

export type StayPassage = {
  readonly id: string
  readonly crossing: string
  readonly at: string
  readonly day: string
  readonly direction: Direction
  readonly lane: string
  readonly clock: ClockVerdict
  readonly text: string | null
  /** False while nobody knows surely who it was: `text` is a guess then. */
  readonly known: boolean
  readonly jurisdiction: string | null
}

export type StayDocument = { readonly issuer: string; readonly number: string }

export type Stay = {
  readonly id: string
  readonly subject: Subject
  readonly plate: string | null
  /** Of a traveller whom people confirmed; issuer XXX where the list named none. */
  readonly document: StayDocument | null
  readonly state: StayState
  readonly reason: string | null
  readonly as: string | null
  readonly from: string | null
  readonly until: string | null
  /** Calendar days of the port, both ends counted. */
  readonly days: number | null
  readonly passages: readonly StayPassage[]
  readonly doubts: readonly Doubt[]
  readonly of: string | null
  readonly next: string | null
  readonly before: string | null
  readonly correction: string | null
  readonly rule: string | null
  readonly due_at: string | null
  readonly over: boolean
}

export type StayPage = { readonly stays: readonly Stay[]; readonly next: string | null }

export type StayStep =
  | { readonly step: 'rule'; readonly rule: StayRule }
  | { readonly step: 'zone'; readonly zone: string }
  | { readonly step: 'entry'; readonly at: string; readonly day: string }
  | { readonly step: 'end'; readonly at: string; readonly day: string; readonly seen: boolean }
  | { readonly step: 'admitted'; readonly until: string }
  | {
      readonly step: 'counted'
      readonly stay: string
      readonly from: string
      readonly until: string
      readonly days: number
      readonly counted: 'whole' | 'day_of_entry_only' | 'day_of_exit_only'
    }
  | {
      readonly step: 'window'
      readonly from: string
      readonly until: string
      readonly days: number
    }
  | { readonly step: 'due'; readonly at: string; readonly day: string }
  | { readonly step: 'over'; readonly days: number; readonly seconds: number }
  | { readonly step: 'left'; readonly days: number; readonly seconds: number }

export type StayStatement = {
  readonly id: string
  readonly class: 'correction' | 'admission'
  readonly kind: StatementKind
  readonly passage: string
  readonly other: string | null
  readonly instant: string | null
  readonly day: string | null
  readonly reason: string
  readonly at: string
  readonly by: Account
  readonly supersedes: string | null
  readonly log_index: number | null
}

export type StayCandidate = {
  readonly passage: StayPassage
  readonly stay: string | null
  readonly nearness: 'same' | 'alike' | 'one_character'
}

export type StayDetail = Stay & {
  readonly assessment: {
    readonly kind: 'within' | 'over' | 'none'
    readonly reason: 'no_rule' | 'not_admitted' | 'no_entry' | null
    readonly due_at: string | null
    readonly steps: readonly StayStep[]
  }
  readonly explanation: {
    readonly records_since: string | null
    readonly unknown: {
      readonly direction: Direction
      readonly from: string
      readonly to: string
      readonly count: number
    }
  } | null
  readonly candidates: readonly StayCandidate[]
  readonly statements: readonly StayStatement[]
}

export type StaySummary = {
  readonly states: Readonly<Record<string, number>>
  readonly doubted: number
  readonly over_inside: number
  readonly over_left: number
  readonly unknown: number
  readonly waiting: number
  readonly zone: string
  readonly rules: readonly StayRule[]
}

export type StayHistory = {
  readonly plate: string | null
  readonly document: StayDocument | null
  readonly stays: readonly Stay[]
  readonly more: boolean
  readonly statements: readonly StayStatement[]
}
