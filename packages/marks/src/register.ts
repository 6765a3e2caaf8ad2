/** Where in a found copy each pixel of an original lies: by corners that agree, then by all pixels. */

import { align } from './align.ts'
import { chanceOf } from './chance.ts'
import { type Corner, cornersAt, type Pair, pairsOf } from './corners.ts'
import type { Plane } from './pixels.ts'
import { type Affine, resized } from './warp.ts'

/** Longest side that corners are looked for at. */
const sideMax = 640
const cornersOfFound = 500
const cornersOfLevel = 420
/** Scales of the original that a copy is compared with, a quarter apart. */
const levels = Array.from({ length: 9 }, (_, at) => 1.25 ** (2 - at))
const rounds = 3000
const agreeWithin = 3
const agreeingMin = 12

export type Registration = {
  /** From the original's pixels to the copy's, exact to a fraction of a pixel. */
  readonly map: Affine
  /** Pairs of corners that agree on it. */
  readonly agreeing: number
}

/** The map from the original's pixels to the copy's; null when they share too little. */
export function register(original: Plane, found: Plane): Affine | null {
  return registration(original, found)?.map ?? null
}

/** The same, with how many corners it rests on. */
export function registration(original: Plane, found: Plane): Registration | null {
  const smaller = Math.min(1, sideMax / Math.max(found.width, found.height))
  const common = Math.min(1, sideMax / Math.max(original.width, original.height))
  const scaledFound = smaller === 1 ? found : resized(found, smaller)
  const scaledOriginal = common === 1 ? original : resized(original, common)
  const foundCorners = cornersAt(scaledFound, 1, cornersOfFound)
  const originalCorners: Corner[] = levels
    .filter((level) => Math.max(scaledOriginal.width, scaledOriginal.height) * level >= 100)
    .flatMap((level) => cornersAt(scaledOriginal, level, cornersOfLevel))
  const rough = agreement(pairsOf(originalCorners, foundCorners))
  if (rough === null) return null
  const { map, agreeing } = rough
  return { map: align(original, found, rescaled(map, common, smaller)), agreeing }
}

/** A map between planes that were scaled, as one between them unscaled. */
function rescaled(map: Affine, from: number, to: number): Affine {
  const ratio = from / to
  const place = (xx: number, xy: number, at: number) =>
    (xx * (0.5 * from - 0.5) + xy * (0.5 * from - 0.5) + at + 0.5) / to - 0.5
  return {
    xx: map.xx * ratio,
    xy: map.xy * ratio,
    x0: place(map.xx, map.xy, map.x0),
    yx: map.yx * ratio,
    yy: map.yy * ratio,
    y0: place(map.yx, map.yy, map.y0),
  }
}

/** The similarity that most pairs agree on: of any two of them, tried by chance; the same in every run. */
function agreement(pairs: readonly Pair[]): Registration | null {
  if (pairs.length < agreeingMin) return null
  const chance = chanceOf(1)
  let best: { readonly map: Affine; readonly agreeing: readonly Pair[] } | null = null
  for (let round = 0; round < rounds; round++) {
    const one = pairs[Math.floor(chance() * pairs.length)]!
    const other = pairs[Math.floor(chance() * pairs.length)]!
    const map = similarityOf(one, other)
    if (map === null) continue
    const agreeing = pairs.filter((pair) => distance(map, pair) < agreeWithin)
    if (best === null || agreeing.length > best.agreeing.length) best = { map, agreeing }
  }
  if (best === null || best.agreeing.length < agreeingMin) return null
  return { map: bestSimilarity(best.agreeing), agreeing: best.agreeing.length }
}

function distance({ xx, xy, x0, yx, yy, y0 }: Affine, { from, to }: Pair): number {
  return Math.hypot(xx * from.x + xy * from.y + x0 - to.x, yx * from.x + yy * from.y + y0 - to.y)
}

/** Null when the two are too near to say, or would turn or scale further than copies are. */
function similarityOf(one: Pair, other: Pair): Affine | null {
  const [ux, uy] = [other.from.x - one.from.x, other.from.y - one.from.y]
  const [vx, vy] = [other.to.x - one.to.x, other.to.y - one.to.y]
  const length = ux * ux + uy * uy
  if (length < 900 || vx * vx + vy * vy < 400) return null
  const c = (ux * vx + uy * vy) / length
  const s = (ux * vy - uy * vx) / length
  const scale = Math.hypot(c, s)
  if (scale < 0.15 || scale > 4 || c < 0.9 * scale) return null
  return mapOf(c, s, one.from.x, one.from.y, one.to.x, one.to.y)
}

/** The similarity with the least squared distances. */
function bestSimilarity(pairs: readonly Pair[]): Affine {
  const mean = (of: (pair: Pair) => number) =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length
  const [fx, fy] = [mean(({ from }) => from.x), mean(({ from }) => from.y)]
  const [tx, ty] = [mean(({ to }) => to.x), mean(({ to }) => to.y)]
  const length = mean(({ from }) => (from.x - fx) ** 2 + (from.y - fy) ** 2)
  const c = mean(({ from, to }) => (from.x - fx) * (to.x - tx) + (from.y - fy) * (to.y - ty))
  const s = mean(({ from, to }) => (from.x - fx) * (to.y - ty) - (from.y - fy) * (to.x - tx))
  return mapOf(c / length, s / length, fx, fy, tx, ty)
}

function mapOf(c: number, s: number, fx: number, fy: number, tx: number, ty: number): Affine {
  return { xx: c, xy: -s, x0: tx - c * fx + s * fy, yx: s, yy: c, y0: ty - s * fx - c * fy }
}
