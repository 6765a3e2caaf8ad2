/** How much a picture hides at each chip. */

import type { Pixels } from './pixels.ts'

/** Where a picture is read by people and machines: upright, in its pixels. */
export type Area = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export type Activity = {
  readonly columns: number
  readonly rows: number
  /** Strength of the mark at each chip, from how busy its surroundings are. */
  readonly masks: Float32Array
  /** Share of the chips around which anything changes at all. */
  readonly busyShare: number
}

/** Luma that changes by this much (standard deviation) takes a mark of the mean strength. */
const middling = 8
const [maskMin, maskMax] = [0.55, 2.2]
const busyFrom = 0.4
/** Share of its strength that is left of a mark where it is spared. */
const sparedShare = 0.25

/** Standard deviation of luma over 3 by 3 chips around each chip, as strengths; less in `spare`. */
export function activityOf(pixels: Pixels, pitch: number, spare: readonly Area[] = []): Activity {
  const columns = Math.ceil(pixels.width / pitch)
  const rows = Math.ceil(pixels.height / pitch)
  const sums = sumsOf(pixels, pitch, columns, rows)
  const [count, sum, square] = sums.map((one) => neighbourhood(one, columns, rows))
  const masks = new Float32Array(columns * rows)
  let busy = 0
  for (let at = 0; at < masks.length; at++) {
    const mean = sum![at]! / count![at]!
    const deviation = Math.sqrt(Math.max(0, square![at]! / count![at]! - mean * mean))
    if (deviation > busyFrom) busy += 1
    masks[at] = Math.min(maskMax, Math.max(maskMin, deviation / middling))
  }
  for (const area of spare) weaken(masks, area, { pitch, columns, rows })
  return { columns, rows, masks, busyShare: busy / masks.length }
}

/** Every chip that reaches into `area`, and the one beside it: chips run into each other. */
function weaken(
  masks: Float32Array,
  { x, y, width, height }: Area,
  {
    pitch,
    columns,
    rows,
  }: { readonly pitch: number; readonly columns: number; readonly rows: number },
): void {
  const [left, right] = [Math.floor(x / pitch) - 1, Math.ceil((x + width) / pitch) + 1]
  const [top, bottom] = [Math.floor(y / pitch) - 1, Math.ceil((y + height) / pitch) + 1]
  for (let row = Math.max(0, top); row < Math.min(rows, bottom); row++) {
    for (let column = Math.max(0, left); column < Math.min(columns, right); column++)
      masks[row * columns + column]! *= sparedShare
  }
}

/** Pixels, luma and its squares summed over each chip. */
function sumsOf(
  { width, height, channels, data }: Pixels,
  pitch: number,
  columns: number,
  rows: number,
) {
  const count = new Float64Array(columns * rows)
  const sum = new Float64Array(columns * rows)
  const square = new Float64Array(columns * rows)
  const ends = Int32Array.from({ length: columns }, (_, column) =>
    Math.min(width, Math.ceil((column + 1) * pitch - 0.5)),
  )
  for (let y = 0, from = 0; y < height; y++) {
    const row = Math.min(rows - 1, Math.floor((y + 0.5) / pitch)) * columns
    for (let column = 0, x = 0; column < columns; column++) {
      const end = ends[column]!
      const begin = x
      let [lumas, squares] = [0, 0]
      for (; x < end; x++, from += channels) {
        const luma =
          channels === 1
            ? data[from]!
            : (77 * data[from]! + 150 * data[from + 1]! + 29 * data[from + 2]!) >> 8
        lumas += luma
        squares += luma * luma
      }
      count[row + column]! += end - begin
      sum[row + column]! += lumas
      square[row + column]! += squares
    }
  }
  return [count, sum, square] as const
}

/** Sums over each chip and its eight neighbours. */
function neighbourhood(values: Float64Array, columns: number, rows: number): Float64Array {
  const wide = new Float64Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column
      wide[at] =
        values[at]! +
        (column > 0 ? values[at - 1]! : 0) +
        (column < columns - 1 ? values[at + 1]! : 0)
    }
  }
  const sums = new Float64Array(values.length)
  for (let at = 0; at < wide.length; at++) {
    const above = at >= columns ? wide[at - columns]! : 0
    const below = at + columns < wide.length ? wide[at + columns]! : 0
    sums[at] = wide[at]! + above + below
  }
  return sums
}
