/** The blur that PDQ samples from: two passes of a box along rows and columns, near to a tent. */

import type { Plane } from '../pixels.ts'

const passes = 2
const block = 64

/** A window of a 128th of each side, rounded up; at the edges the box is as much of it as there is. */
export function blurred({ width, height, data }: Plane): Plane {
  const inRow = windowOf(width)
  const inColumn = windowOf(height)
  let from = Float32Array.from(data)
  let to = new Float32Array(data.length)
  for (let pass = 0; pass < passes; pass++) {
    for (let row = 0; row < height; row++) box(from, to, row * width, width, 1, inRow)
    ;[from, to] = [to, from]
    for (let column = 0; column < width; column++) box(from, to, column, height, width, inColumn)
    ;[from, to] = [to, from]
  }
  return { width, height, data: from }
}

function windowOf(length: number): number {
  return Math.floor((length + 2 * block - 1) / (2 * block))
}

/** Means over a sliding window, in single precision as the published code has them. */
function box(
  from: Float32Array,
  to: Float32Array,
  start: number,
  length: number,
  stride: number,
  wanted: number,
): void {
  const window = Math.min(wanted, length)
  const lead = Math.floor((window + 2) / 2) - 1
  let sum = 0
  let count = 0
  let entering = start
  let leaving = start
  let writing = start
  for (; count < lead; count++, entering += stride) sum = Math.fround(sum + from[entering]!)
  while (count < window) {
    sum = Math.fround(sum + from[entering]!)
    entering += stride
    count += 1
    to[writing] = sum / count
    writing += stride
  }
  for (let step = window; step < length; step++) {
    sum = Math.fround(Math.fround(sum + from[entering]!) - from[leaving]!)
    entering += stride
    leaving += stride
    to[writing] = sum / window
    writing += stride
  }
  for (let step = 0; step < lead; step++) {
    sum = Math.fround(sum - from[leaving]!)
    leaving += stride
    count -= 1
    to[writing] = sum / count
    writing += stride
  }
}
