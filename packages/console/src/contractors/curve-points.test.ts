import { expect, test } from 'vitest'

import { curvePoints, height, pointWithin, width } from './curve-points.ts'

const point = (match: number, miss: number, within: number) => ({
  distance: 1,
  false_match: { share: match, within },
  false_non_match: { share: miss, within },
})

test('a point stands by powers of ten, and its whiskers never leave the plot', () => {
  const [middle, corner] = curvePoints([point(0.01, 0.1, 0.5), point(0, 1, 0.2)])
  expect(middle).toMatchObject({ x: width / 2, y: height / 4, left: 0, below: height })
  expect(middle?.right).toBeLessThan(width)
  expect(corner).toMatchObject({ x: 0, left: 0, y: 0, above: 0 })
})

test('of a point that noise leaves open altogether nothing is drawn', () => {
  expect(curvePoints([point(0.01, 0.1, 1)])).toEqual([])
})

test('a point below the least of the axis is left out, not moved to its edge', () => {
  const [rare, known] = [
    { value: 1e-5, low: 0, high: 1e-4 },
    { value: 0.1, low: 0.05, high: 0.2 },
  ]
  expect(pointWithin(rare, known)).toBeNull()
  expect(pointWithin(known, rare)).toMatchObject({ y: height, below: height })
})
