/** A part of a stored picture with a copy laid over it, and how alike the two are where both are seen. */

import { gaussian } from '../blur.ts'
import type { Region } from '../hash/trim-border.ts'
import type { Plane } from '../pixels.ts'
import { type Affine, scaleOf, warped } from '../warp.ts'

/** A part with a shorter side, in pixels, is not compared. */
export const sideMin = 8

export type Pair = {
  /** In pixels of the stored picture. */
  readonly region: Region
  readonly stored: Plane
  readonly found: Plane
  readonly covered: Uint8Array
}

/** The stored region and the copy laid over it, both as sharp as the poorer of them. */
export function pairOf(copy: Plane, whole: Plane, map: Affine, region: Region): Pair | null {
  if (region.width < sideMin || region.height < sideMin) return null
  const scale = scaleOf(map)
  const fine = scale > 1 ? gaussian(copy, 0.5 * Math.sqrt(scale * scale - 1)) : copy
  const shifted = {
    ...map,
    x0: map.x0 + map.xx * region.x + map.xy * region.y,
    y0: map.y0 + map.yx * region.x + map.yy * region.y,
  }
  const { plane, covered } = warped(fine, shifted, region.width, region.height, 'none')
  const part = cutPlane(whole, region)
  const soft = scale < 1 ? gaussian(part, 0.5 * Math.sqrt(1 / (scale * scale) - 1)) : part
  return { region, stored: soft, found: plane, covered }
}

/** How much of `part` the copy covers, of what the pair has of it. */
export function share({ region, covered }: Pair, part: Region): number {
  const [left, top] = [Math.max(part.x, region.x), Math.max(part.y, region.y)]
  const right = Math.min(part.x + part.width, region.x + region.width)
  const bottom = Math.min(part.y + part.height, region.y + region.height)
  let [pixels, seen] = [0, 0]
  for (let y = Math.ceil(top); y < bottom; y++) {
    for (let x = Math.ceil(left); x < right; x++) {
      pixels += 1
      seen += covered[(y - region.y) * region.width + x - region.x]!
    }
  }
  return pixels === 0 ? 0 : seen / pixels
}

/** Softened by what is covered alone: where a crop ends there is no edge that the stored picture would not have. */
export function within(plane: Plane, covered: Uint8Array, sigma: number): Float32Array {
  if (!covered.includes(0)) return gaussian(plane, sigma).data
  const kept = plane.data.map((one, at) => (covered[at] === 0 ? 0 : one))
  const [sums, weights] = [kept, Float32Array.from(covered)].map(
    (data) => gaussian({ ...plane, data }, sigma).data,
  )
  return sums!.map((sum, at) => (covered[at] === 0 ? 0 : sum / weights![at]!))
}

export function correlation(a: Float32Array, b: Float32Array, covered: Uint8Array): number {
  let [count, sumA, sumB] = [0, 0, 0]
  for (let at = 0; at < covered.length; at++) {
    if (covered[at] === 0) continue
    count += 1
    sumA += a[at]!
    sumB += b[at]!
  }
  const [meanA, meanB] = [sumA / count, sumB / count]
  let [both, squaresA, squaresB] = [0, 0, 0]
  for (let at = 0; at < covered.length; at++) {
    if (covered[at] === 0) continue
    const [one, other] = [a[at]! - meanA, b[at]! - meanB]
    both += one * other
    squaresA += one * one
    squaresB += other * other
  }
  const length = Math.sqrt(squaresA * squaresB)
  return length === 0 ? 0 : both / length
}

export function cutPlane({ width, data }: Plane, region: Region): Plane {
  const part = new Float32Array(region.width * region.height)
  for (let row = 0; row < region.height; row++) {
    const from = (region.y + row) * width + region.x
    part.set(data.subarray(from, from + region.width), row * region.width)
  }
  return { width: region.width, height: region.height, data: part }
}

/** `box` with so many times its size on each side, in whole pixels of the plane. */
export function grown(
  box: Region,
  by: { readonly x: number; readonly y: number },
  { width, height }: Pick<Plane, 'width' | 'height'>,
): Region {
  const x = Math.max(0, Math.floor(box.x - by.x * box.width))
  const y = Math.max(0, Math.floor(box.y - by.y * box.height))
  const right = Math.min(width, Math.ceil(box.x + box.width * (1 + by.x)))
  const bottom = Math.min(height, Math.ceil(box.y + box.height * (1 + by.y)))
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) }
}
