/** Values of chips, read where a lattice says that they lie. */

import type { Plane } from './pixels.ts'

/** Chip (column, row) has its middle at `x0 + (column + ½) ax + (row + ½) bx`, and y alike; in pixels. */
export type Lattice = {
  readonly x0: number
  readonly y0: number
  /** One chip to the right. */
  readonly ax: number
  readonly ay: number
  /** One chip down. */
  readonly bx: number
  readonly by: number
}

/** The chips of a picture: column and row of the first one in their lattice, and values row by row. */
export type ChipField = {
  readonly columns: number
  readonly rows: number
  readonly column0: number
  readonly row0: number
  /** 0 where the picture does not reach. */
  readonly values: Float32Array
}

/** The mean of the picture under a tent of one chip's radius, for each chip whose middle is inside it. */
export function chipField(plane: Plane, lattice: Lattice): ChipField {
  const { x0, y0, ax, ay, bx, by } = lattice
  const range = rangeOf(plane, lattice)
  const { columns, rows, column0, row0 } = range
  const values = new Float32Array(columns * rows)
  const radius = Math.hypot(ax, ay)
  const weights = new Float64Array(Math.floor(2 * radius) + 2)
  for (let row = 0; row < rows; row++) {
    const v = row0 + row + 0.5
    for (let column = 0; column < columns; column++) {
      const u = column0 + column + 0.5
      const x = x0 + u * ax + v * bx - 0.5
      const y = y0 + u * ay + v * by - 0.5
      if (x < 0 || y < 0 || x > plane.width - 1 || y > plane.height - 1) continue
      values[row * columns + column] = tentMean(plane, x, y, radius, weights)
    }
  }
  return { ...range, values }
}

/** Columns and rows between which all corners of the picture lie. */
function rangeOf({ width, height }: Plane, { x0, y0, ax, ay, bx, by }: Lattice) {
  const area = ax * by - ay * bx
  const corners = [0, width].flatMap((x) => [0, height].map((y) => [x - x0, y - y0] as const))
  const columns = corners.map(([x, y]) => (x * by - y * bx) / area)
  const rows = corners.map(([x, y]) => (y * ax - x * ay) / area)
  const column0 = Math.floor(Math.min(...columns))
  const row0 = Math.floor(Math.min(...rows))
  return {
    columns: Math.ceil(Math.max(...columns)) - column0,
    rows: Math.ceil(Math.max(...rows)) - row0,
    column0,
    row0,
  }
}

/** `weights` is a place to keep those of one row. */
function tentMean(
  { width, height, data }: Plane,
  cx: number,
  cy: number,
  radius: number,
  weights: Float64Array,
): number {
  const left = Math.max(0, Math.ceil(cx - radius))
  const wide = Math.min(width - 1, Math.floor(cx + radius)) - left + 1
  const top = Math.max(0, Math.ceil(cy - radius))
  const bottom = Math.min(height - 1, Math.floor(cy + radius))
  const slope = 1 / radius
  let across = 0
  for (let at = 0; at < wide; at++) {
    const weight = 1 - Math.abs(left + at - cx) * slope
    weights[at] = weight
    across += weight
  }
  let sum = 0
  let down = 0
  for (let y = top; y <= bottom; y++) {
    const from = y * width + left
    let line = 0
    for (let at = 0; at < wide; at++) line += weights[at]! * data[from + at]!
    const tall = 1 - Math.abs(y - cy) * slope
    sum += tall * line
    down += tall
  }
  const total = across * down
  return total > 0 ? sum / total : 0
}
