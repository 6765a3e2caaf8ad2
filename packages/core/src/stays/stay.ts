/** What becomes of passages: a stay, or a passage whose other side is missing, and why. */

import type { Passage } from './passage.ts'

export const stayStates = [
  'open',
  'closed',
  'entry_missing',
  'exit_missing',
  'double_entry',
  'double_exit',
  'ambiguous',
  'corrected',
] as const
export type StayState = (typeof stayStates)[number]

/**
 * Why a pair that stands should be looked at: left faster than anybody can turn round, times that the
 * clocks' errors may have swapped, or plates of two jurisdictions under one text.
 */
export const doubts = ['too_fast', 'clock', 'jurisdictions_differ'] as const
export type Doubt = (typeof doubts)[number]

type Kept = {
  /** The id of the passage that it begins with, so it stays the same however often it is recomputed. */
  readonly id: string
}

/** Entered, and not seen to leave. */
export type OpenStay = Kept & { readonly state: 'open'; readonly entry: Passage }

export type ClosedStay = Kept & {
  readonly state: 'closed'
  readonly entry: Passage
  readonly exit: Passage
  readonly doubts: readonly Doubt[]
}

/** Left without having been seen to enter; `before` is what was seen of it last. */
export type EntryMissing = Kept & {
  readonly state: 'entry_missing'
  readonly exit: Passage
  readonly reason: 'never_entered' | 'no_entry_since_exit' | 'erased'
  readonly before: Passage | null
}

/** Entered again without having been seen to leave; `next` is that later entry. */
export type ExitMissing = Kept & {
  readonly state: 'exit_missing'
  readonly entry: Passage
  readonly reason: 'entered_again' | 'erased'
  readonly next: Passage | null
}

/** The same way a second time within minutes: it turned back unseen, or was captured twice. */
export type DoublePassage = Kept & {
  readonly state: 'double_entry' | 'double_exit'
  readonly passage: Passage
  readonly of: string
}

/**
 * One plate on two lanes within minutes: two vehicles may carry it. Which exit belongs to which entry is
 * a person's to say.
 */
export type AmbiguousStay = Kept & {
  readonly state: 'ambiguous'
  readonly entries: readonly Passage[]
  readonly exits: readonly Passage[]
}

/** As a named person said. An instant stands for a side that no camera saw. */
export type CorrectedStay = Kept & {
  readonly state: 'corrected'
  readonly correction: string
} & (
    | { readonly as: 'paired'; readonly entry: Passage; readonly exit: Passage }
    | { readonly as: 'left'; readonly entry: Passage; readonly exitAt: number }
    | { readonly as: 'entered'; readonly entryAt: number; readonly exit: Passage }
    | { readonly as: 'set_aside'; readonly passage: Passage }
  )

export type Stay =
  | OpenStay
  | ClosedStay
  | EntryMissing
  | ExitMissing
  | DoublePassage
  | AmbiguousStay
  | CorrectedStay

/** A person's statement that holds now. What it supersedes is not here, and stays on record. */
export type Correction = { readonly id: string } & (
  | { readonly kind: 'paired'; readonly entry: Passage; readonly exit: Passage }
  | { readonly kind: 'left'; readonly passage: string; readonly at: number }
  | { readonly kind: 'entered'; readonly passage: string; readonly at: number }
  | { readonly kind: 'set_aside'; readonly passage: string }
)

export type Span = {
  /** Ms since 1970; null when nobody knows. */
  readonly from: number | null
  readonly until: number | null
}

/** When a stay began and ended, as far as anything is known; null for what is no stay. */
export function spanOf(stay: Stay): Span | null {
  switch (stay.state) {
    case 'open':
    case 'exit_missing':
      return { from: stay.entry.at, until: null }
    case 'closed':
      return { from: stay.entry.at, until: stay.exit.at }
    case 'entry_missing':
      return { from: null, until: stay.exit.at }
    case 'corrected':
      if (stay.as === 'set_aside') return null
      return {
        from: stay.as === 'entered' ? stay.entryAt : stay.entry.at,
        until: stay.as === 'left' ? stay.exitAt : stay.exit.at,
      }
    case 'double_entry':
    case 'double_exit':
    case 'ambiguous':
      return null
  }
}

/** Every passage that a stay speaks of. */
export function passagesOf(stay: Stay): readonly Passage[] {
  switch (stay.state) {
    case 'open':
    case 'exit_missing':
      return [stay.entry]
    case 'closed':
      return [stay.entry, stay.exit]
    case 'entry_missing':
      return [stay.exit]
    case 'double_entry':
    case 'double_exit':
      return [stay.passage]
    case 'ambiguous':
      return [...stay.entries, ...stay.exits]
    case 'corrected':
      if (stay.as === 'set_aside') return [stay.passage]
      if (stay.as === 'left') return [stay.entry]
      return stay.as === 'entered' ? [stay.exit] : [stay.entry, stay.exit]
  }
}
