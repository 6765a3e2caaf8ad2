import type { Corners, Point } from '@sallyport/core/plate'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  boxOf,
  growCorners,
  heightOf,
  overlap,
  rectify,
  squareToCorners,
  widthOf,
} from './geometry.ts'
import type { Picture } from './picture.ts'

function place(homography: ReturnType<typeof squareToCorners>, u: number, v: number): Point {
  const [a, b, c, d, e, f, g, h] = homography
  const w = g * u + h * v + 1
  return { x: (a * u + b * v + c) / w, y: (d * u + e * v + f) / w }
}

/** Plates as cameras see them: a rectangle of at least 20 × 8 whose corners moved by up to a fifth. */
const plates: fc.Arbitrary<Corners> = fc
  .tuple(
    fc.integer({ min: -200, max: 2000 }),
    fc.integer({ min: -200, max: 2000 }),
    fc.integer({ min: 20, max: 400 }),
    fc.integer({ min: 8, max: 200 }),
    fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 8, maxLength: 8 }),
  )
  .map(([x, y, width, height, moved]): Corners => {
    const corner = (index: number, right: number, down: number): Point => ({
      x: x + width * (right + (moved[2 * index] ?? 0)),
      y: y + height * (down + (moved[2 * index + 1] ?? 0)),
    })
    return [corner(0, 0, 0), corner(1, 1, 0), corner(2, 1, 1), corner(3, 0, 1)]
  })

/** Where the diagonals cross: under any perspective the middle of what was a rectangle. */
function middleOf([p0, p1, p2, p3]: Corners): Point {
  const [dx, dy] = [p2.x - p0.x, p2.y - p0.y]
  const [ex, ey] = [p3.x - p1.x, p3.y - p1.y]
  const share = ((p1.x - p0.x) * ey - (p1.y - p0.y) * ex) / (dx * ey - dy * ex)
  return { x: p0.x + share * dx, y: p0.y + share * dy }
}

function expectNear(found: Point, wanted: Point): void {
  expect(Math.hypot(found.x - wanted.x, found.y - wanted.y)).toBeLessThan(1e-6)
}

describe('the homography of a plate', () => {
  test('takes the unit square to its corners and the middle to where the diagonals cross', () => {
    fc.assert(
      fc.property(plates, (corners) => {
        const homography = squareToCorners(corners)
        expectNear(place(homography, 0, 0), corners[0])
        expectNear(place(homography, 1, 0), corners[1])
        expectNear(place(homography, 1, 1), corners[2])
        expectNear(place(homography, 0, 1), corners[3])
        expectNear(place(homography, 0.5, 0.5), middleOf(corners))
      }),
    )
  })

  test('of corners that enclose nothing is finite', () => {
    const point = { x: 10, y: 10 }
    const line: Corners = [point, { x: 20, y: 10 }, { x: 30, y: 10 }, { x: 40, y: 10 }]
    for (const corners of [line, [point, point, point, point] as const]) {
      expect(squareToCorners(corners).every(Number.isFinite)).toBe(true)
    }
  })
})

/** A picture painted by a function of the pixel's centre. */
function paint(width: number, height: number, shade: (x: number, y: number) => number): Picture {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = shade(x + 0.5, y + 0.5)
      data.fill(value, (y * width + x) * 3, (y * width + x) * 3 + 3)
    }
  }
  return { width, height, data }
}

const at = ({ width, data }: Picture, x: number, y: number) => data[(y * width + x) * 3] ?? -1

describe('rectified crops', () => {
  const rectangle = (x: number, y: number, width: number, height: number): Corners => [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ]

  test('an upright plate at its own size comes out pixel for pixel', () => {
    const picture = paint(40, 30, (x, y) => (x * 5 + y * 3) % 256)
    const crop = rectify(picture, rectangle(7, 4, 20, 10), 20, 10)
    for (let y = 0; y < 10; y++) {
      for (let x = 0; x < 20; x++) expect(at(crop, x, y)).toBe(at(picture, x + 7, y + 4))
    }
  })

  test('a sheared plate comes out upright: its left half dark, its right half bright', () => {
    // The line between the halves leans: x = 40 + y / 2.
    const picture = paint(100, 60, (x, y) => (x < 40 + y / 2 ? 20 : 230))
    const corners: Corners = [
      { x: 15, y: 10 },
      { x: 75, y: 10 },
      { x: 95, y: 50 },
      { x: 35, y: 50 },
    ]
    const crop = rectify(picture, corners, 60, 40)
    for (let y = 0; y < 40; y++) {
      expect([at(crop, 10, y), at(crop, 27, y), at(crop, 32, y), at(crop, 50, y)]).toEqual([
        20, 20, 230, 230,
      ])
    }
  })

  test('in perspective the middle of the plate is in the middle of the crop', () => {
    fc.assert(
      fc.property(
        plates.filter((corners) => {
          const box = boxOf(corners)
          return (
            heightOf(corners) > 16 &&
            box.x > 0 &&
            box.y > 0 &&
            box.x + box.width < 500 &&
            box.y + box.height < 300
          )
        }),
        (corners) => {
          const middle = middleOf(corners)
          const reach = Math.min(widthOf(corners), heightOf(corners)) / 4
          const picture = paint(500, 300, (x, y) =>
            Math.hypot(x - middle.x, y - middle.y) < reach ? 250 : 5,
          )
          const half = { x: Math.ceil(widthOf(corners) / 2), y: Math.ceil(heightOf(corners) / 2) }
          const crop = rectify(picture, corners, 2 * half.x + 1, 2 * half.y + 1)
          expect(at(crop, half.x, half.y)).toBeGreaterThan(200)
          expect([at(crop, 0, 0), at(crop, 2 * half.x, 2 * half.y)]).toEqual([5, 5])
        },
      ),
      { numRuns: 30 },
    )
  })

  test('a fine pattern that is scaled down becomes its mean, not noise', () => {
    const picture = paint(160, 80, (x) => (Math.floor(x) % 2 === 0 ? 0 : 200))
    const crop = rectify(picture, rectangle(0, 0, 160, 80), 40, 20)
    for (const value of crop.data) expect(value).toBe(100)
  })

  test('beyond the edge of the picture its border goes on', () => {
    const picture = paint(20, 10, (x) => (x < 10 ? 40 : 90))
    const crop = rectify(picture, rectangle(-20, -5, 60, 20), 60, 20)
    expect([at(crop, 0, 0), at(crop, 59, 19)]).toEqual([40, 90])
  })
})

describe('boxes and corners', () => {
  test('corners grown by nothing stay', () => {
    fc.assert(
      fc.property(plates, (corners) => {
        expect(growCorners(corners, 0)).toEqual(corners)
      }),
    )
  })

  test('a rectangle grown by a tenth reaches a tenth of its size further on every side', () => {
    const [topLeft, , bottomRight] = growCorners(
      [
        { x: 100, y: 50 },
        { x: 200, y: 50 },
        { x: 200, y: 100 },
        { x: 100, y: 100 },
      ],
      0.1,
    )
    expect(topLeft).toEqual({ x: 90, y: 45 })
    expect(bottomRight).toEqual({ x: 210, y: 105 })
  })

  test('overlap is one with itself, nothing when apart, the same in both directions', () => {
    const boxes = fc.record({
      x: fc.integer({ min: 0, max: 100 }),
      y: fc.integer({ min: 0, max: 100 }),
      width: fc.integer({ min: 1, max: 50 }),
      height: fc.integer({ min: 1, max: 50 }),
    })
    fc.assert(
      fc.property(boxes, boxes, (a, b) => {
        expect(overlap(a, a)).toBeCloseTo(1)
        expect(overlap(a, b)).toBe(overlap(b, a))
        expect(overlap(a, b)).toBeLessThanOrEqual(1)
        expect(overlap(a, { ...b, x: b.x + 1000 })).toBe(0)
      }),
    )
    const left = { x: 0, y: 0, width: 2, height: 1 }
    expect(overlap(left, { x: 1, y: 0, width: 2, height: 1 })).toBeCloseTo(1 / 3)
  })
})
