/**
 * Pairs entries with exits. What comes out depends on the set of passages and corrections alone, never
 * on the order in which they arrived: a bundle that was three weeks in a spool changes it as if it had
 * come in time.
 */

import { judgeJurisdiction } from '../jurisdiction.ts'
import { clockErrorMs, type Passage } from './passage.ts'
import type { Correction, CorrectedStay, Doubt, Stay } from './stay.ts'

export type PairingRules = {
  /** The same way again within this time is one passage seen twice, or two vehicles with one plate. */
  readonly repeatMs: number
  /** Nobody leaves this soon after entering. */
  readonly turnMsMin: number
}

export const pairingDefaults: PairingRules = { repeatMs: 10 * 60_000, turnMsMin: 15_000 }

/**
 * The stays of one key. `passages` are all of that key in any order; `corrections` all that hold and
 * name one of them. Every passage is in exactly one stay, except that a pair made by a person stands
 * with the key of its entry.
 */
export function pairPassages(
  passages: readonly Passage[],
  corrections: readonly Correction[],
  rules: PairingRules = pairingDefaults,
): readonly Stay[] {
  const stays: Stay[] = []
  const free = corrections.length === 0 ? passages : takeCorrected(passages, corrections, stays)
  pairInOrder(withoutRepeats(inOrder(takeErased(free, stays)), rules, stays), rules, stays)
  return stays
}

/** By time; of two at the same instant the entry comes first, and then the id decides. */
function comparePassages(a: Passage, b: Passage): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.direction !== b.direction) return a.direction === 'in' ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

function inOrder(passages: readonly Passage[]): readonly Passage[] {
  for (let at = 1; at < passages.length; at++) {
    const [one, next] = [passages[at - 1], passages[at]]
    if (one !== undefined && next !== undefined && comparePassages(one, next) > 0)
      return [...passages].sort(comparePassages)
  }
  return passages
}

/** Puts aside what people decided; answers with the rest. */
function takeCorrected(
  passages: readonly Passage[],
  corrections: readonly Correction[],
  stays: Stay[],
): readonly Passage[] {
  const own = new Map(passages.map((passage) => [passage.id, passage]))
  const taken = new Set<string>()
  for (const correction of corrections) {
    if (correction.kind === 'paired') {
      taken.add(correction.entry.id).add(correction.exit.id)
      if (own.has(correction.entry.id)) stays.push(correctedPair(correction))
      continue
    }
    const passage = own.get(correction.passage)
    if (passage === undefined) continue
    taken.add(passage.id)
    stays.push(correctedOne(correction, passage))
  }
  return passages.filter(({ id }) => !taken.has(id))
}

function correctedPair({
  id,
  entry,
  exit,
}: Extract<Correction, { kind: 'paired' }>): CorrectedStay {
  return { state: 'corrected', id: entry.id, correction: id, as: 'paired', entry, exit }
}

function correctedOne(
  correction: Exclude<Correction, { kind: 'paired' }>,
  passage: Passage,
): CorrectedStay {
  const kept = { state: 'corrected', id: passage.id, correction: correction.id } as const
  switch (correction.kind) {
    case 'left':
      return { ...kept, as: 'left', entry: passage, exitAt: correction.at }
    case 'entered':
      return { ...kept, as: 'entered', entryAt: correction.at, exit: passage }
    case 'set_aside':
      return { ...kept, as: 'set_aside', passage }
  }
}

/** A passage whose other side was erased pairs with nothing any more, and accuses nobody. */
function takeErased(passages: readonly Passage[], stays: Stay[]): readonly Passage[] {
  if (!passages.some(({ otherErased }) => otherErased)) return passages
  return passages.filter((passage) => {
    if (!passage.otherErased) return true
    stays.push(
      passage.direction === 'in'
        ? { state: 'exit_missing', id: passage.id, entry: passage, reason: 'erased', next: null }
        : { state: 'entry_missing', id: passage.id, exit: passage, reason: 'erased', before: null },
    )
    return false
  })
}

/** The same way through the same lane again, with nothing between: one passage seen twice. */
function withoutRepeats(
  ordered: readonly Passage[],
  { repeatMs }: PairingRules,
  stays: Stay[],
): readonly Passage[] {
  let kept: Passage[] | null = null
  let first = ordered[0]
  for (let at = 1; at < ordered.length; at++) {
    const [previous, passage] = [ordered[at - 1], ordered[at]]
    if (previous === undefined || passage === undefined || first === undefined) break
    const again =
      passage.direction === previous.direction &&
      passage.lane === previous.lane &&
      passage.at - previous.at <= repeatMs
    if (again) {
      kept ??= ordered.slice(0, at)
      stays.push(doublePassage(passage, first))
    } else {
      kept?.push(passage)
      first = passage
    }
  }
  return kept ?? ordered
}

function doublePassage(passage: Passage, of: Passage): Stay {
  const state = passage.direction === 'in' ? 'double_entry' : 'double_exit'
  return { state, id: passage.id, passage, of: of.id }
}

function pairInOrder(ordered: readonly Passage[], rules: PairingRules, stays: Stay[]): void {
  let at = 0
  while (at < ordered.length) {
    const passage = ordered[at]
    if (passage === undefined) return
    if (passage.direction === 'out') {
      stays.push(unentered(passage, ordered[at - 1] ?? null, rules))
      at += 1
      continue
    }
    const entries = together(ordered, at, rules)
    const next = ordered[at + entries]
    if (entries > 1) {
      const exits = exitsAfter(ordered, at + entries, entries)
      stays.push({
        state: 'ambiguous',
        id: passage.id,
        entries: ordered.slice(at, at + entries),
        exits: ordered.slice(at + entries, at + entries + exits),
      })
      at += entries + exits
    } else if (next?.direction === 'out') {
      const doubts = doubtsOf(passage, next, rules)
      stays.push({ state: 'closed', id: passage.id, entry: passage, exit: next, doubts })
      at += 2
    } else {
      stays.push(
        next === undefined
          ? { state: 'open', id: passage.id, entry: passage }
          : {
              state: 'exit_missing',
              id: passage.id,
              entry: passage,
              reason: 'entered_again',
              next,
            },
      )
      at += 1
    }
  }
}

/** How many entries from `from` on follow each other too soon to be one vehicle's. */
function together(ordered: readonly Passage[], from: number, { repeatMs }: PairingRules): number {
  let count = 1
  for (;;) {
    const [previous, next] = [ordered[from + count - 1], ordered[from + count]]
    if (next?.direction !== 'in' || previous === undefined || next.at - previous.at > repeatMs)
      return count
    count += 1
  }
}

function exitsAfter(ordered: readonly Passage[], from: number, most: number): number {
  let count = 0
  while (count < most && ordered[from + count]?.direction === 'out') count += 1
  return count
}

/** An exit that no entry is left for. */
function unentered(exit: Passage, before: Passage | null, { repeatMs }: PairingRules): Stay {
  if (before !== null && exit.at - before.at <= repeatMs) return doublePassage(exit, before)
  return {
    state: 'entry_missing',
    id: exit.id,
    exit,
    reason: before === null ? 'never_entered' : 'no_entry_since_exit',
    before,
  }
}

const noDoubts: readonly Doubt[] = []

function doubtsOf(entry: Passage, exit: Passage, { turnMsMin }: PairingRules): readonly Doubt[] {
  const took = exit.at - entry.at
  const fast = took < turnMsMin
  const clock = took <= clockErrorMs[entry.clock] + clockErrorMs[exit.clock]
  const { jurisdiction } = exit
  const other =
    entry.jurisdiction !== jurisdiction &&
    jurisdiction !== null &&
    judgeJurisdiction(entry.jurisdiction, { code: jurisdiction, confidence: 1 }) === 'disagrees'
  if (!fast && !clock && !other) return noDoubts
  const found: Doubt[] = []
  if (fast) found.push('too_fast')
  // With good clocks this soon is too fast, and no question of clocks.
  if (clock && !fast) found.push('clock')
  if (other) found.push('jurisdictions_differ')
  return found
}
