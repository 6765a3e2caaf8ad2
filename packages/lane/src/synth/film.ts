/** What lens, weather and sensor add to a frame: pixels in place, packed RGB. */

import { type Random, between } from './random.ts'

export type Pixels = { readonly width: number; readonly height: number; readonly data: Uint8Array }

/** A repeating table of Gaussian noise with a standard deviation of 16, in 8-bit steps. */
export function noiseTable(random: Random, size = 1 << 18): Int8Array {
  return Int8Array.from({ length: size }, () => {
    const sum = random() + random() + random() + random() - 2
    return Math.max(-127, Math.min(127, Math.round(sum * 27.7)))
  })
}

/** Adds the same noise to the three channels of each pixel: what a sensor's luma noise looks like. */
export function addNoise(
  { data }: Pixels,
  table: Int8Array,
  from: number,
  deviation: number,
): void {
  const mask = table.length - 1
  const scale = Math.round((deviation / 16) * 256)
  let at = from
  for (let index = 0; index < data.length; index += 3) {
    const step = ((table[at++ & mask] ?? 0) * scale) >> 8
    if (step === 0) continue
    data[index] = clamp((data[index] ?? 0) + step)
    data[index + 1] = clamp((data[index + 1] ?? 0) + step)
    data[index + 2] = clamp((data[index + 2] ?? 0) + step)
  }
}

/** Coarse and fine grain on everything below `horizon`: asphalt and concrete are not smooth. */
export function addGrain(picture: Pixels, random: Random, horizon: number, table: Int8Array): void {
  const { width, height, data } = picture
  const mask = table.length - 1
  const blotch = Array.from({ length: 64 * 64 }, () => between(random, -1, 1))
  for (let y = Math.max(0, Math.round(horizon)); y < height; y++) {
    const near = (y - horizon) / (height - horizon)
    const cell = 10 + near * 60
    for (let x = 0; x < width; x++) {
      const column = ((x / cell) | 0) & 63
      const row = ((y / (cell * 0.4)) | 0) & 63
      const coarse = blotch[row * 64 + column] ?? 0
      const fine = (table[(y * 1381 + x * 7) & mask] ?? 0) / 16
      const gain = 1 + coarse * 0.008 + fine * (0.012 + near * 0.02)
      const at = (y * width + x) * 3
      for (let channel = 0; channel < 3; channel++) {
        data[at + channel] = clamp((data[at + channel] ?? 0) * gain)
      }
    }
  }
}

/** Streaks of rain; `strength` 0 to 1. */
export function addRain(
  picture: Pixels,
  random: Random,
  strength: number,
  brightness: number,
): void {
  const { width, height, data } = picture
  const lean = between(random, -0.12, 0.12)
  for (let streak = 0; streak < 420 * strength; streak++) {
    const near = random() ** 2
    const long = Math.round(14 + near * 70)
    const opacity = 0.1 + near * 0.2
    let x = random() * width
    let y = Math.floor(random() * (height + long)) - long
    for (let step = 0; step < long; step++, y++, x += lean) {
      const column = Math.round(x)
      if (y < 0 || y >= height || column < 0 || column >= width - 1) continue
      const wide = near > 0.5 ? 2 : 1
      for (let index = (y * width + column) * 3; index < (y * width + column + wide) * 3; index++) {
        const value = data[index] ?? 0
        data[index] = value + (brightness - value) * opacity
      }
    }
  }
}

/** A light that shines into the lens: a bright heart, a wide veil. `strength` 0 to 1. */
export function addGlare(
  picture: Pixels,
  centre: { readonly x: number; readonly y: number },
  strength: number,
): void {
  const { width, height, data } = picture
  const tint = [1, 0.9, 0.7]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const distance = Math.hypot(x - centre.x, (y - centre.y) * 1.15)
      const light = strength * (255 * Math.exp(-distance / 110) + 95 * Math.exp(-distance / 430))
      const at = (y * width + x) * 3
      for (let channel = 0; channel < 3; channel++) {
        const value = data[at + channel] ?? 0
        data[at + channel] = clamp(value + light * (tint[channel] ?? 1))
      }
    }
  }
}

/** Lays RGBA pixels (not premultiplied) over the picture at `left`, `top`. */
export function blend(
  picture: Pixels,
  overlay: Pixels & { readonly left: number; readonly top: number },
): void {
  const { width, data } = picture
  for (let y = 0; y < overlay.height; y++) {
    let to = ((overlay.top + y) * width + overlay.left) * 3
    let from = y * overlay.width * 4
    for (let x = 0; x < overlay.width; x++, to += 3, from += 4) {
      const alpha = overlay.data[from + 3] ?? 0
      if (alpha === 0) continue
      for (let channel = 0; channel < 3; channel++) {
        const below = data[to + channel] ?? 0
        const above = overlay.data[from + channel] ?? 0
        data[to + channel] = below + ((above - below) * alpha + 127) / 255
      }
    }
  }
}

/** Replaces `share` of every pixel by that of another picture of the same size. */
export function mixInto({ data }: Pixels, other: Pixels, share: number): void {
  for (let at = 0; at < data.length; at++) {
    const value = data[at] ?? 0
    data[at] = value + ((other.data[at] ?? 0) - value) * share
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value
}
