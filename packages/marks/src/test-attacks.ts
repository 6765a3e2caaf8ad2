/** What happens to copies, on plain pixels: no codec is needed. */

import { chanceOf } from './chance.ts'
import type { Pixels } from './pixels.ts'

/** The part of an RGB picture. */
export function cut(
  { width, data }: Pixels,
  left: number,
  top: number,
  wide: number,
  tall: number,
): Pixels {
  const part = new Uint8Array(wide * tall * 3)
  for (let y = 0; y < tall; y++) {
    const from = ((top + y) * width + left) * 3
    part.set(data.subarray(from, from + wide * 3), y * wide * 3)
  }
  return { width: wide, height: tall, channels: 3, data: part }
}

const neighbours = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const

/** Scaled and turned about the middle, by four neighbours; black beyond the edge. */
export function moved(pixels: Pixels, scale: number, degrees: number): Pixels {
  const width = Math.round(pixels.width * scale)
  const height = Math.round(pixels.height * scale)
  const data = new Uint8Array(width * height * 3)
  const turn = (degrees * Math.PI) / 180
  const c = Math.cos(turn) / scale
  const s = Math.sin(turn) / scale
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dx = x + 0.5 - width / 2
      const dy = y + 0.5 - height / 2
      const px = pixels.width / 2 + dx * c + dy * s - 0.5
      const py = pixels.height / 2 - dx * s + dy * c - 0.5
      for (let colour = 0; colour < 3; colour++, to++) {
        let sum = 0
        for (const [right, down] of neighbours) {
          const nx = Math.floor(px) + right
          const ny = Math.floor(py) + down
          if (nx < 0 || ny < 0 || nx >= pixels.width || ny >= pixels.height) continue
          const weight = (1 - Math.abs(px - nx)) * (1 - Math.abs(py - ny))
          sum += weight * pixels.data[(ny * pixels.width + nx) * 3 + colour]!
        }
        data[to] = Math.round(sum)
      }
    }
  }
  return { width, height, channels: 3, data }
}

/** With noise of up to `strength` grey levels on every value. */
export function noisy(pixels: Pixels, strength: number): Pixels {
  const chance = chanceOf(9)
  const data = pixels.data.map((one) =>
    Math.round(Math.min(255, Math.max(0, one + (chance() + chance() - 1) * strength))),
  )
  return { ...pixels, data }
}

/** The mean of copies of one picture: what several make of theirs together. */
export function averaged(copies: readonly Pixels[]): Pixels {
  const [first] = copies
  if (first === undefined) throw new Error('a mean is of something')
  const data = first.data.map((_, at) =>
    Math.round(copies.reduce((sum, copy) => sum + copy.data[at]!, 0) / copies.length),
  )
  return { ...first, data }
}
