/** Planes moved, scaled and turned. */

import { gaussian } from './blur.ts'
import type { Plane } from './pixels.ts'

/** Takes (x, y) to (xx x + xy y + x0, yx x + yy y + y0); pixels have whole numbers in their middles. */
export type Affine = {
  readonly xx: number
  readonly xy: number
  readonly x0: number
  readonly yx: number
  readonly yy: number
  readonly y0: number
}

/** How many times larger areas become, as a length. */
export function scaleOf({ xx, xy, yx, yy }: Affine): number {
  return Math.sqrt(Math.abs(xx * yy - xy * yx))
}

/** The plane at another size, softened first when it becomes smaller. */
export function resized(plane: Plane, scale: number): Plane {
  const width = Math.max(1, Math.round(plane.width * scale))
  const height = Math.max(1, Math.round(plane.height * scale))
  const soft = scale < 1 ? gaussian(plane, 0.5 * Math.sqrt(1 / (scale * scale) - 1)) : plane
  const back = 1 / scale
  const half = back / 2 - 0.5
  const map = { xx: back, xy: 0, x0: half, yx: 0, yy: back, y0: half }
  return warped(soft, map, width, height, 'edge').plane
}

export type Warped = {
  readonly plane: Plane
  /** 1 where the plane reaches. */
  readonly covered: Uint8Array
}

/** What lies at `map` of each pixel of a new plane, between four neighbours; beyond it 0 or the edge. */
export function warped(
  { width, height, data }: Plane,
  map: Affine,
  newWidth: number,
  newHeight: number,
  beyond: 'none' | 'edge',
): Warped {
  const moved = new Float32Array(newWidth * newHeight)
  const covered = new Uint8Array(newWidth * newHeight)
  for (let y = 0, to = 0; y < newHeight; y++) {
    for (let x = 0; x < newWidth; x++, to++) {
      let px = map.xx * x + map.xy * y + map.x0
      let py = map.yx * x + map.yy * y + map.y0
      if (px < 0 || py < 0 || px > width - 1 || py > height - 1) {
        if (beyond === 'none') continue
        px = Math.min(width - 1, Math.max(0, px))
        py = Math.min(height - 1, Math.max(0, py))
      }
      const left = Math.min(width - 2, Math.floor(px))
      const top = Math.min(height - 2, Math.floor(py))
      const fx = px - left
      const fy = py - top
      const at = top * width + left
      moved[to] =
        (1 - fy) * ((1 - fx) * data[at]! + fx * data[at + 1]!) +
        fy * ((1 - fx) * data[at + width]! + fx * data[at + width + 1]!)
      covered[to] = 1
    }
  }
  return { plane: { width: newWidth, height: newHeight, data: moved }, covered }
}
