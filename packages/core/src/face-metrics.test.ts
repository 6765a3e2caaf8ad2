import { expect, test } from 'vitest'

import {
  groupFigures,
  identificationFigures,
  type SearchTrial,
  type Trial,
  verificationFigures,
} from './face-metrics.ts'

const many = (count: number, trial: Trial): Trial[] => Array.from({ length: count }, () => trial)
const valueOf = (rate: { readonly kind: string; readonly value?: number }) => rate.value

test('comparisons that could not be made are failures, not leave', () => {
  const trials = [
    ...many(80, { same: true, distance: 0.3 }),
    ...many(10, { same: true, distance: 0.9 }),
    ...many(10, { same: true, distance: null }),
    ...many(98, { same: false, distance: 1 }),
    ...many(2, { same: false, distance: 0.2 }),
  ]
  const figures = verificationFigures(trials, 0.5)
  expect(valueOf(figures.falseMatchRate)).toBe(0.02)
  expect(valueOf(figures.falseNonMatchRate)).toBeCloseTo(10 / 90)
  expect(valueOf(figures.falseRejectRate)).toBe(0.2)
  expect(valueOf(figures.failureToAcquireRate)).toBe(0.05)
  expect(valueOf(figures.accuracy)).toBeCloseTo(178 / 200)
})

test('a group with few errors is too few to say, never zero', () => {
  const trials = [
    ...many(1000, { same: true, distance: 0.3, group: 'a' }),
    ...many(40, { same: true, distance: 0.9, group: 'a' }),
    ...many(60, { same: true, distance: 0.3, group: 'b' }),
    ...many(3, { same: true, distance: 0.9, group: 'b' }),
    ...many(5, { same: true, distance: 0.9 }),
  ]
  const { groups, falseNonMatchDifferential } = groupFigures(trials, 0.5)
  expect(groups.map(({ group }) => group)).toEqual(['a', 'b'])
  expect(groups[0]?.falseNonMatchRate).toMatchObject({ kind: 'rate', errors: 40, trials: 1040 })
  expect(groups[1]?.falseNonMatchRate).toMatchObject({ kind: 'too_few', errors: 3, trials: 63 })
  expect(falseNonMatchDifferential).toBeNull()
})

test('the differential is the worst group over the geometric mean', () => {
  const trials = [
    ...many(900, { same: true, distance: 0.3, group: 'a' }),
    ...many(100, { same: true, distance: 0.9, group: 'a' }),
    ...many(600, { same: true, distance: 0.3, group: 'b' }),
    ...many(400, { same: true, distance: 0.9, group: 'b' }),
  ]
  expect(groupFigures(trials, 0.5).falseNonMatchDifferential).toBeCloseTo(0.4 / 0.2)
})

test('a search that ends with somebody else is both no hit for the mate and no alarm for strangers', () => {
  const of = (count: number, trial: SearchTrial): SearchTrial[] =>
    Array.from({ length: count }, () => trial)
  const figures = identificationFigures([
    ...of(70, { mate: true, outcome: 'mate_first' }),
    ...of(10, { mate: true, outcome: 'other_first' }),
    ...of(15, { mate: true, outcome: 'nobody' }),
    ...of(5, { mate: true, outcome: null }),
    ...of(97, { mate: false, outcome: 'nobody' }),
    ...of(3, { mate: false, outcome: 'other_first' }),
    ...of(10, { mate: false, outcome: null }),
  ])
  expect(valueOf(figures.falseNegativeIdentificationRate)).toBe(0.3)
  expect(valueOf(figures.falsePositiveIdentificationRate)).toBe(0.03)
  expect(valueOf(figures.failureToAcquireRate)).toBeCloseTo(15 / 210)
})
