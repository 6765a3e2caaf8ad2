/** Whom a gallery of those who cross often is made of. */

import { oldEnough } from '../basis/basis.ts'

/** Somebody whom people confirmed often enough, with one photograph that may be copied. */
export type FrequentCrosser = {
  /** `encodeKey` of their document. */
  readonly key: string
  readonly crossings: number
  /** The newest of those crossings. */
  readonly lastAt: Date
  /** The entry that photograph and template would be copied from. */
  readonly entry: string
  readonly describedAt: Date
  /** When the gallery of that entry ends. */
  readonly sourceEndsAt: Date
  readonly born: string | null
}

export type FrequentChoice = {
  readonly endsAt: Date
  readonly peopleMax: number
  /** Keys of those who opted out not long ago. */
  readonly optedOut: ReadonlySet<string>
  /** ISO 8601; of whom is not `ageMin` then no face is compared. */
  readonly day: string
  readonly ageMin: number
}

/**
 * The most frequent first, each document once, by the photograph that was described last. A copy never
 * outlives what it was copied from, and who opted out is not among them, however often they cross.
 */
export function chooseFrequent(
  found: readonly FrequentCrosser[],
  { endsAt, peopleMax, optedOut, day, ageMin }: FrequentChoice,
): readonly FrequentCrosser[] {
  const byKey = new Map<string, FrequentCrosser>()
  for (const one of found) {
    if (one.sourceEndsAt < endsAt || optedOut.has(one.key) || !oldEnough(one.born, day, ageMin))
      continue
    const known = byKey.get(one.key)
    if (known === undefined || byPhotograph(one, known) < 0) byKey.set(one.key, one)
  }
  return [...byKey.values()].toSorted(byFrequency).slice(0, peopleMax)
}

function byPhotograph(a: FrequentCrosser, b: FrequentCrosser): number {
  return b.describedAt.getTime() - a.describedAt.getTime() || byText(a.entry, b.entry)
}

function byFrequency(a: FrequentCrosser, b: FrequentCrosser): number {
  return (
    b.crossings - a.crossings || b.lastAt.getTime() - a.lastAt.getTime() || byText(a.key, b.key)
  )
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
