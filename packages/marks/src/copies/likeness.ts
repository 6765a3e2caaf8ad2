/**
 * Whether a found picture shows what a stored one shows, pixel for pixel: it is laid over the stored
 * one, and the box that tells it from others (a plate, a face) is compared. Cameras that do not move
 * make frames of different cars that agree everywhere else, so nothing but the box counts.
 */

import { align } from '../align.ts'
import { gaussian } from '../blur.ts'
import type { Region } from '../hash/trim-border.ts'
import { lumaOf, type Pixels, type Plane } from '../pixels.ts'
import { registration } from '../register.ts'
import { type Affine, scaleOf, warped } from '../warp.ts'

export type Likeness =
  | {
      readonly kind: 'laid'
      /** Pairs of corners that agree on the place; null when the place was known from the boxes. */
      readonly agreeing: number | null
      /** Correlation of the box with a margin, -1 to 1; null when the found picture does not show it. */
      readonly box: number | null
      /** The same of what is smaller than a stroke: another picture of the same thing differs in it. */
      readonly grain: number | null
      /** Correlation of everything that both show; null for a bare crop, and where that is little. */
      readonly frame: number | null
    }
  /** They share too little to be laid over each other. */
  | { readonly kind: 'unlike' }

/** Around the box, of its size: the frame of a plate says as much as its strokes. */
const margin = 0.15
/** With less of a box and its margin, and less of the box alone, it is not compared: a crop may end at the box. */
const seenMin = { withMargin: 0.6, alone: 0.9 }
const boxSideMin = 8

/** A reader that takes a whole crop for a plate says nothing of its margin: so much of it may be the plate. */
const sharesOfBox = [1, 0.87, 0.76, 0.66]
/** From here on the box alone says that it is the same picture. */
const settled = { box: 0.95, grain: 0.8 }

/** Where the box may lie in a found picture. */
export type Hint = {
  readonly box: Region
  /** Whether the box may hold a margin that nobody knows, as of a crop that was taken for a plate as a whole. */
  readonly loose: boolean
}

/** Where to look: each hint costs little, corners a second. */
export type LikenessBoxes = {
  /** What tells the stored picture from others, in its pixels. */
  readonly stored: Region
  /** The likeliest first. */
  readonly found: readonly Hint[]
  /** Whether corners are looked for when no hint settles it. */
  readonly corners: boolean
}

/** Compares a found picture with a stored one. */
export function likenessOf(found: Pixels, stored: Pixels, boxes: LikenessBoxes): Likeness {
  const [copy, whole] = [lumaOf(found), lumaOf(stored)]
  const tried: Laidover[] = []
  for (const hint of boxes.found) {
    for (const share of hint.loose ? sharesOfBox : [1]) {
      const map = alignedNear(whole, copy, boxes.stored, shrunk(hint.box, share))
      const laid = compared(copy, whole, { map, agreeing: null }, boxes.stored)
      if ((laid.box ?? -1) >= settled.box && (laid.grain ?? -1) >= settled.grain) return laid
      tried.push(laid)
    }
  }
  const byCorners = boxes.corners ? registration(whole, copy) : null
  if (byCorners !== null) tried.push(compared(copy, whole, byCorners, boxes.stored))
  const best = tried.toSorted((a, b) => standing(b) - standing(a))[0]
  return best ?? { kind: 'unlike' }
}

/** By its box; of two that are about equal the one that corners agree on, too. */
function standing({ box, agreeing }: Laidover): number {
  return (box ?? -1) + (agreeing === null ? 0 : 0.02)
}

function shrunk({ x, y, width, height }: Region, share: number): Region {
  const [across, down] = [(width * (1 - share)) / 2, (height * (1 - share)) / 2]
  return { x: x + across, y: y + down, width: width * share, height: height * share }
}

type Laidover = Extract<Likeness, { kind: 'laid' }>
type Laid = { readonly map: Affine; readonly agreeing: number | null }

function compared(copy: Plane, whole: Plane, { map, agreeing }: Laid, stored: Region) {
  const all = { x: 0, y: 0, width: whole.width, height: whole.height }
  const part = pairOf(copy, whole, map, grown(stored, margin, whole))
  const seen = part !== null && isSeen(part, stored)
  const frame = agreeing === null ? null : pairOf(copy, whole, map, all)
  return {
    kind: 'laid' as const,
    agreeing,
    box: seen ? correlated(part) : null,
    grain: seen ? grainOf(part, map) : null,
    frame: frame !== null && share(frame, all) >= seenMin.withMargin ? correlated(frame) : null,
  }
}

/** Only the neighbourhoods of the boxes are aligned: in a crop there is nothing else. */
function alignedNear(whole: Plane, copy: Plane, stored: Region, found: Region): Affine {
  const [near, there] = [grown(stored, 0.6, whole), grown(found, 0.8, copy)]
  if (near.width < boxSideMin || there.width < boxSideMin) return between(stored, found)
  const rough = between(
    { ...stored, x: stored.x - near.x, y: stored.y - near.y },
    { ...found, x: found.x - there.x, y: found.y - there.y },
  )
  const map = align(cutPlane(whole, near), cutPlane(copy, there), rough)
  return {
    ...map,
    x0: map.x0 - map.xx * near.x - map.xy * near.y + there.x,
    y0: map.y0 - map.yx * near.x - map.yy * near.y + there.y,
  }
}

/** The map that takes one box to the other. */
function between(from: Region, to: Region): Affine {
  const [xx, yy] = [to.width / from.width, to.height / from.height]
  return { xx, xy: 0, x0: to.x - xx * from.x, yx: 0, yy, y0: to.y - yy * from.y }
}

function grown(box: Region, by: number, { width, height }: Plane): Region {
  const x = Math.max(0, Math.floor(box.x - by * box.width))
  const y = Math.max(0, Math.floor(box.y - by * box.height))
  const right = Math.min(width, Math.ceil(box.x + box.width * (1 + by)))
  const bottom = Math.min(height, Math.ceil(box.y + box.height * (1 + by)))
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) }
}

type Pair = {
  /** In pixels of the stored picture. */
  readonly region: Region
  readonly stored: Plane
  readonly found: Plane
  readonly covered: Uint8Array
}

/** The stored region and the copy laid over it, both as sharp as the poorer of them. */
function pairOf(copy: Plane, whole: Plane, map: Affine, region: Region): Pair | null {
  if (region.width < boxSideMin || region.height < boxSideMin) return null
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

function isSeen(pair: Pair, box: Region): boolean {
  return share(pair, pair.region) >= seenMin.withMargin || share(pair, box) >= seenMin.alone
}

/** How much of `part` the copy covers, of what the pair has of it. */
function share({ region, covered }: Pair, part: Region): number {
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

function correlated({ stored, found, covered }: Pair): number {
  return correlation(within(stored, covered, 0.7), within(found, covered, 0.7), covered)
}

/** What is smaller than a stroke: of a plate as wide as the region, an eightieth of it. */
function grainOf({ region, stored, found, covered }: Pair, map: Affine): number {
  const sigma = Math.max(0.8, region.width / 160 / Math.min(1, scaleOf(map)))
  const fine = (plane: Plane) => {
    const [sharp, dull] = [within(plane, covered, 0.5), within(plane, covered, 2 * sigma)]
    return sharp.map((one, at) => one - dull[at]!)
  }
  return correlation(fine(stored), fine(found), covered)
}

/** Softened by what is covered alone: where a crop ends there is no edge that the stored picture would not have. */
function within(plane: Plane, covered: Uint8Array, sigma: number): Float32Array {
  if (!covered.includes(0)) return gaussian(plane, sigma).data
  const kept = plane.data.map((one, at) => (covered[at] === 0 ? 0 : one))
  const [sums, weights] = [kept, Float32Array.from(covered)].map(
    (data) => gaussian({ ...plane, data }, sigma).data,
  )
  return sums!.map((sum, at) => (covered[at] === 0 ? 0 : sum / weights![at]!))
}

function correlation(a: Float32Array, b: Float32Array, covered: Uint8Array): number {
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

function cutPlane({ width, data }: Plane, region: Region): Plane {
  const part = new Float32Array(region.width * region.height)
  for (let row = 0; row < region.height; row++) {
    const from = (region.y + row) * width + region.x
    part.set(data.subarray(from, from + region.width), row * region.width)
  }
  return { width: region.width, height: region.height, data: part }
}
