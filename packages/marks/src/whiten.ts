/** What a picture holds against the mark, made even: in place by its contrast, in frequency by its spectrum. */

import { blurred } from './blur.ts'
import {
  emptySpectrum,
  powerOfTwo,
  type Spectrum,
  transform,
  transformColumns,
  transformRows,
} from './fourier.ts'
import type { Plane } from './pixels.ts'

export type Whitened = {
  /** The picture, even: the mark in it is what every reader sums up. */
  readonly plane: Plane
  /** How it resembles itself, moved. Takes as long as all the rest: asked for when it is needed. */
  readonly likeness: () => Likeness
}

/** The autocorrelation of the picture's two halves, summed. */
export type Likeness = {
  /** Real parts, by (dy, dx), modulo the sides. */
  readonly lags: Plane
  /** Sides of one half; lags within the margins come from no other place. */
  readonly half: { readonly width: number; readonly height: number }
  readonly margins: { readonly x: number; readonly y: number }
}

/** Frequencies whose mean is the power expected at each, to either side. */
const smoothRadius = 9
/** Share of the mean power below which a frequency is left as weak as it is. */
const powerFloor = 0.02
/** Deviations beyond which a pixel counts no more. */
const outlierFrom = 3

/** Makes a picture even. Its mark then stands out by about twice as many standard deviations. */
export function whiten(luma: Plane): Whitened {
  const even = evenContrast(luma)
  const { width, height } = even
  // Two halves of a picture, as real and imaginary parts, go through one transform of half its size.
  const half = { width: Math.ceil(width / 2), height }
  const sides = { x: powerOfTwo(half.width * 1.25), y: powerOfTwo(height * 1.25) }
  const spectrum = emptySpectrum(sides.x, sides.y)
  for (let y = 0; y < height; y++) {
    const from = even.data.subarray(y * width, (y + 1) * width)
    spectrum.re.set(from.subarray(0, half.width), y * sides.x)
    spectrum.im.set(from.subarray(half.width), y * sides.x)
  }
  // Rows below the picture are empty, and nobody asks for them when they come back.
  transformRows(spectrum, height)
  transformColumns(spectrum)
  evenSpectrum(spectrum)
  // Real and imaginary part exchanged: so the forward transform goes back.
  const back = { ...spectrum, re: spectrum.im.slice(), im: spectrum.re.slice() }
  transformColumns(back)
  transformRows(back, height)
  const scale = 1 / (sides.x * sides.y)
  const data = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    const [from, to] = [y * sides.x, y * width]
    for (let x = 0; x < half.width; x++) data[to + x] = back.im[from + x]! * scale
    for (let x = half.width; x < width; x++) data[to + x] = back.re[from + x - half.width]! * scale
  }
  const margins = { x: sides.x - half.width, y: sides.y - height }
  return {
    plane: { width, height, data },
    likeness: () => ({ lags: autocorrelation(spectrum, scale), half, margins }),
  }
}

/**
 * The sum of those of real and imaginary part: what they share with each other is imaginary. Powers are
 * real, so even and odd columns go through one transform of half the width, and are told apart behind it.
 */
function autocorrelation({ width, height, re, im }: Spectrum, scale: number): Plane {
  const half = width / 2
  const power = emptySpectrum(half, height)
  for (let at = 0; at < power.re.length; at++) {
    const [even, odd] = [2 * at, 2 * at + 1]
    power.re[at] = (re[even]! * re[even]! + im[even]! * im[even]!) * scale
    power.im[at] = (re[odd]! * re[odd]! + im[odd]! * im[odd]!) * scale
  }
  transform(power)
  const data = new Float32Array(width * height)
  const cosines = Float64Array.from({ length: half }, (_, x) => Math.cos((2 * Math.PI * x) / width))
  const sines = Float64Array.from({ length: half }, (_, x) => Math.sin((2 * Math.PI * x) / width))
  for (let y = 0; y < height; y++) {
    const [row, opposite] = [y * half, ((height - y) % height) * half]
    for (let x = 0; x < half; x++) {
      const [at, other] = [row + x, opposite + ((half - x) & (half - 1))]
      const evens = power.re[at]! + power.re[other]!
      const oddRe = power.im[at]! + power.im[other]!
      const oddIm = power.re[other]! - power.re[at]!
      const odds = oddRe * cosines[x]! + oddIm * sines[x]!
      data[y * width + x] = 0.5 * (evens + odds)
      data[y * width + half + x] = 0.5 * (evens - odds)
    }
  }
  return { width, height, data }
}

/** Without what varies slowly, every region brought to about the same contrast, and outliers cut. */
function evenContrast(luma: Plane): Plane {
  const { width, height } = luma
  const slow = blurred(luma, 4)
  const data = new Float32Array(luma.data.length)
  const squares = new Float32Array(data.length)
  for (let at = 0; at < data.length; at++) {
    const one = luma.data[at]! - slow.data[at]!
    data[at] = one
    squares[at] = one * one
  }
  const power = blurred({ width, height, data: squares }, 5).data
  let total = 0
  for (let at = 0; at < data.length; at++) {
    const one = data[at]! / Math.sqrt(power[at]! + 2)
    data[at] = one
    total += one * one
  }
  const cut = outlierFrom * Math.sqrt(total / data.length)
  for (let at = 0; at < data.length; at++) data[at] = Math.min(cut, Math.max(-cut, data[at]!))
  return { width, height, data }
}

function evenSpectrum({ width, height, re, im }: Spectrum): void {
  const power = new Float32Array(re.length)
  for (let at = 0; at < re.length; at++) power[at] = re[at]! * re[at]! + im[at]! * im[at]!
  const smooth = blurred({ width, height, data: power }, smoothRadius).data
  let mean = 0
  for (let at = 0; at < smooth.length; at++) mean += smooth[at]!
  mean /= smooth.length
  for (let y = 0; y < height; y++) {
    const opposite = ((height - y) & (height - 1)) * width
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      // Opposite frequencies of a real picture weigh alike.
      const both = (smooth[at]! + smooth[opposite + ((width - x) & (width - 1))]!) / 2
      const weight = 1 / Math.sqrt(both / mean + powerFloor)
      re[at]! *= weight
      im[at]! *= weight
    }
  }
}
