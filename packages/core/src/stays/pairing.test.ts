/** Hazards of pairing: what a camera misses, sees twice, or sees with a wrong clock. */

import { expect, test } from 'vitest'

import { pairPassages } from './pairing.ts'
import type { Passage } from './passage.ts'
import type { Correction, Stay } from './stay.ts'

/** 'a:in@0', 'b:out@90/out-2': id, direction, minute, lane. */
function passage(text: string, more: Partial<Passage> = {}): Passage {
  const [, id = '', way = '', minute = '', lane] =
    /^(\w+):(in|out)@([\d.]+)(?:\/(.+))?$/.exec(text) ?? []
  const direction = way === 'in' ? 'in' : 'out'
  return {
    id,
    at: Number(minute) * 60_000,
    direction,
    lane: lane ?? `${direction}-1`,
    clock: 'ok',
    jurisdiction: null,
    otherErased: false,
    ...more,
  }
}

function told(stay: Stay): string {
  switch (stay.state) {
    case 'open':
      return `open ${stay.entry.id}`
    case 'closed':
      return `closed ${stay.entry.id} ${stay.exit.id}${stay.doubts.map((one) => ` ${one}`).join('')}`
    case 'entry_missing':
      return `entry_missing ${stay.exit.id} ${stay.reason}`
    case 'exit_missing':
      return `exit_missing ${stay.entry.id} ${stay.reason}`
    case 'double_entry':
    case 'double_exit':
      return `${stay.state} ${stay.passage.id} of ${stay.of}`
    case 'ambiguous':
      return `ambiguous ${stay.entries.map(({ id }) => id).join('+')} / ${stay.exits.map(({ id }) => id).join('+')}`
    case 'corrected':
      return `corrected ${stay.id} ${stay.as} by ${stay.correction}`
  }
}

const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['an entry alone is open', ['a:in@0'], ['open a']],
  ['an entry and its exit', ['a:in@0', 'b:out@90'], ['closed a b']],
  [
    'a missed exit does not make one long stay',
    ['a:in@0', 'b:in@900', 'c:out@960'],
    ['closed b c', 'exit_missing a entered_again'],
  ],
  ['an exit that nobody saw enter', ['a:out@0'], ['entry_missing a never_entered']],
  [
    'a missed entry between two exits',
    ['a:in@0', 'b:out@60', 'c:out@900'],
    ['closed a b', 'entry_missing c no_entry_since_exit'],
  ],
  [
    'the same lane twice within minutes is one entry',
    ['a:in@0', 'b:in@4', 'c:out@60'],
    ['closed a c', 'double_entry b of a'],
  ],
  [
    'a chain of repeats belongs to the first',
    ['a:in@0', 'b:in@8', 'c:in@16', 'd:out@60'],
    ['closed a d', 'double_entry b of a', 'double_entry c of a'],
  ],
  [
    'out twice is one exit',
    ['a:in@0', 'b:out@60', 'c:out@63'],
    ['closed a b', 'double_exit c of b'],
  ],
  [
    'out twice by two lanes is one exit and a question',
    ['a:in@0', 'b:out@60', 'c:out@63/out-2'],
    ['closed a b', 'double_exit c of b'],
  ],
  [
    'one plate on two lanes at once: nobody knows which of them left',
    ['a:in@0', 'b:in@2/in-2', 'c:out@60'],
    ['ambiguous a+b / c'],
  ],
  [
    'both of them left: still nobody knows which was which',
    ['a:in@0', 'b:in@2/in-2', 'c:out@60', 'd:out@300', 'e:in@900'],
    ['ambiguous a+b / c+d', 'open e'],
  ],
  [
    'a third exit after two entries has no entry left',
    ['a:in@0', 'b:in@2/in-2', 'c:out@60', 'd:out@300', 'e:out@900'],
    ['ambiguous a+b / c+d', 'entry_missing e no_entry_since_exit'],
  ],
  ['faster than anybody turns round', ['a:in@0', 'b:out@0.2'], ['closed a b too_fast']],
]

test.for(cases)('%s', ([, passages, expected]) => {
  const all = passages.map((text) => passage(text))
  expect(pairPassages(all, []).map(told).toSorted()).toEqual(expected.toSorted())
  expect(pairPassages(all.toReversed(), []).map(told).toSorted()).toEqual(expected.toSorted())
})

test('times that bad clocks may have swapped are doubted, however sure the plate', () => {
  const [entry, exit] = [passage('a:in@0', { clock: 'skewed' }), passage('b:out@4')]
  expect(pairPassages([entry, exit], []).map(told)).toEqual(['closed a b clock'])
  const later = passage('b:out@40')
  expect(pairPassages([entry, later], []).map(told)).toEqual(['closed a b'])
  const never = passage('a:in@0', { clock: 'review' })
  expect(pairPassages([never, later], []).map(told)).toEqual(['closed a b clock'])
})

test('one text from two jurisdictions pairs with a doubt; a coarser reading is no contradiction', () => {
  const entry = passage('a:in@0', { jurisdiction: 'us-ca' })
  const other = passage('b:out@60', { jurisdiction: 'mx-bcn' })
  expect(pairPassages([entry, other], []).map(told)).toEqual(['closed a b jurisdictions_differ'])
  const coarse = passage('b:out@60', { jurisdiction: 'us' })
  expect(pairPassages([entry, coarse], []).map(told)).toEqual(['closed a b'])
})

test('the exit was erased when its time was over: nobody becomes an overstayer by that', () => {
  const entry = passage('a:in@0', { otherErased: true })
  const exit = passage('b:out@60', { otherErased: true })
  expect(pairPassages([entry], []).map(told)).toEqual(['exit_missing a erased'])
  expect(pairPassages([exit], []).map(told)).toEqual(['entry_missing b erased'])
  const next = [passage('c:in@900'), passage('d:out@960')]
  expect(
    pairPassages([entry, ...next], [])
      .map(told)
      .toSorted(),
  ).toEqual(['closed c d', 'exit_missing a erased'])
})

test('what a person said takes its passages out of the rest', () => {
  const [a, b, c] = [passage('a:in@0'), passage('b:in@900'), passage('c:out@960')]
  const elsewhere = passage('x:out@300', { jurisdiction: null })
  const pair: Correction = { id: 'p', kind: 'paired', entry: a, exit: elsewhere }
  expect(pairPassages([a, b, c], [pair]).map(told)).toEqual([
    'corrected a paired by p',
    'closed b c',
  ])
  // In the key of the exit the pair does not stand a second time.
  expect(pairPassages([elsewhere], [pair])).toEqual([])
  const left: Correction = { id: 'q', kind: 'left', passage: 'a', at: 3 }
  expect(pairPassages([a, b, c], [left]).map(told)).toEqual(['corrected a left by q', 'closed b c'])
  const aside: Correction = { id: 'r', kind: 'set_aside', passage: 'b' }
  expect(pairPassages([a, b, c], [aside]).map(told)).toEqual([
    'corrected b set_aside by r',
    'closed a c',
  ])
})

test('two at the same instant: the entry counts as first, and the order of arrival does not matter', () => {
  const both = [passage('z:in@5'), passage('a:out@5')]
  expect(pairPassages(both, []).map(told)).toEqual(['closed z a too_fast'])
  expect(pairPassages(both.toReversed(), []).map(told)).toEqual(['closed z a too_fast'])
})
