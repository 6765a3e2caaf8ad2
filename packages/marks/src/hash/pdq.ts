/**
 * PDQ, the perceptual hash of pictures (Meta, ThreatExchange `pdq/`, "The TMK+PDQF video-hashing
 * algorithm and the PDQ image-hashing algorithm", 2019): 256 bits that survive recompression and
 * scaling, and nothing that crops. A near hash makes a candidate, never a finding.
 */

import { lumaOf, type Pixels, type Plane } from '../pixels.ts'
import { areaScaled } from './area-scale.ts'
import { blurred } from './jarosz.ts'

/** Hashes of another version are not comparable; it is stored with each. */
export const pdqVersion = 'pdq-area512/1'

/** 256 bits in 8 words; bit k of the hash is bit `k % 32` of word `k / 32`. */
export type PdqHash = Uint32Array

export type Pdq = {
  readonly hash: PdqHash
  /** 0 to 100; below 50 the picture has too little in it to be told from others. */
  readonly quality: number
}

/** The eight ways to turn and mirror a picture, the upright one first. */
export const orientations = [
  'upright',
  'turned_90',
  'turned_180',
  'turned_270',
  'mirrored',
  'upside_down',
  'transposed',
  'transversed',
] as const
export type Orientation = (typeof orientations)[number]

/** The published confident distance: at most 31 bits of 256. */
export const pdqNear = 31

const block = 64
const side = 16
/** Larger pictures are scaled to this first: the published tool does so, in another way. */
const scaledSide = 512
const sideMin = 5

/** The hash of a picture as it stands. A picture below 5 pixels has the hash 0 and quality 0. */
export function pdqOf(pixels: Pixels): Pdq {
  const coefficients = coefficientsOf(lumaOf(pixels))
  return coefficients === null
    ? { hash: new Uint32Array(8), quality: 0 }
    : { hash: bitsOf(coefficients.values), quality: coefficients.quality }
}

/**
 * The hashes of a picture in all eight orientations, from one transform: a search with them finds
 * what was turned or mirrored.
 */
export function pdqOrientations(pixels: Pixels): {
  readonly hashes: ReadonlyMap<Orientation, PdqHash>
  readonly quality: number
} {
  const coefficients = coefficientsOf(lumaOf(pixels))
  if (coefficients === null) return { hashes: new Map(), quality: 0 }
  const { values, quality } = coefficients
  return {
    quality,
    hashes: new Map(orientations.map((name) => [name, bitsOf(oriented(values, name))])),
  }
}

/** How many bits differ, 0 to 256. */
export function pdqDistance(a: PdqHash, b: PdqHash): number {
  let distance = 0
  for (let word = 0; word < 8; word++) distance += ones((a[word] ?? 0) ^ (b[word] ?? 0))
  return distance
}

/** 64 hexadecimal digits, the highest 16 bits first, as published. */
export function pdqText(hash: PdqHash): string {
  let text = ''
  for (let word = 7; word >= 0; word--) text += (hash[word] ?? 0).toString(16).padStart(8, '0')
  return text
}

/** Reads `pdqText`; null for anything else. */
export function parsePdq(text: string): PdqHash | null {
  if (!/^[0-9a-f]{64}$/.test(text)) return null
  return Uint32Array.from({ length: 8 }, (_, word) =>
    Number.parseInt(text.slice((7 - word) * 8, (8 - word) * 8), 16),
  )
}

function coefficientsOf(luma: Plane): { values: Float32Array; quality: number } | null {
  if (luma.width < sideMin || luma.height < sideMin) return null
  const large = luma.width > scaledSide || luma.height > scaledSide
  const small = decimated(blurred(large ? areaScaled(luma, scaledSide, scaledSide) : luma))
  return { values: transformed(small), quality: qualityOf(small) }
}

/** 64 × 64 samples of the blurred plane. */
function decimated({ width, height, data }: Plane): Float32Array {
  const samples = new Float32Array(block * block)
  for (let row = 0; row < block; row++) {
    const from = Math.floor(((row + 0.5) * height) / block) * width
    for (let column = 0; column < block; column++) {
      const at = from + Math.floor(((column + 0.5) * width) / block)
      samples[row * block + column] = data[at] ?? 0
    }
  }
  return samples
}

/** Steps between neighbours, in hundredths of the range and cut to whole ones before they are summed. */
function qualityOf(samples: Float32Array): number {
  let sum = 0
  const step = (from: number, to: number) => {
    sum += Math.abs(Math.trunc((((samples[from] ?? 0) - (samples[to] ?? 0)) * 100) / 255))
  }
  for (let row = 0; row < block - 1; row++)
    for (let column = 0; column < block; column++)
      step(row * block + column, (row + 1) * block + column)
  for (let row = 0; row < block; row++)
    for (let column = 0; column < block - 1; column++)
      step(row * block + column, row * block + column + 1)
  return Math.min(100, Math.trunc(sum / 90))
}

/** Rows 1 to 16 of the 64-point DCT-II; the constant one is left out. */
const cosines = Float32Array.from({ length: side * block }, (_, at) => {
  const frequency = Math.floor(at / block) + 1
  return Math.sqrt(2 / block) * Math.cos((Math.PI / 2 / block) * frequency * (2 * (at % block) + 1))
})

function transformed(samples: Float32Array): Float32Array {
  const half = new Float32Array(side * block)
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < block; column++) {
      let sum = 0
      for (let at = 0; at < block; at++)
        sum += (cosines[row * block + at] ?? 0) * (samples[at * block + column] ?? 0)
      half[row * block + column] = sum
    }
  }
  const values = new Float32Array(side * side)
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let sum = 0
      for (let at = 0; at < block; at++)
        sum += (half[row * block + at] ?? 0) * (cosines[column * block + at] ?? 0)
      values[row * side + column] = sum
    }
  }
  return values
}

/** Mirroring along an axis turns the sign of its odd frequencies; turning exchanges the axes, too. */
function oriented(values: Float32Array, orientation: Orientation): Float32Array {
  const { exchanged, rows, columns } = turns[orientation]
  const result = new Float32Array(values.length)
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const from = exchanged ? column * side + row : row * side + column
      // Index 0 is frequency 1: an odd one.
      const signs = (rows && row % 2 === 0 ? 1 : 0) + (columns && column % 2 === 0 ? 1 : 0)
      result[row * side + column] = signs === 1 ? -(values[from] ?? 0) : (values[from] ?? 0)
    }
  }
  return result
}

/** How each comes from the upright one: axes exchanged first, then rows and columns mirrored. */
export const turns: Readonly<
  Record<
    Orientation,
    { readonly exchanged: boolean; readonly rows: boolean; readonly columns: boolean }
  >
> = {
  upright: { exchanged: false, rows: false, columns: false },
  turned_90: { exchanged: true, rows: false, columns: true },
  turned_180: { exchanged: false, rows: true, columns: true },
  turned_270: { exchanged: true, rows: true, columns: false },
  mirrored: { exchanged: false, rows: false, columns: true },
  upside_down: { exchanged: false, rows: true, columns: false },
  transposed: { exchanged: true, rows: false, columns: false },
  transversed: { exchanged: true, rows: true, columns: true },
}

/** One bit a coefficient: above the lower median or not. */
function bitsOf(values: Float32Array): PdqHash {
  const median = values.toSorted()[values.length / 2 - 1] ?? 0
  const hash = new Uint32Array(8)
  for (const [at, value] of values.entries())
    if (value > median) hash[at >>> 5] = (hash[at >>> 5] ?? 0) | (1 << (at & 31))
  return hash
}

/** Bits that are set in a word. */
export function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
