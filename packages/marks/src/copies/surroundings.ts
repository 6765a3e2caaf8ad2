/**
 * Whether what stands around a box agrees, too. A plate of one vehicle in two photographs can agree in its finest
 * strokes: it is flat, and the same. What surrounds it is not flat, so that two places of a camera, or two moments of a
 * moving vehicle, do not lay it over each other.
 */

import { align } from '../align.ts'
import { gaussian } from '../blur.ts'
import type { Region } from '../hash/trim-border.ts'
import type { Plane } from '../pixels.ts'
import { type Affine, scaleOf } from '../warp.ts'
import { correlation, cutPlane, grown, type Pair, pairOf, sideMin, within } from './pair.ts'

export type Surroundings = {
  /** Correlation of what both show around the box, -1 to 1; null where that is too little, or has no edges. */
  readonly around: number | null
  /** Whether the found picture shows little beyond the box itself, or nothing there to compare: then the box is all there is. */
  readonly bare: boolean
}

/** So many times the width of the box on each side. */
const reach = 2
/** Beside the box and the margin that is compared with it, in areas of the box: less says nothing. */
const areasMin = 2
/** Of the width of the box: a stroke is four times as wide. */
const movedMax = 1 / 60
/** Standard deviation of edges, in grey levels: what is flatter is noise, as around a plate in infrared light at night. */
const edgesMin = 3

/**
 * `map` takes the stored picture's pixels to the copy's and is exact at the box `stored`; `margin` is what was compared
 * around it, of its size. `shown` is what the copy shows within its border.
 */
export function surroundingsOf(
  copy: Plane,
  whole: Plane,
  { map, shown }: { readonly map: Affine; readonly shown: Region },
  stored: Region,
  margin: number,
): Surroundings {
  const beyond = { x: reach, y: (reach * stored.width) / stored.height }
  const area = stored.width * stored.height
  if (
    areaShown(map, shown, spread(stored, beyond)) - (1 + 2 * margin) ** 2 * area <
    areasMin * area
  )
    return { around: null, bare: true }
  const near = grown(stored, beyond, whole)
  const inner = grown(stored, { x: margin, y: margin }, whole)
  const again = alignedAround(copy, whole, map, near)
  // One map has to explain both: else what stands around the box has moved against it.
  const maps = leaves(again, map, stored) ? [map] : [map, again]
  const edges = maps.flatMap((one) => {
    const pair = pairOf(copy, whole, one, near)
    return pair === null ? [] : [edgesAround(pair, one, stored, inner)]
  })
  const compared = edges.filter(({ pixels }) => pixels >= areasMin * area)
  if (compared.length === 0) return { around: null, bare: false }
  if (compared.every(({ deviation }) => deviation < edgesMin)) return { around: null, bare: true }
  return { around: Math.max(...compared.map(({ alike }) => alike)), bare: false }
}

/** A map that is exact at the box is off by pixels far from it: all that is near is aligned once more. */
function alignedAround(copy: Plane, whole: Plane, map: Affine, near: Region): Affine {
  const there = grown(covering(map, near), { x: 0.1, y: 0.1 }, copy)
  if (Math.min(there.width, there.height) < sideMin) return map
  const rough = {
    ...map,
    x0: map.xx * near.x + map.xy * near.y + map.x0 - there.x,
    y0: map.yx * near.x + map.yy * near.y + map.y0 - there.y,
  }
  const exact = align(cutPlane(whole, near), cutPlane(copy, there), rough)
  return {
    ...exact,
    x0: exact.x0 - exact.xx * near.x - exact.xy * near.y + there.x,
    y0: exact.y0 - exact.yx * near.x - exact.yy * near.y + there.y,
  }
}

/** Whether a map takes a corner of the box to another place than the map that is exact there. */
function leaves(map: Affine, exact: Affine, box: Region): boolean {
  const most = Math.max(1, movedMax * box.width * scaleOf(exact))
  return cornersOf(box).some(([x, y]) => {
    const [one, other] = [placed(map, x, y), placed(exact, x, y)]
    return Math.hypot(one[0] - other[0], one[1] - other[1]) > most
  })
}

/** Edges as fine as strokes and somewhat coarser: light changes what is coarser still, noise what is finer. */
function edgesAround(pair: Pair, map: Affine, { width }: Region, inner: Region) {
  const { region, stored, found, covered } = pair
  const around = covered.slice()
  for (let y = inner.y; y < inner.y + inner.height; y++) {
    const from = (y - region.y) * region.width + inner.x - region.x
    around.fill(0, from, from + inner.width)
  }
  const sigma = Math.max(0.8, width / 120 / Math.min(1, scaleOf(map)))
  const edges = (plane: Plane) => {
    const [fine, coarse] = [gaussian(plane, 0.7).data, within(plane, covered, 4 * sigma)]
    return fine.map((one, at) => one - coarse[at]!)
  }
  const [here, there] = [edges(stored), edges(found)]
  const pixels = around.reduce((sum, one) => sum + one, 0)
  const squares = here.reduce((sum, one, at) => sum + around[at]! * one * one, 0)
  return {
    pixels,
    deviation: Math.sqrt(squares / Math.max(1, pixels)),
    alike: correlation(here, there, around),
  }
}

function spread({ x, y, width, height }: Region, by: { x: number; y: number }): Region {
  return {
    x: x - by.x * width,
    y: y - by.y * height,
    width: width * (1 + 2 * by.x),
    height: height * (1 + 2 * by.y),
  }
}

/** Pixels of `region` that lie where the copy shows something, by a grid of places in it. */
function areaShown(map: Affine, shown: Region, { x, y, width, height }: Region): number {
  const steps = 48
  let seen = 0
  for (let row = 0; row < steps; row++) {
    for (let column = 0; column < steps; column++) {
      const [atX, atY] = [x + ((column + 0.5) / steps) * width, y + ((row + 0.5) / steps) * height]
      const [foundX, foundY] = placed(map, atX, atY)
      if (foundX < shown.x || foundX >= shown.x + shown.width) continue
      if (foundY >= shown.y && foundY < shown.y + shown.height) seen += 1
    }
  }
  return (seen / steps ** 2) * width * height
}

/** The upright region that holds all corners of `region` in the copy. */
function covering(map: Affine, region: Region): Region {
  const corners = cornersOf(region).map(([x, y]) => placed(map, x, y))
  const [xs, ys] = [corners.map(([one]) => one), corners.map(([, one]) => one)]
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top }
}

function cornersOf({ x, y, width, height }: Region): readonly [number, number][] {
  return [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ]
}

function placed({ xx, xy, x0, yx, yy, y0 }: Affine, x: number, y: number): [number, number] {
  return [xx * x + xy * y + x0, yx * x + yy * y + y0]
}
