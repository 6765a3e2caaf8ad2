/** Where a box of a stored picture lies in a found one that looks like it as a whole, cut by little at most. */

import { align } from '../align.ts'
import { type Region, withoutBorder } from '../hash/trim-border.ts'
import { lumaOf, type Pixels, type Plane } from '../pixels.ts'
import { type Affine, resized } from '../warp.ts'

/** Longest side at which frames are laid over each other: what is cut off is a pixel or two there. */
const sideMax = 160

/** Corner to corner within the borders of both, then moved to where all pixels agree best. */
export function boxByFrame(found: Pixels, stored: Pixels, box: Region): Region {
  const [there, here] = [withoutBorder(stored), withoutBorder(found)]
  const [across, down] = [here.width / there.width, here.height / there.height]
  const rough: Affine = {
    xx: across,
    xy: 0,
    x0: here.x - across * there.x,
    yx: 0,
    yy: down,
    y0: here.y - down * there.y,
  }
  const [original, copy] = [small(stored), small(found)]
  const scaled = rescaled(rough, 1 / original.scale, copy.scale)
  const exact = align(original.plane, copy.plane, scaled)
  const map = rescaled(exact, original.scale, 1 / copy.scale)
  return {
    x: map.xx * box.x + map.xy * box.y + map.x0,
    y: map.yx * box.x + map.yy * box.y + map.y0,
    width: map.xx * box.width,
    height: map.yy * box.height,
  }
}

function small(pixels: Pixels): { readonly plane: Plane; readonly scale: number } {
  const luma = lumaOf(pixels)
  const scale = Math.min(1, sideMax / Math.max(luma.width, luma.height))
  return { plane: scale === 1 ? luma : resizedInHalves(luma, scale), scale }
}

/** As `resized`; to soften by little again and again costs a fifth of softening by much once. */
function resizedInHalves(plane: Plane, scale: number): Plane {
  return scale > 0.5 ? resized(plane, scale) : resizedInHalves(resized(plane, 0.5), 2 * scale)
}

/** The map from an original whose pixels are `from` times as small, to a copy that is scaled by `to`. */
function rescaled({ xx, xy, x0, yx, yy, y0 }: Affine, from: number, to: number): Affine {
  return {
    xx: xx * from * to,
    xy: xy * from * to,
    x0: x0 * to,
    yx: yx * from * to,
    yy: yy * from * to,
    y0: y0 * to,
  }
}
