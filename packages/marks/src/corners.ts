/** Corners of a picture, each with what it looks like upright, and pairs of corners that look alike. */

import { blurred, gaussian } from './blur.ts'
import type { Plane } from './pixels.ts'
import { resized } from './warp.ts'

export type Corner = {
  /** In pixels of the picture that it was found in, unscaled. */
  readonly x: number
  readonly y: number
  /** 64 samples around it, of mean 0 and length 1. */
  readonly look: Float32Array
}

const samples = 8
const spacing = 3
const cellSide = 10
const reach = Math.ceil((samples * spacing) / 2) + 1

/** At most `most` corners of the plane at a scale, strongest first. */
export function cornersAt(plane: Plane, scale: number, most: number): readonly Corner[] {
  const small = gaussian(scale === 1 ? plane : resized(plane, scale), 0.8)
  const response = responseOf(small)
  const found: { readonly x: number; readonly y: number; readonly strength: number }[] = []
  for (let top = reach; top < small.height - reach; top += cellSide) {
    for (let left = reach; left < small.width - reach; left += cellSide) {
      let best = { x: 0, y: 0, strength: 0 }
      for (let y = top; y < Math.min(top + cellSide, small.height - reach); y++) {
        for (let x = left; x < Math.min(left + cellSide, small.width - reach); x++) {
          const strength = response[y * small.width + x]!
          if (strength > best.strength) best = { x, y, strength }
        }
      }
      if (best.strength > 0) found.push(best)
    }
  }
  return found
    .toSorted((a, b) => b.strength - a.strength)
    .slice(0, most)
    .map(({ x, y }) => ({
      x: (x + 0.5) / scale - 0.5,
      y: (y + 0.5) / scale - 0.5,
      look: lookAt(small, x, y),
    }))
}

/** How much a place differs from its neighbours in every direction (Harris). */
function responseOf({ width, height, data }: Plane): Float32Array {
  const across = new Float32Array(data.length)
  const down = new Float32Array(data.length)
  const both = new Float32Array(data.length)
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * width + 1; at < (y + 1) * width - 1; at++) {
      const dx = data[at + 1]! - data[at - 1]!
      const dy = data[at + width]! - data[at - width]!
      across[at] = dx * dx
      down[at] = dy * dy
      both[at] = dx * dy
    }
  }
  const [a, b, c] = [across, down, both].map((one) => blurred({ width, height, data: one }, 1).data)
  return across.map((_, at) => a![at]! * b![at]! - c![at]! ** 2 - 0.05 * (a![at]! + b![at]!) ** 2)
}

function lookAt({ width, data }: Plane, x: number, y: number): Float32Array {
  const look = new Float32Array(samples * samples)
  const first = -Math.floor(((samples - 1) * spacing) / 2)
  let mean = 0
  for (let row = 0; row < samples; row++) {
    const line = (y + first + row * spacing) * width + x + first
    for (let column = 0; column < samples; column++) {
      const one = data[line + column * spacing]!
      look[row * samples + column] = one
      mean += one / look.length
    }
  }
  let squares = 0
  for (let at = 0; at < look.length; at++) {
    look[at]! -= mean
    squares += look[at]! ** 2
  }
  const length = Math.sqrt(squares) || 1
  return look.map((one) => one / length)
}

export type Pair = { readonly from: Corner; readonly to: Corner }

/** For each corner of one picture the one of the other that looks most like it, if it does. */
export function pairsOf(ones: readonly Corner[], others: readonly Corner[]): readonly Pair[] {
  const pairs: Pair[] = []
  for (const to of others) {
    let [best, alike] = [null as Corner | null, 0.8]
    for (const from of ones) {
      const sum = likeness(from.look, to.look)
      if (sum > alike) [best, alike] = [from, sum]
    }
    if (best !== null) pairs.push({ from: best, to })
  }
  return pairs
}

/** Four sums at once: no addition waits for the one before it. */
function likeness(one: Float32Array, other: Float32Array): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let at = 0; at < samples * samples; at += 4) {
    a += one[at]! * other[at]!
    b += one[at + 1]! * other[at + 1]!
    c += one[at + 2]! * other[at + 2]!
    d += one[at + 3]! * other[at + 3]!
  }
  return a + b + (c + d)
}
