/** Pairing against the slowest way to say the same: a sentence of letters and one regular expression. */

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { pairingDefaults, pairPassages } from './pairing.ts'
import type { Passage } from './passage.ts'
import { passagesOf, type Stay } from './stay.ts'

const { repeatMs } = pairingDefaults

/** 'state:ids', what a stay is made of. */
function signature(stay: Stay): string {
  return `${stay.state}:${passagesOf(stay)
    .map(({ id }) => id)
    .join('+')}`
}

/**
 * Letters: r repeated (the same way and lane as the one before it, soon), i entry, t entry soon after an
 * entry by another lane, o exit, d exit soon after an exit by another lane.
 */
function reference(passages: readonly Passage[]): readonly string[] {
  const sorted = passages.toSorted(
    (a, b) => a.at - b.at || a.direction.localeCompare(b.direction) || (a.id < b.id ? -1 : 1),
  )
  const soon = (one: Passage, before: Passage | undefined) =>
    before?.direction === one.direction && one.at - before.at <= repeatMs
  const repeats = sorted.filter(
    (one, at) => soon(one, sorted[at - 1]) && sorted[at - 1]?.lane === one.lane,
  )
  const rest = sorted.filter((one) => !repeats.includes(one))
  const sentence = rest
    .map((one, at) => {
      const again = soon(one, rest[at - 1])
      return one.direction === 'in' ? (again ? 't' : 'i') : again ? 'd' : 'o'
    })
    .join('')
  const found = repeats.map(
    (one) => `double_${one.direction === 'in' ? 'entry' : 'exit'}:${one.id}`,
  )
  let at = 0
  const ids = (count: number) =>
    rest
      .slice(at, at + count)
      .map(({ id }) => id)
      .join('+')
  while (at < sentence.length) {
    const left = sentence.slice(at)
    const twins = /^it+/.exec(left)?.[0].length ?? 0
    if (twins > 0) {
      const exits = /^it+([od]*)/.exec(left)?.[1]?.length ?? 0
      const length = twins + Math.min(twins, exits)
      found.push(`ambiguous:${ids(length)}`)
      at += length
    } else if (/^i[od]/.test(left)) {
      found.push(`closed:${ids(2)}`)
      at += 2
    } else {
      const states = {
        i: left.length > 1 ? 'exit_missing' : 'open',
        o: 'entry_missing',
        d: 'double_exit',
      }
      found.push(`${states[left[0] as 'i' | 'o' | 'd']}:${ids(1)}`)
      at += 1
    }
  }
  return found.toSorted()
}

const arbitraryPassage = fc.record({
  at: fc.integer({ min: 0, max: 200 }).map((minutes) => minutes * 60_000 * 2),
  direction: fc.constantFrom('in' as const, 'out' as const),
  lane: fc.constantFrom('1', '2', '3'),
})

const arbitraryPassages = fc.array(arbitraryPassage, { maxLength: 40 }).map((all) =>
  all.map((one, index): Passage => ({
    ...one,
    id: `p${String(index).padStart(2, '0')}`,
    lane: `${one.direction}-${one.lane}`,
    clock: 'ok',
    jurisdiction: null,
    otherErased: false,
  })),
)

test('every passage lies in exactly one stay, and in the one that the slow way gives', () => {
  fc.assert(
    fc.property(arbitraryPassages, (passages) => {
      const stays = pairPassages(passages, [])
      expect(stays.map(signature).toSorted()).toEqual(reference(passages))
      const ids = stays.flatMap((stay) => passagesOf(stay).map(({ id }) => id))
      expect(ids.toSorted()).toEqual(passages.map(({ id }) => id).toSorted())
    }),
    { numRuns: 2000 },
  )
})

test('the order of arrival changes nothing', () => {
  fc.assert(
    fc.property(arbitraryPassages, fc.integer(), (passages, seed) => {
      const shuffled = passages.toSorted((a, b) => hash(a.id, seed) - hash(b.id, seed))
      expect(pairPassages(shuffled, [])).toEqual(pairPassages(passages, []))
    }),
    { numRuns: 500 },
  )
})

function hash(id: string, seed: number): number {
  let sum = seed
  for (const character of id) sum = Math.imul(sum ^ character.charCodeAt(0), 2_654_435_761)
  return sum
}

test('taking a correction back leaves no trace in the stays', () => {
  fc.assert(
    fc.property(arbitraryPassages, fc.nat(), (passages, choice) => {
      const chosen = passages[choice % Math.max(1, passages.length)]
      if (chosen === undefined) return
      const corrected = pairPassages(passages, [{ id: 'c', kind: 'set_aside', passage: chosen.id }])
      const without = passages.filter(({ id }) => id !== chosen.id)
      expect(
        corrected
          .filter(({ state }) => state !== 'corrected')
          .map(signature)
          .toSorted(),
      ).toEqual(reference(without))
    }),
    { numRuns: 500 },
  )
})
