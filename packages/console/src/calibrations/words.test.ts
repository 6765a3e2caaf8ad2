import { expect, test } from 'vitest'

import { curveShareWords, measuredWords, saidRateWords } from './words.ts'

test('a bound is never read as a figure', () => {
  expect(curveShareWords({ kind: 'at_most', value: 0.025 })).toBe('at most 2.5 %')
  expect(curveShareWords({ kind: 'at_least', value: 0.5 })).toBe('at least 50 %')
})

test('no errors are told with how many they may still be', () => {
  expect(measuredWords({ errors: 0, trials: 200, value: 0, low: 0, high: 0.0183 })).toBe(
    '0 % (0 % to 1.8 %), 0 of 200',
  )
})

test('what too few were compared for has no rate, and says how many it takes', () => {
  expect(saidRateWords({ kind: 'too_few', trials: 12, needed: 300 })).toBe(
    'too few to say: 12 of 300 comparisons',
  )
  expect(measuredWords(null)).toContain('too few to say')
})
