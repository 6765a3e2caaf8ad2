/**
 * Plates that are looked for. An entry accepts its own plate and those misreads in which at most
 * `tolerance` characters are mistaken for ones that look like them. A match is a reason for a person
 * to look, and nothing else: nothing here refuses or detains anybody.
 */

import type { CrossingReads } from './crossing.ts'
import { type JurisdictionVerdict, judgeJurisdiction } from './jurisdiction.ts'
import type { PlateText } from './plate.ts'

/** Characters that readers and people mistake for each other. No character stands in two classes. */
export const confusableClasses = ['0ODQ', '1ILT', '8B', '5S', '2Z', '6G'] as const

export const watchLimits = {
  /** A plate accepted beside the entry's own differs in at most this many characters. */
  toleranceMax: 2,
  toleranceDefault: 1,
  /** Every plate of eight characters stays below this; what is wider says nothing any more. */
  acceptedMax: 300,
  /** An entry that nobody renews ends. */
  expiryDaysMax: 365,
  /** Texts of one crossing that are compared: the read first, then the likeliest alternatives. */
  candidatesMax: 64,
  /** A listed alternative that is less likely is not compared, 0 to 1. */
  alternativeMin: 0.05,
  /** Entries whose plates look alike: more would make one crossing slow to match. */
  alikeMax: 100,
  issuerLengthMax: 80,
  reasonLengthMin: 3,
  reasonLengthMax: 200,
  /** Entries of one import. */
  importLinesMax: 20_000,
  /** Errors of one import that are named; the rest is counted. */
  importErrorsMax: 100,
} as const

export const tolerances = [0, 1, 2] as const
export type Tolerance = (typeof tolerances)[number]

/** What a match rests on: the voted read, something else that a look listed, or a person's verdict. */
export const matchBases = ['read', 'alternative', 'verdict'] as const
export type MatchBasis = (typeof matchBases)[number]

export type WatchedPlate = {
  readonly id: string
  readonly plate: PlateText
  /** Lower case, 'us-ca' or 'us'; null when the issuer named none. */
  readonly jurisdiction: string | null
  readonly tolerance: Tolerance
  readonly expiresAt: Date
}

/** A plate that an entry accepts, and where (from 0) it differs from the entry's own. */
export type AcceptedPlate = { readonly text: string; readonly positions: readonly number[] }

export type Candidate = { readonly text: string; readonly basis: MatchBasis }

export type WatchMatch = {
  readonly entry: string
  /** What was read, listed or decided, uncorrected. */
  readonly text: string
  readonly basis: MatchBasis
  /** Where `text` differs from the entry's plate, from 0. */
  readonly positions: readonly number[]
  readonly jurisdiction: JurisdictionVerdict
}

const classOf = new Map<string, string>(
  confusableClasses.flatMap((members) => Array.from(members, (one) => [one, members] as const)),
)

/** The plate with every character replaced by the first of its class: alike plates become equal. */
export function skeletonOf(text: string): string {
  let skeleton = ''
  for (const character of text) skeleton += classOf.get(character)?.[0] ?? character
  return skeleton
}

/** Where two texts of one skeleton differ, from 0. */
export function differingPositions(one: string, other: string): readonly number[] {
  const positions: number[] = []
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) positions.push(at)
  return positions
}

/** How many plates an entry accepts, its own included. */
export function countAccepted(plate: string, tolerance: Tolerance): number {
  // Coefficients of the product of (1 + others·x), one factor a character: by number of mistakes.
  const ways = [1, 0, 0]
  for (const character of plate) {
    const others = (classOf.get(character)?.length ?? 1) - 1
    for (let mistakes = 2; mistakes > 0; mistakes--)
      ways[mistakes] = (ways[mistakes] ?? 0) + (ways[mistakes - 1] ?? 0) * others
  }
  return ways.slice(0, tolerance + 1).reduce((sum, one) => sum + one, 0)
}

/** Every plate that an entry accepts: its own first, then by number of mistakes and alphabet. */
export function acceptedPlates(plate: string, tolerance: Tolerance): readonly AcceptedPlate[] {
  let round: readonly AcceptedPlate[] = [{ text: plate, positions: [] }]
  const all = [...round]
  for (let mistakes = 0; mistakes < tolerance; mistakes++) {
    round = round.flatMap((one) => oneMoreMistake(one))
    all.push(...round.toSorted((a, b) => (a.text < b.text ? -1 : 1)))
  }
  return all
}

/** Mistakes are added from left to right, so that no text comes up twice. */
function oneMoreMistake({ text, positions }: AcceptedPlate): readonly AcceptedPlate[] {
  const found: AcceptedPlate[] = []
  for (let at = (positions.at(-1) ?? -1) + 1; at < text.length; at++) {
    const own = text[at] ?? ''
    for (const other of classOf.get(own) ?? '') {
      if (other !== own)
        found.push({
          text: text.slice(0, at) + other + text.slice(at + 1),
          positions: [...positions, at],
        })
    }
  }
  return found
}

/**
 * The texts of a crossing that entries are compared with: what was voted, then what the looks at both
 * ends of the vehicle said and listed otherwise, likeliest first. At most `candidatesMax`, none twice.
 */
export function candidatesOf({ plate, looks, rear }: CrossingReads): readonly Candidate[] {
  const others: { readonly text: string; readonly confidence: number }[] = []
  for (const look of looks) others.push(look, ...look.alternatives)
  for (const look of rear?.looks ?? []) others.push(look, ...look.alternatives)
  if (plate.kind !== 'unreadable') {
    for (const [at, { alternatives }] of plate.characters.entries())
      for (const { character, confidence } of alternatives)
        others.push({
          text: plate.text.slice(0, at) + character + plate.text.slice(at + 1),
          confidence,
        })
  }
  const read = plate.kind === 'unreadable' ? '' : plate.text
  const texts = new Set(
    others
      .filter(({ confidence }) => confidence >= watchLimits.alternativeMin)
      .sort((a, b) => b.confidence - a.confidence)
      .map(({ text }) => text),
  )
  texts.delete(read)
  texts.delete('')
  const alternatives = Array.from(texts, (text): Candidate => ({ text, basis: 'alternative' }))
  const all = read === '' ? alternatives : [{ text: read, basis: 'read' } as const, ...alternatives]
  return all.slice(0, watchLimits.candidatesMax)
}

/** The entries in force, found by skeleton. Lives as long as the hub; owned by it. */
export class WatchIndex {
  readonly #bySkeleton = new Map<string, WatchedPlate[]>()
  readonly #skeletons = new Map<string, string>()

  get size(): number {
    return this.#skeletons.size
  }

  add(entry: WatchedPlate): void {
    const skeleton = skeletonOf(entry.plate)
    const alike = this.#bySkeleton.get(skeleton)
    if (alike === undefined) this.#bySkeleton.set(skeleton, [entry])
    else alike.push(entry)
    this.#skeletons.set(entry.id, skeleton)
  }

  remove(id: string): void {
    const skeleton = this.#skeletons.get(id)
    if (skeleton === undefined) return
    this.#skeletons.delete(id)
    const left = (this.#bySkeleton.get(skeleton) ?? []).filter((entry) => entry.id !== id)
    if (left.length === 0) this.#bySkeleton.delete(skeleton)
    else this.#bySkeleton.set(skeleton, left)
  }

  /** Entries whose plate looks like this one, in force or expired since. */
  alike(plate: string): readonly WatchedPlate[] {
    return this.#bySkeleton.get(skeletonOf(plate)) ?? []
  }

  /** How many entries would look like one plate if these were added, and like which. */
  mostAlikeWith(plates: readonly string[]): { readonly plate: string; readonly count: number } {
    const added = new Map<string, number>()
    let most = { plate: '', count: 0 }
    for (const plate of plates) {
      const skeleton = skeletonOf(plate)
      const more = (added.get(skeleton) ?? 0) + 1
      added.set(skeleton, more)
      const count = more + (this.#bySkeleton.get(skeleton)?.length ?? 0)
      if (count > most.count) most = { plate, count }
    }
    return most
  }

  /** Forgets what has expired at `now`; its rows stay. */
  dropExpired(now: Date): void {
    for (const entries of [...this.#bySkeleton.values()])
      for (const { id, expiresAt } of entries) if (expiresAt <= now) this.remove(id)
  }

  /**
   * The entries that accept one of the candidates at `at` (the hub's clock), one match for each: the
   * one with the fewest mistakes, of equal ones the first candidate's. `read` is the jurisdiction
   * that the reader saw; one that differs is said and excludes nothing.
   */
  match(
    candidates: readonly Candidate[],
    read: { readonly code: string; readonly confidence: number } | null,
    at: Date,
  ): readonly WatchMatch[] {
    const found = new Map<string, WatchMatch>()
    for (const { text, basis } of candidates) {
      for (const entry of this.#bySkeleton.get(skeletonOf(text)) ?? []) {
        if (entry.expiresAt <= at) continue
        const positions = differingPositions(entry.plate, text)
        if (positions.length > entry.tolerance) continue
        const before = found.get(entry.id)
        if (before !== undefined && before.positions.length <= positions.length) continue
        const jurisdiction = judgeJurisdiction(entry.jurisdiction, read)
        found.set(entry.id, { entry: entry.id, text, basis, positions, jurisdiction })
      }
    }
    return [...found.values()]
  }
}
