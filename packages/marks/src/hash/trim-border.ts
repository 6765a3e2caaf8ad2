/** The frame around a screenshot: rows and columns of one colour at the edges. */

import { lumaOf, type Pixels } from '../pixels.ts'

export type Region = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Standard deviation of luma below which a line counts as one colour. */
const plainBelow = 6
/** What remains is at least this share of each side: a dark picture is not trimmed away. */
const shareMin = 0.2

/** The region within uniform borders; the whole picture where there are none. */
export function withoutBorder(pixels: Pixels): Region {
  const { width, height } = pixels
  const { data } = lumaOf(pixels)
  const rowPlain = (row: number, left: number, right: number) =>
    deviation(data, row * width + left, right - left, 1) < plainBelow
  const columnPlain = (column: number, top: number, bottom: number) =>
    deviation(data, top * width + column, bottom - top, width) < plainBelow
  let [left, right, top, bottom] = [0, width, 0, height]
  // Columns are judged between the rows that remain, and the other way round, until nothing changes.
  for (let changed = true; changed;) {
    changed = false
    while (bottom - top > height * shareMin && rowPlain(top, left, right)) {
      top += 1
      changed = true
    }
    while (bottom - top > height * shareMin && rowPlain(bottom - 1, left, right)) {
      bottom -= 1
      changed = true
    }
    while (right - left > width * shareMin && columnPlain(left, top, bottom)) {
      left += 1
      changed = true
    }
    while (right - left > width * shareMin && columnPlain(right - 1, top, bottom)) {
      right -= 1
      changed = true
    }
  }
  const kept = right - left > width * shareMin && bottom - top > height * shareMin
  return kept
    ? { x: left, y: top, width: right - left, height: bottom - top }
    : { x: 0, y: 0, width, height }
}

/** The pixels of a region, copied. Throws a RangeError when it leaves the picture. */
export function cut(pixels: Pixels, region: Region): Pixels {
  const { width, channels } = pixels
  const inside =
    region.x >= 0 &&
    region.y >= 0 &&
    region.x + region.width <= width &&
    region.y + region.height <= pixels.height
  if (!inside) throw new RangeError('the region leaves the picture')
  const data = new Uint8Array(region.width * region.height * channels)
  for (let row = 0; row < region.height; row++) {
    const from = ((region.y + row) * width + region.x) * channels
    data.set(
      pixels.data.subarray(from, from + region.width * channels),
      row * region.width * channels,
    )
  }
  return { width: region.width, height: region.height, channels, data }
}

function deviation(data: Float32Array, start: number, count: number, stride: number): number {
  let sum = 0
  let squares = 0
  for (let step = 0; step < count; step++) {
    const value = data[start + step * stride] ?? 0
    sum += value
    squares += value * value
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2))
}
