import { expect, test } from 'vitest'

import type { ReviewItem } from '../api/review-types.ts'
import { nextItem, tally } from './next-item.ts'

const now = new Date('2026-11-22T12:00:00Z')
const later = '2026-11-22T12:00:01Z'

function item(id: string, claim: ReviewItem['claim'] = null): ReviewItem {
  return {
    reason: 'single_look',
    claim,
    crossing: {
      id,
      lane: 'in-1',
      port: 'demo',
      direction: 'in',
      sequence: 1,
      device: 'd',
      captured_at: later,
      received_at: later,
      clock: 'ok',
      source: 'synthetic',
      log_index: 1,
      plate: {
        kind: 'unsure',
        text: 'AB1',
        confidence: 0.6,
        reason: 'single_look',
        jurisdiction: null,
        looks: 1,
        agreement: 1,
        characters: [],
      },
      verdict: null,
      captures: [],
    },
  }
}

const ben = { id: 'ben', name: 'Ben' }
const next = (items: readonly ReviewItem[], passed: readonly string[] = []) =>
  nextItem(items, { account: 'ada', passed: new Set(passed), now })?.crossing.id ?? null

test('what somebody else looks at is passed over, until they went away', () => {
  expect(next([item('a', { by: ben, until: later }), item('b')])).toBe('b')
  expect(next([item('a', { by: ben, until: '2026-11-22T12:00:00Z' }), item('b')])).toBe('a')
  expect(next([item('a', { by: { id: 'ada', name: 'Ada' }, until: later })])).toBe('a')
})

test('a plate that was left or decided does not come back by itself', () => {
  expect(next([item('a'), item('b')], ['a'])).toBe('b')
  expect(next([item('a')], ['a'])).toBeNull()
  expect(next([])).toBeNull()
})

test('counts of one filter follow the other', () => {
  const counts = [
    { lane: 'in-1', reason: 'single_look', count: 2 },
    { lane: 'in-2', reason: 'single_look', count: 3 },
    { lane: 'in-2', reason: 'of_tomorrow', count: 5 },
  ]
  expect(tally(counts, 'lane', null)).toEqual([
    { name: 'in-2', count: 8 },
    { name: 'in-1', count: 2 },
  ])
  expect(tally(counts, 'lane', 'single_look')).toEqual([
    { name: 'in-2', count: 3 },
    { name: 'in-1', count: 2 },
  ])
  expect(tally(counts, 'reason', 'in-2')).toEqual([
    { name: 'of_tomorrow', count: 5 },
    { name: 'single_look', count: 3 },
  ])
})
