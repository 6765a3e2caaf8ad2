import { expect, test } from 'vitest'

import {
  distanceAtFalseMatchRate,
  distanceAtFalseNonMatchRate,
  type FaceCurves,
  fitCurves,
  type KnownDistances,
  probabilitySame,
} from './face-calibration.ts'

/** Distances spread evenly: genuine from 0 to 1, impostors from `from` to 2. */
function evenly(genuine: number, impostors: number, from = 0.5): KnownDistances {
  return {
    genuine: Float64Array.from({ length: genuine }, (_, at) => (at + 0.5) / genuine),
    impostors: Float64Array.from(
      { length: impostors },
      (_, at) => from + ((2 - from) * (at + 0.5)) / impostors,
    ),
  }
}

function curvesOf(known: KnownDistances): FaceCurves {
  const fitted = fitCurves(known)
  if (fitted.kind === 'refused') throw new Error(fitted.detail)
  return fitted.curves
}

test('the threshold for a rate lets that share of strangers through, not more', () => {
  const known = evenly(2_000, 20_000)
  const curves = curvesOf(known)
  for (const rate of [0.3, 0.1, 0.01, 0.002]) {
    const found = distanceAtFalseMatchRate(curves, rate)
    if (found.kind === 'beyond') throw new Error('there are enough strangers')
    const through = known.impostors.filter((distance) => distance <= found.distance).length
    // Between two points of the curve the share is interpolated.
    expect(through / known.impostors.length).toBeGreaterThan(rate * 0.7)
    expect(through / known.impostors.length).toBeLessThan(rate * 1.15)
  }
})

test('a rate that fewer than 30 strangers stand for is not promised', () => {
  const curves = curvesOf(evenly(100, 3_000))
  expect(distanceAtFalseMatchRate(curves, 0.01).kind).toBe('threshold')
  expect(distanceAtFalseMatchRate(curves, 0.0099)).toEqual({ kind: 'beyond', leastShare: 0.01 })
})

test('the line of "no match" leaves few pictures of one person beyond it', () => {
  const known = evenly(3_000, 3_000)
  const found = distanceAtFalseNonMatchRate(curvesOf(known), 0.02)
  expect(found).toMatchObject({ kind: 'threshold' })
  expect(found.kind === 'threshold' ? found.distance : 0).toBeCloseTo(0.98, 2)
})

test('probabilities are right: of comparisons said to be 80 % likely, four in five are of one person', () => {
  // Two normal kinds of equal spread, by their quantiles: the true odds are logistic.
  const normal = (centre: number): Float64Array =>
    Float64Array.from({ length: 20_000 }, (_, at) => centre + 0.1 * quantile((at + 0.5) / 20_000))
  const curves = curvesOf({ genuine: normal(0.4), impostors: normal(0.8) })
  for (const distance of [0.5, 0.55, 0.6, 0.65, 0.7]) {
    const truth = 1 / (1 + Math.exp(((distance - 0.6) * 0.4) / 0.01))
    expect(probabilitySame(curves, distance)).toBeCloseTo(truth, 2)
  }
})

test('kinds that a distance parts perfectly do not make the fit run away', () => {
  const curves = curvesOf(evenly(100, 100, 1.5))
  expect(Number.isFinite(curves.logistic.slope)).toBe(true)
  expect(probabilitySame(curves, 0.2)).toBeGreaterThan(0.98)
  expect(probabilitySame(curves, 1.9)).toBeLessThan(0.02)
})

test.each([
  ['of one person', evenly(59, 1_000)],
  ['of strangers', evenly(1_000, 59)],
])('too few comparisons %s are refused with what to add', (_, known) => {
  expect(fitCurves(known)).toMatchObject({
    kind: 'refused',
    code: 'too_few_comparisons',
    detail: expect.stringContaining('Add pictures') as string,
  })
})

/** The normal quantile by halving its distribution function (Abramowitz and Stegun 26.2.17). */
function quantile(share: number): number {
  let [low, high] = [-6, 6]
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2
    if (distribution(middle) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function distribution(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const terms = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429]
  const tail =
    (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    terms.reduce((sum, term, at) => sum + term * t ** (at + 1), 0)
  return x >= 0 ? 1 - tail : tail
}
