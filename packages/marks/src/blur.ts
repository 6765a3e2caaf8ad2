/** Blurs of planes. */

import type { Plane } from './pixels.ts'

/** Mean over a box of 2 `radius` + 1 pixels a side, twice; what lies outside does not count. */
export function blurred(plane: Plane, radius: number): Plane {
  const soft = { ...plane, data: new Float32Array(plane.data.length) }
  const wide = new Float32Array(plane.data.length)
  boxed(plane, radius, wide, soft.data)
  boxed(soft, radius, wide, soft.data)
  return soft
}

/** Rows go to `wide`, and their columns to `blurry`, which may be what was given. */
function boxed(
  { width, height, data }: Plane,
  radius: number,
  wide: Float32Array,
  blurry: Float32Array,
): void {
  for (let y = 0; y < height; y++) boxedRow(data, wide, y * width, width, radius)
  const sums = new Float64Array(width)
  const nothing = new Float32Array(width)
  const line = (y: number) =>
    y >= 0 && y < height ? wide.subarray(y * width, (y + 1) * width) : nothing
  for (let y = 0; y < radius; y++) addLine(sums, line(y))
  for (let y = 0; y < height; y++) {
    const entering = line(y + radius)
    const leaving = line(y - radius - 1)
    const share = 1 / (Math.min(height, y + radius + 1) - Math.max(0, y - radius))
    const row = y * width
    for (let x = 0; x < width; x++) {
      const sum = sums[x]! + entering[x]! - leaving[x]!
      sums[x] = sum
      blurry[row + x] = sum * share
    }
  }
}

function addLine(sums: Float64Array, line: Float32Array): void {
  for (let x = 0; x < sums.length; x++) sums[x]! += line[x]!
}

/** The means of one row, which begins at `row`. */
function boxedRow(
  data: Float32Array,
  wide: Float32Array,
  row: number,
  width: number,
  radius: number,
): void {
  let sum = 0
  let count = Math.min(radius, width)
  for (let at = row; at < row + count; at++) sum += data[at]!
  const begun = Math.min(radius + 1, width)
  for (let x = 0; x < begun; x++) {
    if (x + radius < width) {
      sum += data[row + x + radius]!
      count += 1
    }
    wide[row + x] = sum / count
  }
  const share = 1 / count
  for (let at = row + begun; at < row + width - radius; at++) {
    sum += data[at + radius]! - data[at - radius - 1]!
    wide[at] = sum * share
  }
  for (let x = Math.max(begun, width - radius); x < width; x++) {
    sum -= data[row + x - radius - 1]!
    count -= 1
    wide[row + x] = sum / count
  }
}

/** Gaussian of `sigma` pixels; edges repeat. A sigma near 0 changes nothing. */
export function gaussian({ width, height, data }: Plane, sigma: number): Plane {
  if (sigma < 0.15) return { width, height, data }
  const weights = gaussianWeights(sigma)
  const radius = weights.length - 1
  const wide = new Float32Array(data.length)
  const padded = new Float64Array(width + 2 * radius)
  for (let y = 0; y < height; y++) {
    const row = y * width
    for (let x = 0; x < width; x++) padded[radius + x] = data[row + x]!
    padded.fill(data[row]!, 0, radius)
    padded.fill(data[row + width - 1]!, radius + width)
    for (let x = 0; x < width; x++) {
      const middle = x + radius
      let sum = weights[0]! * padded[middle]!
      for (let at = 1; at <= radius; at++)
        sum += weights[at]! * (padded[middle - at]! + padded[middle + at]!)
      wide[row + x] = sum
    }
  }
  const soft = new Float32Array(data.length)
  const sums = new Float64Array(width)
  const line = (y: number) => {
    const row = Math.min(height - 1, Math.max(0, y))
    return wide.subarray(row * width, (row + 1) * width)
  }
  for (let y = 0; y < height; y++) {
    sums.fill(0)
    addWeighted(sums, weights[0]! / 2, line(y), line(y))
    for (let at = 1; at <= radius; at++) addWeighted(sums, weights[at]!, line(y - at), line(y + at))
    soft.set(sums, y * width)
  }
  return { width, height, data: soft }
}

/** Of the middle and of each distance from it, to either side; together 1. */
function gaussianWeights(sigma: number): Float64Array {
  const weights = Float64Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, at) =>
    Math.exp(-(at ** 2) / (2 * sigma * sigma)),
  )
  const total = weights.reduce((sum, one) => sum + 2 * one, -1)
  return weights.map((one) => one / total)
}

function addWeighted(
  sums: Float64Array,
  weight: number,
  one: Float32Array,
  other: Float32Array,
): void {
  for (let x = 0; x < sums.length; x++) sums[x]! += weight * (one[x]! + other[x]!)
}
