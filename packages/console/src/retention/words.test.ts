import { expect, test } from 'vitest'

import { keepWords, leftWords } from './words.ts'

const now = new Date('2026-11-22T12:00:00Z')

test.each([
  ['2026-11-22T11:00:00Z', 'now'],
  ['2026-11-22T12:00:59Z', 'now'],
  ['2026-11-22T12:59:59Z', 'in 59 min'],
  ['2026-11-23T11:59:59Z', 'in 23 h'],
  ['2026-11-24T11:59:59Z', 'in 47 h'],
  ['2026-12-06T12:00:00Z', 'in 14 d'],
])('due at %s is %s, and never sooner than it is', (due, words) => {
  expect(leftWords(due, now)).toBe(words)
})

test('a period says its unit', () => {
  expect([{ hours: 12 }, { days: 1 }, { days: 14 }].map(keepWords)).toEqual([
    '12 h',
    '1 day',
    '14 days',
  ])
})
