/** Pixels of a picture, moved, turned and scaled, as the planes that a network takes. */

import type { Picture } from '../picture.ts'

/** Where an output pixel lies in the picture: x' = a·x − b·y + tx, y' = b·x + a·y + ty (pixel centres at halves). */
export type Similarity = {
  readonly a: number
  readonly b: number
  readonly tx: number
  readonly ty: number
}

/** How a network wants its numbers: (byte − mean) · scale, in this order of colours. */
export type Normalisation = {
  readonly mean: readonly [number, number, number]
  readonly scale: readonly [number, number, number]
  readonly order: 'rgb' | 'bgr'
}

export type Target = {
  readonly width: number
  readonly height: number
  /** Three planes of this picture, written to from `offset` on. */
  readonly data: Float32Array
  readonly offset?: number
  readonly normalisation: Normalisation
  /** Byte value where the picture has ended. */
  readonly outside: number
}

/** Points of the picture that one output pixel is made of, a side: a coarser raster would alias. */
const samplesPerSideMax = 8

/** Fills `target` with the picture seen through `where`, bilinearly; what is made smaller is averaged. */
export function samplePlanes(picture: Picture, where: Similarity, target: Target): void {
  if (where.a === 1 && where.b === 0 && Number.isInteger(where.tx) && Number.isInteger(where.ty))
    return copyPlanes(picture, where.tx, where.ty, target)
  const { width, height, data, offset = 0, normalisation, outside } = target
  const plane = width * height
  const side = Math.min(samplesPerSideMax, Math.max(1, Math.ceil(Math.hypot(where.a, where.b))))
  const share = 1 / (side * side)
  const [first, , third] = normalisation.order === 'rgb' ? [0, 1, 2] : [2, 1, 0]
  const { mean, scale } = normalisation
  const sums = new Float64Array(3)
  for (let row = 0, at = offset; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      sums.fill(0)
      for (let sub = 0; sub < side * side; sub++) {
        const x = column + ((sub % side) + 0.5) / side
        const y = row + (Math.floor(sub / side) + 0.5) / side
        addPixel(
          picture,
          where.a * x - where.b * y + where.tx - 0.5,
          where.b * x + where.a * y + where.ty - 0.5,
          outside,
          sums,
        )
      }
      data[at] = ((sums[first] as number) * share - mean[0]) * scale[0]
      data[at + plane] = ((sums[1] as number) * share - mean[1]) * scale[1]
      data[at + 2 * plane] = ((sums[third] as number) * share - mean[2]) * scale[2]
    }
  }
}

/** The same without a change of size: every output pixel is one of the picture, or outside. */
function copyPlanes(picture: Picture, left: number, top: number, target: Target): void {
  const { width, height, data, offset = 0, normalisation, outside } = target
  const { mean, scale, order } = normalisation
  const plane = width * height
  for (const channel of [0, 1, 2] as const) {
    const from = order === 'rgb' ? channel : 2 - channel
    const [middle, factor] = [mean[channel], scale[channel]]
    const first = offset + channel * plane
    data.fill((outside - middle) * factor, first, first + plane)
    const rowEnd = Math.min(width, picture.width - left)
    for (let row = Math.max(0, -top); row < Math.min(height, picture.height - top); row++) {
      const source = ((row + top) * picture.width + left) * 3 + from
      for (let column = Math.max(0, -left); column < rowEnd; column++)
        data[first + row * width + column] =
          ((picture.data[source + column * 3] as number) - middle) * factor
    }
  }
}

function addPixel(
  { width, height, data }: Picture,
  x: number,
  y: number,
  outside: number,
  sums: Float64Array,
): void {
  const left = Math.floor(x)
  const top = Math.floor(y)
  if (left >= 0 && top >= 0 && left < width - 1 && top < height - 1) {
    const right = x - left
    const below = y - top
    const w00 = (1 - right) * (1 - below)
    const w01 = right * (1 - below)
    const w10 = (1 - right) * below
    const w11 = right * below
    const upper = (top * width + left) * 3
    const lower = upper + width * 3
    for (let channel = 0; channel < 3; channel++) {
      sums[channel] =
        (sums[channel] as number) +
        (data[upper + channel] as number) * w00 +
        (data[upper + channel + 3] as number) * w01 +
        (data[lower + channel] as number) * w10 +
        (data[lower + channel + 3] as number) * w11
    }
    return
  }
  for (let corner = 0; corner < 4; corner++) {
    const column = left + (corner & 1)
    const row = top + (corner >> 1)
    const weight =
      ((corner & 1) === 1 ? x - left : 1 - x + left) * (corner > 1 ? y - top : 1 - y + top)
    const inside = column >= 0 && row >= 0 && column < width && row < height
    for (let channel = 0; channel < 3; channel++) {
      const byte = inside ? (data[(row * width + column) * 3 + channel] as number) : outside
      sums[channel] = (sums[channel] as number) + byte * weight
    }
  }
}

/** The same planes seen in a mirror, written behind them. */
export function mirrorPlanes(data: Float32Array, width: number, height: number): void {
  const size = width * height * 3
  for (let row = 0; row < height * 3; row++) {
    const from = row * width
    for (let column = 0; column < width; column++)
      data[size + from + column] = data[from + width - 1 - column] as number
  }
}
