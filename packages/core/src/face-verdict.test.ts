import { expect, test } from 'vitest'

import type { FaceCurves, FaceThresholds } from './face-calibration.ts'
import { judgePair, judgeSearch, linesForGallery, linesForPair } from './face-verdict.ts'

const curves: FaceCurves = {
  impostors: 3_000_000,
  genuine: 3_000,
  falseMatch: [
    { distance: 1, share: 0.5 },
    { distance: 0.8, share: 0.01 },
    { distance: 0.6, share: 0.0001 },
    { distance: 0.5, share: 0.00001 },
  ],
  falseNonMatch: [
    { distance: 0.4, share: 0.5 },
    { distance: 0.7, share: 0.1 },
    { distance: 0.9, share: 0.01 },
  ],
  logistic: { slope: 20, offset: 16 },
}
const thresholds: FaceThresholds = {
  falseMatchRate: 0.0001,
  falsePositiveIdentificationRate: 0.01,
  falseNonMatchRate: 0.01,
}

function linesOf(found: ReturnType<typeof linesForPair>) {
  if (found.kind === 'refused') throw new Error(found.detail)
  return found.lines
}

test.each([
  [0.3, 'match'],
  [0.6, 'match'],
  [0.61, 'unsure'],
  [0.89, 'unsure'],
  [0.9, 'no_match'],
  [1.4, 'no_match'],
] as const)('a distance of %d is %s', (distance, verdict) => {
  expect(judgePair(curves, linesOf(linesForPair(curves, thresholds)), distance).verdict).toBe(
    verdict,
  )
})

test('where the lines cross nothing is unsure, and no distance is both', () => {
  const apart = { ...curves, falseNonMatch: [{ distance: 0.3, share: 0.01 }] }
  const lines = linesOf(linesForPair(apart, thresholds))
  expect(lines).toEqual({ match: 0.6, noMatch: 0.6 })
  expect(judgePair(apart, lines, 0.6).verdict).toBe('match')
  expect(judgePair(apart, lines, 0.600001).verdict).toBe('no_match')
})

test('a larger gallery asks for a more alike face', () => {
  const at = (size: number): number => linesOf(linesForGallery(curves, thresholds, size)).match
  expect(at(1)).toBe(0.6)
  expect(at(100)).toBe(0.6)
  expect(at(300)).toBeLessThan(0.6)
  expect(at(1000)).toBeCloseTo(0.5, 9)
})

test('a gallery beyond what the calibration can promise is refused, with the size that it can', () => {
  expect(linesForGallery(curves, thresholds, 1001)).toMatchObject({
    kind: 'refused',
    code: 'gallery_beyond_calibration',
    detail: expect.stringContaining('up to 1000 templates') as string,
  })
  expect(linesForPair(curves, { ...thresholds, falseMatchRate: 1e-6 })).toMatchObject({
    kind: 'refused',
    code: 'rate_beyond_calibration',
  })
})

test('twins are too close to call, however alike they are', () => {
  const lines = linesOf(linesForGallery(curves, thresholds, 100))
  const found = [
    { id: 'one', distance: 0.3 },
    { id: 'two', distance: 0.35 },
    { id: 'three', distance: 1.2 },
  ]
  const judged = judgeSearch(curves, lines, found)
  expect(judged.verdict).toBe('unsure')
  expect(judged.candidates.map(({ id }) => id)).toEqual(['one', 'two'])
})

test('one alike face and nobody near is a match of that one', () => {
  const lines = linesOf(linesForGallery(curves, thresholds, 100))
  const judged = judgeSearch(curves, lines, [
    { id: 'one', distance: 0.3 },
    { id: 'two', distance: 0.8 },
  ])
  expect(judged).toMatchObject({ verdict: 'match', candidates: [{ id: 'one' }] })
  expect(judgeSearch(curves, lines, [{ id: 'one', distance: 0.3 }]).verdict).toBe('match')
})

test('nobody alike is "no match", a first-class answer, and no candidate is pressed on anybody', () => {
  const lines = linesOf(linesForGallery(curves, thresholds, 100))
  expect(judgeSearch(curves, lines, [{ id: 'one', distance: 0.95 }])).toEqual({
    verdict: 'no_match',
    candidates: [],
  })
  expect(judgeSearch(curves, lines, [])).toEqual({ verdict: 'no_match', candidates: [] })
})

test('no answer carries a distance: people act on verdicts', () => {
  const lines = linesOf(linesForGallery(curves, thresholds, 100))
  const judged = judgeSearch(curves, lines, [{ id: 'one', distance: 0.3 }])
  expect(JSON.stringify(judged)).not.toContain('distance')
})
