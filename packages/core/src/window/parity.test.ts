import { expect, test } from 'vitest'

import { parityLimits, parityOf } from './parity.ts'

const times = (count: number, from: number, step = 1) =>
  Array.from({ length: count }, (_, at) => from + at * step)

test('of five people nothing is said, of six there is an interval: their extremes', () => {
  expect(parityOf(times(5, 10), times(50, 10)).optedOut).toEqual({ kind: 'too_few', count: 5 })
  expect(parityOf(times(5, 10), times(50, 500)).verdict).toBe('too_few')
  expect(parityOf(times(6, 10), times(50, 10)).optedOut).toMatchObject({
    kind: 'measured',
    count: 6,
    median: 12.5,
    from: 10,
    until: 15,
  })
})

test('the interval is that of tables: the 40th and 61st of a hundred', () => {
  const { others } = parityOf([], times(100, 1))
  expect(others).toMatchObject({ from: 40, until: 61, median: 50.5 })
})

test('a difference is said only where the intervals do not touch', () => {
  expect(parityOf(times(20, 30), times(20, 35)).verdict).toBe('no_difference_seen')
  expect(parityOf(times(20, 130), times(20, 30)).verdict).toBe('longer')
  expect(parityOf(times(20, 30), times(20, 130)).verdict).toBe('shorter')
})

test('a verdict that was forgotten for hours does not count, nor one before the arrival', () => {
  const { others } = parityOf([], [...times(10, 5), parityLimits.secondsMax + 1, -3])
  expect(others.count).toBe(10)
})

test('thousands are counted without overflow', () => {
  const { others } = parityOf([], times(3000, 0, 0.1))
  expect(others).toMatchObject({ kind: 'measured', count: 3000 })
  if (others.kind !== 'measured') throw new Error('measured')
  expect(others.from).toBeGreaterThan(143)
  expect(others.until).toBeLessThan(156)
})
