/** Brings two pictures that nearly lie over each other to a fraction of a pixel, by all of their pixels. */

import { stepAt, unit } from './align-step.ts'
import { gaussian } from './blur.ts'
import type { Plane } from './pixels.ts'
import { type Affine, resized, scaleOf } from './warp.ts'

const rounds = 8
/** Pixels of the original that are looked at in one round, about. */
const pixelsMax = 160_000

/** `rough` made exact: an affine map of the original's pixels to the copy's, brightness and contrast aside. */
export function align(original: Plane, found: Plane, rough: Affine): Affine {
  // The sharper of the two is softened to the resolution of the other.
  const scale = scaleOf(rough)
  const soft = scale < 1 ? gaussian(original, 0.5 * Math.sqrt(1 / (scale * scale) - 1)) : original
  const coarse = alignAt(resized(soft, 0.5), gaussian(found, Math.max(0.8, scale)), halved(rough))
  return alignAt(gaussian(soft, 0.7), gaussian(found, 0.7), doubled(coarse))
}

/** The map of an original of half the size. */
function halved({ xx, xy, x0, yx, yy, y0 }: Affine): Affine {
  return {
    xx: 2 * xx,
    xy: 2 * xy,
    x0: x0 + 0.5 * (xx + xy),
    yx: 2 * yx,
    yy: 2 * yy,
    y0: y0 + 0.5 * (yx + yy),
  }
}

function doubled({ xx, xy, x0, yx, yy, y0 }: Affine): Affine {
  return {
    xx: xx / 2,
    xy: xy / 2,
    x0: x0 - 0.25 * (xx + xy),
    yx: yx / 2,
    yy: yy / 2,
    y0: y0 - 0.25 * (yx + yy),
  }
}

/** Gauss-Newton steps on map, contrast and brightness. */
function alignAt(original: Plane, found: Plane, rough: Affine): Affine {
  const stride = Math.max(1, Math.round(Math.sqrt((original.width * original.height) / pixelsMax)))
  let map = rough
  let light = { contrast: 1, brightness: 0 }
  for (let round = 0; round < rounds; round++) {
    const step = stepAt(original, found, map, light, stride)
    if (step === null) return map
    map = {
      xx: map.xx + step[0]! / unit,
      xy: map.xy + step[1]! / unit,
      x0: map.x0 + step[2]!,
      yx: map.yx + step[3]! / unit,
      yy: map.yy + step[4]! / unit,
      y0: map.y0 + step[5]!,
    }
    light = {
      contrast: light.contrast + step[6]! / unit,
      brightness: light.brightness + step[7]!,
    }
  }
  return map
}
