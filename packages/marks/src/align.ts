/** Brings two pictures that nearly lie over each other to a fraction of a pixel, by all of their pixels. */

import { gaussian } from './blur.ts'
import type { Plane } from './pixels.ts'
import { type Affine, resized, scaleOf } from './warp.ts'

const unknowns = 8
const rounds = 8
/** Pixels of the original that are looked at in one round, about. */
const pixelsMax = 160_000
/** A pixel of the copy that differs by this many grey levels counts half. */
const tolerance = 12

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

/** Coordinates and grey levels are counted in hundreds, so that the unknowns are of one size. */
const unit = 100

function stepAt(
  original: Plane,
  { width, height, data }: Plane,
  map: Affine,
  { contrast, brightness }: { readonly contrast: number; readonly brightness: number },
  stride: number,
): Float64Array | null {
  const matrix = new Float64Array(unknowns * unknowns)
  const right = new Float64Array(unknowns)
  const slope = new Float64Array(unknowns)
  for (let y = 0; y < original.height; y += stride) {
    for (let x = 0; x < original.width; x += stride) {
      const px = map.xx * x + map.xy * y + map.x0
      const py = map.yx * x + map.yy * y + map.y0
      if (px < 1 || py < 1 || px > width - 3 || py > height - 3) continue
      const left = Math.floor(px)
      const fx = px - left
      const top = Math.floor(py)
      const fy = py - top
      const at = top * width + left
      const a = data[at]!
      const b = data[at + 1]!
      const c = data[at + width]!
      const d = data[at + width + 1]!
      const value = (1 - fy) * ((1 - fx) * a + fx * b) + fy * ((1 - fx) * c + fx * d)
      const across = (1 - fy) * (b - a) + fy * (d - c)
      const down = (1 - fx) * (c - a) + fx * (d - b)
      const grey = original.data[y * original.width + x]!
      const off = contrast * grey + brightness - value
      const weight = 1 / (1 + (off / tolerance) ** 2)
      slope[0] = (across * x) / unit
      slope[1] = (across * y) / unit
      slope[2] = across
      slope[3] = (down * x) / unit
      slope[4] = (down * y) / unit
      slope[5] = down
      slope[6] = -grey / unit
      slope[7] = -1
      for (let row = 0; row < unknowns; row++) {
        const weighted = weight * slope[row]!
        right[row]! += weighted * off
        for (let column = row; column < unknowns; column++) {
          matrix[row * unknowns + column]! += weighted * slope[column]!
        }
      }
    }
  }
  for (let row = 0; row < unknowns; row++) {
    for (let column = 0; column < row; column++) {
      matrix[row * unknowns + column] = matrix[column * unknowns + row]!
    }
  }
  return solved(matrix, right)
}

/** Gaussian elimination with pivots; null when there is no one solution. */
function solved(matrix: Float64Array, right: Float64Array): Float64Array | null {
  const n = right.length
  for (let pivot = 0; pivot < n; pivot++) {
    let best = pivot
    for (let row = pivot + 1; row < n; row++) {
      if (Math.abs(matrix[row * n + pivot]!) > Math.abs(matrix[best * n + pivot]!)) best = row
    }
    if (Math.abs(matrix[best * n + pivot]!) < 1e-9) return null
    for (let column = 0; column < n; column++) {
      const kept = matrix[pivot * n + column]!
      matrix[pivot * n + column] = matrix[best * n + column]!
      matrix[best * n + column] = kept
    }
    const kept = right[pivot]!
    right[pivot] = right[best]!
    right[best] = kept
    for (let row = 0; row < n; row++) {
      if (row === pivot) continue
      const factor = matrix[row * n + pivot]! / matrix[pivot * n + pivot]!
      for (let column = pivot; column < n; column++) {
        matrix[row * n + column]! -= factor * matrix[pivot * n + column]!
      }
      right[row]! -= factor * right[pivot]!
    }
  }
  return right.map((one, at) => one / matrix[at * n + at]!)
}
