/** Chips to pixels: a smooth wave through the chips' values at the centres of the chips. */

import { pitchOf } from './grid.ts'
import type { Pixels } from './pixels.ts'

export type Chips = {
  readonly columns: number
  readonly rows: number
  readonly values: Float32Array
}

type Taps = { readonly first: Int32Array; readonly weights: Float32Array }

/** Four chips that a pixel lies between, and their weights (Catmull-Rom), along one side. */
function tapsOf(side: number, pitch: number): Taps {
  const first = new Int32Array(side)
  const weights = new Float32Array(4 * side)
  for (let at = 0; at < side; at++) {
    const place = (at + 0.5) / pitch - 0.5
    const chip = Math.floor(place)
    const t = place - chip
    first[at] = chip - 1
    weights[4 * at] = ((-0.5 * t + 1) * t - 0.5) * t
    weights[4 * at + 1] = (1.5 * t - 2.5) * t * t + 1
    weights[4 * at + 2] = ((-1.5 * t + 2) * t + 0.5) * t
    weights[4 * at + 3] = (0.5 * t - 0.5) * t * t
  }
  return { first, weights }
}

/** The wave of a grid of chips over a picture. */
export class Upsampler {
  readonly #width: number
  readonly #height: number
  readonly #wave: Float32Array

  constructor(chips: Chips, width: number, height: number) {
    this.#width = width
    this.#height = height
    this.#wave = this.#vertical(this.#horizontal(chips), chips.rows)
  }

  /** Mean square of the wave. */
  power(): number {
    const wave = this.#wave
    let sum = 0
    for (let at = 0; at < wave.length; at++) sum += wave[at]! * wave[at]!
    return sum / wave.length
  }

  /** `pixels` with `strength` times the wave added to every colour, and the sum of the squared changes. */
  addTo(pixels: Pixels, strength: number): { readonly data: Uint8Array; readonly squares: number } {
    const { channels, data: given } = pixels
    const wave = this.#wave
    const data = new Uint8Array(given)
    // Stores below black and above white end there.
    const clamped = new Uint8ClampedArray(data.buffer)
    const colours = channels === 1 ? 1 : 3
    let squares = 0
    for (let at = 0, from = 0; at < wave.length; at++, from += channels) {
      // Rounds to the nearest: no wave is as high as the offset.
      const change = ((strength * wave[at]! + 1024.5) | 0) - 1024
      if (change === 0) continue
      for (let colour = from; colour < from + colours; colour++) {
        const old = given[colour]!
        clamped[colour] = old + change
        const off = clamped[colour]! - old
        squares += off * off
      }
    }
    return { data, squares }
  }

  #horizontal({ columns, rows, values }: Chips): Float32Array {
    const width = this.#width
    const { first, weights } = tapsOf(width, pitchOf(width, this.#height))
    // Chips beyond the edge repeat the last one.
    const padded = new Float32Array(columns + 4)
    const wide = new Float32Array(rows * width)
    for (let row = 0; row < rows; row++) {
      padded.set(values.subarray(row * columns, (row + 1) * columns), 2)
      padded[0] = padded[1] = padded[2]!
      padded[columns + 2] = padded[columns + 3] = padded[columns + 1]!
      for (let x = 0, to = row * width; x < width; x++, to++) {
        const chip = first[x]! + 2
        wide[to] =
          weights[4 * x]! * padded[chip]! +
          weights[4 * x + 1]! * padded[chip + 1]! +
          weights[4 * x + 2]! * padded[chip + 2]! +
          weights[4 * x + 3]! * padded[chip + 3]!
      }
    }
    return wide
  }

  #vertical(wide: Float32Array, rows: number): Float32Array {
    const [width, height] = [this.#width, this.#height]
    const { first, weights } = tapsOf(height, pitchOf(width, height))
    const wave = new Float32Array(width * height)
    const line = (row: number) => Math.min(rows - 1, Math.max(0, row)) * width
    for (let y = 0, to = 0; y < height; y++) {
      const a = line(first[y]!)
      const b = line(first[y]! + 1)
      const c = line(first[y]! + 2)
      const d = line(first[y]! + 3)
      const wa = weights[4 * y]!
      const wb = weights[4 * y + 1]!
      const wc = weights[4 * y + 2]!
      const wd = weights[4 * y + 3]!
      for (let x = 0; x < width; x++, to++) {
        wave[to] = wa * wide[a + x]! + wb * wide[b + x]! + wc * wide[c + x]! + wd * wide[d + x]!
      }
    }
    return wave
  }
}
