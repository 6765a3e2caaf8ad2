import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Picture } from './picture.ts'
import { fillPlanes, fillPlanesShrunk, type Planes } from './planes.ts'

const pictures = (multiple: number) =>
  fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 12 }), fc.integer())
    .map(([across, height, seed]): Picture => {
      const width = across * multiple
      const data = Uint8Array.from(
        { length: width * height * 3 },
        (_, at) => (Math.imul(at + 1, seed | 1) >>> 13) & 255,
      )
      return { width, height, data }
    })

function planesFor(width: number, height: number): Planes {
  return { data: new Float32Array(width * height * 3).fill(-1), width, height }
}

/** The mean of the pixels under a cell, 0 to 1, computed the plain way. */
function meanAt(picture: Picture, factor: number, x: number, y: number, channel: number): number {
  let sum = 0
  for (let row = y * factor; row < (y + 1) * factor; row++) {
    for (let column = x * factor; column < (x + 1) * factor; column++) {
      sum += picture.data[(row * picture.width + column) * 3 + channel] ?? Number.NaN
    }
  }
  return sum / (255 * factor * factor)
}

function checkMeans(picture: Picture, factor: number): void {
  const [width, height] = [Math.floor(picture.width / factor), Math.floor(picture.height / factor)]
  const planes = planesFor(width + 3, height + 2)
  fillPlanesShrunk(picture, factor, planes)
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < planes.height; y++) {
      for (let x = 0; x < planes.width; x++) {
        const value = planes.data[(channel * planes.height + y) * planes.width + x]
        if (x < width && y < height) {
          expect(value).toBeCloseTo(meanAt(picture, factor, x, y, channel), 6)
        } else expect(value).toBe(-1)
      }
    }
  }
}

describe('planes', () => {
  test('every pixel of a picture goes to its place, and nothing beside it', () => {
    fc.assert(
      fc.property(pictures(1), (picture) => {
        const planes = planesFor(picture.width, picture.height)
        fillPlanes(picture, planes)
        checkMeans(picture, 1)
        expect(planes.data.every((value) => value >= 0 && value <= 1)).toBe(true)
      }),
    )
  })

  test.each([
    ['rows of whole words, halved', 4, 2],
    ['rows that begin in the middle of a word, halved', 1, 2],
    ['to a third', 3, 3],
    ['to a quarter', 1, 4],
  ])('%s: each cell is the mean of what it covers', (_name, multiple, factor) => {
    fc.assert(fc.property(pictures(multiple), (picture) => checkMeans(picture, factor)))
  })

  test('pixels that begin in the middle of a word come out the same', () => {
    const bytes = Uint8Array.from({ length: 8 * 4 * 3 + 1 }, (_, at) => (at * 37) & 255)
    checkMeans({ width: 8, height: 4, data: bytes.subarray(1) }, 2)
  })
})
