/** One Gauss-Newton step of bringing two pictures over each other. */

import type { Plane } from './pixels.ts'
import type { Affine } from './warp.ts'

/** `contrast` times a grey level of the original and `brightness` is one of the copy. */
export type Light = { readonly contrast: number; readonly brightness: number }

const unknowns = 8
/** A pixel of the copy that differs by this many grey levels counts half. */
const tolerance = 12
/** Coordinates and grey levels are counted in hundreds, so that the unknowns are of one size. */
export const unit = 100

/**
 * What to add to map, contrast and brightness (xx, xy, x0, yx, yy, y0, contrast, brightness; the factors of
 * coordinates and of grey levels times `unit`); null when the pixels do not say. Every `stride`-th
 * pixel of the original counts, across and down.
 *
 * The slope of a pixel by its unknowns is (a x, a y, a, d x, d y, d, -g, -1), where a and d are those of
 * the copy across and down, and g is the grey level of the original. So a row needs the sums of few products,
 * by themselves and times x and its square; y is the same in all of it.
 */
export function stepAt(
  original: Plane,
  { width, height, data }: Plane,
  map: Affine,
  { contrast, brightness }: Light,
  stride: number,
): Float64Array | null {
  const matrix = new Float64Array(unknowns * unknowns)
  const right = new Float64Array(unknowns)
  for (let row = 0; row < original.height; row += stride) {
    let aa = 0
    let aax = 0
    let aaxx = 0
    let ad = 0
    let adx = 0
    let adxx = 0
    let dd = 0
    let ddx = 0
    let ddxx = 0
    let ag = 0
    let agx = 0
    let a1 = 0
    let a1x = 0
    let dg = 0
    let dgx = 0
    let d1 = 0
    let d1x = 0
    let gg = 0
    let g1 = 0
    let ones = 0
    let ar = 0
    let arx = 0
    let dr = 0
    let drx = 0
    let gr = 0
    let r1 = 0
    for (let column = 0; column < original.width; column += stride) {
      const px = map.xx * column + map.xy * row + map.x0
      const py = map.yx * column + map.yy * row + map.y0
      if (px < 1 || py < 1 || px > width - 3 || py > height - 3) continue
      const left = Math.floor(px)
      const fx = px - left
      const top = Math.floor(py)
      const fy = py - top
      const at = top * width + left
      const p = data[at]!
      const q = data[at + 1]!
      const r = data[at + width]!
      const s = data[at + width + 1]!
      const value = (1 - fy) * ((1 - fx) * p + fx * q) + fy * ((1 - fx) * r + fx * s)
      const a = (1 - fy) * (q - p) + fy * (s - r)
      const d = (1 - fx) * (r - p) + fx * (s - q)
      const grey = original.data[row * original.width + column]!
      const off = contrast * grey + brightness - value
      const part = off / tolerance
      const weight = 1 / (1 + part * part)
      const x = column / unit
      const g = grey / unit
      const wa = weight * a
      const wd = weight * d
      const wg = weight * g
      aa += wa * a
      aax += wa * a * x
      aaxx += wa * a * x * x
      ad += wa * d
      adx += wa * d * x
      adxx += wa * d * x * x
      dd += wd * d
      ddx += wd * d * x
      ddxx += wd * d * x * x
      ag += wa * g
      agx += wa * g * x
      a1 += wa
      a1x += wa * x
      dg += wd * g
      dgx += wd * g * x
      d1 += wd
      d1x += wd * x
      gg += wg * g
      g1 += wg
      ones += weight
      ar += wa * off
      arx += wa * off * x
      dr += wd * off
      drx += wd * off * x
      gr += wg * off
      r1 += weight * off
    }
    const y = row / unit
    addSquare(matrix, 0, 0, y, [aa, aax, aaxx])
    addSquare(matrix, 0, 3, y, [ad, adx, adxx])
    addSquare(matrix, 3, 3, y, [dd, ddx, ddxx])
    addLine(matrix, 0, 6, y, [-ag, -agx])
    addLine(matrix, 0, 7, y, [-a1, -a1x])
    addLine(matrix, 3, 6, y, [-dg, -dgx])
    addLine(matrix, 3, 7, y, [-d1, -d1x])
    matrix[6 * unknowns + 6]! += gg
    matrix[6 * unknowns + 7]! += g1
    matrix[7 * unknowns + 7]! += ones
    addRight(right, 0, y, [ar, arx])
    addRight(right, 3, y, [dr, drx])
    right[6]! -= gr
    right[7]! -= r1
  }
  for (let row = 0; row < unknowns; row++) {
    for (let column = 0; column < row; column++)
      matrix[row * unknowns + column] = matrix[column * unknowns + row]!
  }
  return solved(matrix, right)
}

/** Products of two slopes that go with x, y and nothing each: the sum, that times x, and times its square. */
function addSquare(
  matrix: Float64Array,
  row: number,
  column: number,
  y: number,
  [sum, sumX, sumXX]: readonly [number, number, number],
): void {
  const rows = [
    [sumXX, y * sumX, sumX],
    [y * sumX, y * y * sum, y * sum],
    [sumX, y * sum, sum],
  ]
  for (const [down, line] of rows.entries()) {
    for (const [across, one] of line.entries())
      matrix[(row + down) * unknowns + column + across]! += one
  }
}

function addLine(
  matrix: Float64Array,
  row: number,
  column: number,
  y: number,
  [sum, sumX]: readonly [number, number],
): void {
  matrix[row * unknowns + column]! += sumX
  matrix[(row + 1) * unknowns + column]! += y * sum
  matrix[(row + 2) * unknowns + column]! += sum
}

function addRight(
  right: Float64Array,
  row: number,
  y: number,
  [sum, sumX]: readonly [number, number],
): void {
  right[row]! += sumX
  right[row + 1]! += y * sum
  right[row + 2]! += sum
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
