import { expect, test } from 'vitest'

import { clopperPearson, errorsToStateARate, rateOf } from './face-rates.ts'

// Against R 4: binom.test(errors, trials)$conf.int; the zero and the full row by hand, 1 - (0.025)^(1/n).
test.each([
  [0, 10, 0, 0.30849710781876083],
  [10, 10, 0.6915028921812392, 1],
  [1, 10, 0.002528579, 0.445016117],
  [5, 100, 0.01643188, 0.11283491],
  [50, 100, 0.39832113, 0.60167887],
])('%d errors of %d lie between %d and %d', (errors, trials, low, high) => {
  const found = clopperPearson(errors, trials)
  expect(found.low).toBeCloseTo(low, 6)
  expect(found.high).toBeCloseTo(high, 6)
})

test('no error in millions of trials is no rate of nothing', () => {
  const { low, high } = clopperPearson(0, 3_000_000)
  expect(low).toBe(0)
  expect(high).toBeCloseTo(1 - 0.025 ** (1 / 3_000_000), 11)
})

test('bounds of rare errors are as exact as those of common ones', () => {
  // With many trials the bounds become those of Poisson: 30 events lie between 20.24 and 42.83.
  const { low, high } = clopperPearson(30, 10_000_000)
  expect(low * 1e7).toBeCloseTo(20.24, 1)
  expect(high * 1e7).toBeCloseTo(42.83, 1)
})

test('a rate on fewer errors than wanted is too few to say, with what it cannot exceed', () => {
  expect(rateOf(29, 1000, errorsToStateARate)).toMatchObject({ kind: 'too_few', errors: 29 })
  expect(rateOf(30, 1000, errorsToStateARate)).toMatchObject({ kind: 'rate', value: 0.03 })
  expect(rateOf(0, 0)).toEqual({ kind: 'too_few', errors: 0, trials: 0, high: 1 })
})

test.each([
  [-1, 5],
  [6, 5],
  [0.5, 5],
])('%d errors of %d are a bug of the caller', (errors, trials) => {
  expect(() => rateOf(errors, trials)).toThrow(RangeError)
})
