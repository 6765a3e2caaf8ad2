/** Blurs of planes. */

import type { Plane } from './pixels.ts'

/** Mean over a box of 2 `radius` + 1 pixels a side, twice; what lies outside does not count. */
export function blurred(plane: Plane, radius: number): Plane {
  return boxed(boxed(plane, radius), radius)
}

function boxed({ width, height, data }: Plane, radius: number): Plane {
  const wide = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const row = y * width
    let sum = 0
    let count = 0
    for (let x = 0; x < Math.min(radius, width); x++) {
      sum += data[row + x]!
      count += 1
    }
    for (let x = 0; x < width; x++) {
      if (x + radius < width) {
        sum += data[row + x + radius]!
        count += 1
      }
      if (x - radius - 1 >= 0) {
        sum -= data[row + x - radius - 1]!
        count -= 1
      }
      wide[row + x] = sum / count
    }
  }
  const blurry = new Float32Array(data.length)
  const sums = new Float64Array(width)
  let count = 0
  const add = (y: number, sign: number) => {
    const row = y * width
    for (let x = 0; x < width; x++) sums[x]! += sign * wide[row + x]!
    count += sign
  }
  for (let y = 0; y < Math.min(radius, height); y++) add(y, 1)
  for (let y = 0; y < height; y++) {
    if (y + radius < height) add(y + radius, 1)
    if (y - radius - 1 >= 0) add(y - radius - 1, -1)
    const row = y * width
    for (let x = 0; x < width; x++) blurry[row + x] = sums[x]! / count
  }
  return { width, height, data: blurry }
}

/** Gaussian of `sigma` pixels; edges repeat. A sigma near 0 changes nothing. */
export function gaussian({ width, height, data }: Plane, sigma: number): Plane {
  if (sigma < 0.15) return { width, height, data }
  const radius = Math.ceil(3 * sigma)
  const weights = Float32Array.from({ length: 2 * radius + 1 }, (_, at) =>
    Math.exp(-((at - radius) ** 2) / (2 * sigma * sigma)),
  )
  const total = weights.reduce((sum, one) => sum + one, 0)
  const wide = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const row = y * width
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let at = -radius; at <= radius; at++) {
        const from = x + at < 0 ? 0 : x + at >= width ? width - 1 : x + at
        sum += weights[at + radius]! * data[row + from]!
      }
      wide[row + x] = sum / total
    }
  }
  const soft = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const row = y * width
    for (let at = -radius; at <= radius; at++) {
      const from = (y + at < 0 ? 0 : y + at >= height ? height - 1 : y + at) * width
      const weight = weights[at + radius]! / total
      for (let x = 0; x < width; x++) soft[row + x]! += weight * wide[from + x]!
    }
  }
  return { width, height, data: soft }
}
