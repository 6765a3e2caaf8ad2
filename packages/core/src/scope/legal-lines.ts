/** Numbers that the law hangs something on, and on which side of them a scope lies. */

import type { GradedCounts, Interval } from './counts.ts'

export type LegalLine = {
  readonly id: string
  readonly people: number
  readonly means: string
  readonly source: string
}

/** To be confirmed by the agency's counsel (docs/incidents.md). */
export const legalLines: readonly LegalLine[] = [
  {
    id: 'us_major_incident',
    people: 100_000,
    means: 'A major incident by itself: Congress is told within 7 days.',
    source: 'OMB M-17-05 and its successors under FISMA',
  },
  {
    id: 'us_state_attorney_general',
    people: 500,
    means: 'Attorneys general of several states, California among them, are told.',
    source: 'Cal. Civ. Code 1798.82(f)',
  },
  {
    id: 'anybody',
    people: 1,
    means: 'Somebody’s data were exposed: the duties to tell them begin.',
    source: 'FISMA breach guidance; GDPR art. 33',
  },
]

export type Side = 'reached' | 'not_reached' | 'undecided'

/** `reached` when even the low end is there, `undecided` when the line lies within the interval. */
export function sideOf({ low, high }: Interval, { people }: Pick<LegalLine, 'people'>): Side {
  if (low >= people) return 'reached'
  return high < people ? 'not_reached' : 'undecided'
}

export type LineVerdict = {
  readonly line: string
  readonly people: number
  readonly side: Side
  /** The side if pictures count that somebody could have, but nobody is known to have, seen. */
  readonly side_with_reachable: Side
  readonly means: string
  readonly source: string
}

/** `exposed` counts people of pictures in clear; what is only ciphertext never counts. */
export function judgeLines(exposed: Interval, withReachable: Interval): readonly LineVerdict[] {
  return legalLines.map((line) => ({
    line: line.id,
    people: line.people,
    side: sideOf(exposed, line),
    side_with_reachable: sideOf(withReachable, line),
    means: line.means,
    source: line.source,
  }))
}

/** Adds intervals of sets that may share people: at least the larger, at most both together. */
export function together(one: Interval, other: Interval): Interval {
  return { low: Math.max(one.low, other.low), high: one.high + other.high }
}

/** The lines of a scope, from its counts by grade. */
export function linesOf({ grades }: Pick<GradedCounts, 'grades'>): readonly LineVerdict[] {
  const exposed = together(
    grades.released_in_clear.people,
    grades.handled_by_untrusted_device.people,
  )
  return judgeLines(exposed, together(exposed, grades.reachable_not_read.people))
}
