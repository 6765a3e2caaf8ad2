/**
 * Whether a found picture shows what a stored one shows, pixel for pixel: it is laid over the stored
 * one, and the box that tells it from others (a plate, a face) is compared. Cameras that do not move
 * make frames of different cars that agree everywhere else, so nothing makes up for the box; and one
 * vehicle has one plate in all of its photographs, so what stands around it has to agree, too.
 */

import { align } from '../align.ts'
import { type Region, withoutBorder } from '../hash/trim-border.ts'
import { lumaOf, type Pixels, type Plane } from '../pixels.ts'
import { registration } from '../register.ts'
import { type Affine, scaleOf } from '../warp.ts'
import { correlation, cutPlane, grown, type Pair, pairOf, share, sideMin, within } from './pair.ts'
import { surroundingsOf } from './surroundings.ts'

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
      /** Correlation of what stands around the box; null where too little of it is in both. */
      readonly around: number | null
      /** Whether the found picture shows nothing around the box that could be compared. */
      readonly bare: boolean
    }
  /** They share too little to be laid over each other. */
  | { readonly kind: 'unlike' }

/** Around the box, of its size: the frame of a plate says as much as its strokes. */
const margin = 0.15
/** With less of a box and its margin, and less of the box alone, it is not compared: a crop may end at the box. */
const seenMin = { withMargin: 0.6, alone: 0.9 }

/** A reader that takes a whole crop for a plate says nothing of its margin: so much of it may be the plate. */
const sharesOfBox = [1, 0.87, 0.76, 0.66]
/** From here on, with what stands around it, the box says that it is the same picture. */
const settled = { box: 0.95, grain: 0.8, around: 0.9 }
/** Below this the box differs, whatever stands around it. */
const boxAlike = 0.9

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
  const shown = withoutBorder(found)
  const tried: Laidover[] = []
  for (const hint of boxes.found) {
    for (const share of hint.loose ? sharesOfBox : [1]) {
      const map = alignedNear(whole, copy, boxes.stored, shrunk(hint.box, share))
      const laid = compared(copy, whole, { map, agreeing: null, shown }, boxes.stored)
      if (isSettled(laid)) return laid
      tried.push(laid)
    }
  }
  const byCorners = boxes.corners ? registration(whole, copy) : null
  if (byCorners !== null) tried.push(compared(copy, whole, { ...byCorners, shown }, boxes.stored))
  const best = tried.toSorted((a, b) => standing(b) - standing(a))[0]
  return best ?? { kind: 'unlike' }
}

function isSettled({ box, grain, around, bare }: Laidover): boolean {
  if (box === null || box < settled.box || grain === null || grain < settled.grain) return false
  return bare || (around !== null && around >= settled.around)
}

/** By its box; of two that are about equal the one that its surroundings and corners agree on, too. */
function standing({ box, agreeing, around }: Laidover): number {
  return (box ?? -1) + (agreeing === null ? 0 : 0.02) + 0.05 * (around ?? 0)
}

function shrunk({ x, y, width, height }: Region, share: number): Region {
  const [across, down] = [(width * (1 - share)) / 2, (height * (1 - share)) / 2]
  return { x: x + across, y: y + down, width: width * share, height: height * share }
}

type Laidover = Extract<Likeness, { kind: 'laid' }>
type Laid = {
  readonly map: Affine
  readonly agreeing: number | null
  /** What the copy shows within its border. */
  readonly shown: Region
}

function compared(copy: Plane, whole: Plane, laid: Laid, stored: Region): Laidover {
  const { map, agreeing } = laid
  const all = { x: 0, y: 0, width: whole.width, height: whole.height }
  const part = pairOf(copy, whole, map, grown(stored, { x: margin, y: margin }, whole))
  const seen = part !== null && isSeen(part, stored)
  const frame = agreeing === null ? null : pairOf(copy, whole, map, all)
  const box = seen ? correlated(part) : null
  const around =
    box === null || box < boxAlike
      ? { around: null, bare: false }
      : surroundingsOf(copy, whole, laid, stored, margin)
  return {
    kind: 'laid',
    agreeing,
    box,
    grain: seen ? grainOf(part, map) : null,
    frame: frame !== null && share(frame, all) >= seenMin.withMargin ? correlated(frame) : null,
    ...around,
  }
}

/** Only the neighbourhoods of the boxes are aligned: in a crop there is nothing else. */
function alignedNear(whole: Plane, copy: Plane, stored: Region, found: Region): Affine {
  const [near, there] = [
    grown(stored, { x: 0.6, y: 0.6 }, whole),
    grown(found, { x: 0.8, y: 0.8 }, copy),
  ]
  if (near.width < sideMin || there.width < sideMin) return between(stored, found)
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

function isSeen(pair: Pair, box: Region): boolean {
  return share(pair, pair.region) >= seenMin.withMargin || share(pair, box) >= seenMin.alone
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
