import { expect, test } from 'vitest'

import { type FaceCalibration, faceCalibrationFormat } from '../face-calibration-document.ts'
import { fitCurves } from '../face-calibration.ts'
import { calibrationFigures } from './calibration-figures.ts'

const evenly = (from: number, to: number, count: number) =>
  Float64Array.from({ length: count }, (_, at) => from + ((to - from) * (at + 0.5)) / count)

/** Mates from 0 to 1, strangers from 0.5 to 2: the two lie over each other between 0.5 and 1. */
function calibrationOf(strangers: number, genuine = 2_000): FaceCalibration {
  const fitted = fitCurves({
    genuine: evenly(0, 1, genuine),
    impostors: evenly(0.5, 2, strangers),
  })
  if (fitted.kind === 'refused') throw new Error(fitted.detail)
  return {
    format: faceCalibrationFormat,
    model: 'own@0123456789ab',
    camera_class: 'gate',
    made: '2026-11-22T12:00:00.000Z',
    made_from: { name: 'test', people: 40, pictures: 200, pictures_without_face: 0 },
    thresholds: {
      falseMatchRate: 0.05,
      falsePositiveIdentificationRate: 0.1,
      falseNonMatchRate: 0.01,
    },
    curves: fitted.curves,
    cross_validated: null,
  }
}

test('the share that is missed at a line is the one that was counted there', () => {
  // At a false match rate of 5 % the line stands at 0.575: 42.5 % of the mates lie beyond it.
  const { atLine } = calibrationFigures(calibrationOf(20_000))
  expect(atLine?.falseMatch).toMatchObject({ kind: 'share', value: 0.05 })
  if (atLine?.falseNonMatch.kind !== 'share') throw new Error('the curve reaches there')
  const { value, low, high } = atLine.falseNonMatch
  expect(value).toBeGreaterThan(0.4)
  expect(value).toBeLessThan(0.45)
  expect(low).toBeLessThan(value)
  expect(high).toBeGreaterThan(value)
})

test('what lies beyond the ends of a curve is a bound, never a figure', () => {
  const calibration = calibrationOf(20_000)
  const nearest = { ...calibration.curves, falseMatch: [{ distance: 0.1, share: 0.05 }] }
  expect(calibrationFigures({ ...calibration, curves: nearest }).tradeOff).toMatchObject([
    { falseNonMatch: { kind: 'at_least', value: 0.5 } },
  ])
  const least = calibration.curves.falseNonMatch.at(-1)?.share
  const farthest = { ...calibration.curves, falseMatch: [{ distance: 1.9, share: 0.05 }] }
  expect(calibrationFigures({ ...calibration, curves: farthest }).tradeOff).toMatchObject([
    { falseNonMatch: { kind: 'at_most', value: least } },
  ])
})

test('a gallery for which too few strangers were compared has no figure, smaller ones have', () => {
  const { searches, peopleMax } = calibrationFigures(calibrationOf(20_000))
  expect(searches.map(({ people, kind }) => [people, kind])).toEqual(
    [10, 32, 100, 300, 1_000, 10_000].map((people) => [
      people,
      people <= peopleMax ? 'promised' : 'too_few',
    ]),
  )
  expect(searches[0]?.kind).toBe('promised')
  expect(searches.at(-1)?.kind).toBe('too_few')
})

test('a rate that was promised of too few strangers is not told', () => {
  const calibration = calibrationOf(100, 100)
  const thresholds = { ...calibration.thresholds, falseMatchRate: 0.001 }
  expect(calibrationFigures({ ...calibration, thresholds }).atLine).toBeNull()
})

test('no distance is among what is told', () => {
  const { curves, ...rest } = calibrationOf(20_000)
  const far = (points: typeof curves.falseMatch) =>
    points.map(({ distance, share }) => ({ distance: distance + 70, share }))
  const { falseMatch, falseNonMatch } = curves
  const moved = { ...curves, falseMatch: far(falseMatch), falseNonMatch: far(falseNonMatch) }
  const told = JSON.stringify(calibrationFigures({ ...rest, curves: moved }))
  const numbers = told.match(/[0-9.]+(e-\d+)?/g)?.map(Number) ?? []
  expect(numbers.length).toBeGreaterThan(20)
  expect(numbers.filter((number) => number > 1 && !Number.isInteger(number))).toEqual([])
})

test('without one picture lost the failure to acquire still has an upper end', () => {
  expect(calibrationFigures(calibrationOf(1_000)).failureToAcquire).toMatchObject({
    value: 0,
    trials: 200,
    high: expect.closeTo(0.018, 2) as number,
  })
})
