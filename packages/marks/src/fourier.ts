/** Discrete Fourier transforms of sides that are powers of two, in place. */

/** Real and imaginary parts, row by row. */
export type Spectrum = {
  readonly width: number
  readonly height: number
  readonly re: Float32Array
  readonly im: Float32Array
}

export function emptySpectrum(width: number, height: number): Spectrum {
  return {
    width,
    height,
    re: new Float32Array(width * height),
    im: new Float32Array(width * height),
  }
}

/** The least power of two that is not below `least`. */
export function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least))
}

/** Forward transform of rows and columns; the backward one is that of the conjugate, unscaled. */
export function transform(spectrum: Spectrum): void {
  const { width, height, re, im } = spectrum
  const rowPlan = planOf(width)
  for (let row = 0; row < height; row++) rowPlan.run(re, im, row * width)
  const columnPlan = planOf(height)
  // Columns are taken eight at a time: a cache line holds them together.
  const group = Math.min(8, width)
  const columnRe = new Float32Array(group * height)
  const columnIm = new Float32Array(group * height)
  for (let first = 0; first < width; first += group) {
    for (let row = 0; row < height; row++) {
      const from = row * width + first
      for (let at = 0; at < group; at++) {
        columnRe[at * height + row] = re[from + at]!
        columnIm[at * height + row] = im[from + at]!
      }
    }
    for (let at = 0; at < group; at++) columnPlan.run(columnRe, columnIm, at * height)
    for (let row = 0; row < height; row++) {
      const to = row * width + first
      for (let at = 0; at < group; at++) {
        re[to + at] = columnRe[at * height + row]!
        im[to + at] = columnIm[at * height + row]!
      }
    }
  }
}

type Plan = { run(re: Float32Array, im: Float32Array, offset: number): void }

const plans = new Map<number, Plan>()

function planOf(size: number): Plan {
  const known = plans.get(size)
  if (known !== undefined) return known
  const made = makePlan(size)
  plans.set(size, made)
  return made
}

function makePlan(size: number): Plan {
  const reversed = new Uint32Array(size)
  for (let at = 1; at < size; at++) {
    reversed[at] = (reversed[at >> 1]! >> 1) | (at & 1 ? size >> 1 : 0)
  }
  const cosines = Float64Array.from({ length: size / 2 }, (_, at) =>
    Math.cos((2 * Math.PI * at) / size),
  )
  const sines = Float64Array.from(
    { length: size / 2 },
    (_, at) => -Math.sin((2 * Math.PI * at) / size),
  )

  function run(re: Float32Array, im: Float32Array, offset: number): void {
    for (let at = 0; at < size; at++) {
      const other = reversed[at]!
      if (other <= at) continue
      const a = offset + at
      const b = offset + other
      const keptRe = re[a]!
      re[a] = re[b]!
      re[b] = keptRe
      const keptIm = im[a]!
      im[a] = im[b]!
      im[b] = keptIm
    }
    for (let start = offset; start + 3 < offset + size; start += 4) four(re, im, start)
    for (let half = size < 4 ? 1 : 4; half < size; half *= 2) {
      const stride = size / (2 * half)
      for (let start = offset; start < offset + size; start += 2 * half) {
        for (let low = start, turn = 0; low < start + half; low++, turn += stride) {
          const high = low + half
          const c = cosines[turn]!
          const s = sines[turn]!
          const highRe = re[high]!
          const highIm = im[high]!
          const lowRe = re[low]!
          const lowIm = im[low]!
          const turnedRe = highRe * c - highIm * s
          const turnedIm = highRe * s + highIm * c
          re[high] = lowRe - turnedRe
          im[high] = lowIm - turnedIm
          re[low] = lowRe + turnedRe
          im[low] = lowIm + turnedIm
        }
      }
    }
  }
  return { run }
}

/** The first two rounds, which turn nothing by less than a quarter. */
function four(re: Float32Array, im: Float32Array, at: number): void {
  const sumRe = re[at]! + re[at + 1]!
  const sumIm = im[at]! + im[at + 1]!
  const differenceRe = re[at]! - re[at + 1]!
  const differenceIm = im[at]! - im[at + 1]!
  const otherRe = re[at + 2]! + re[at + 3]!
  const otherIm = im[at + 2]! + im[at + 3]!
  const quarterRe = re[at + 2]! - re[at + 3]!
  const quarterIm = im[at + 2]! - im[at + 3]!
  re[at] = sumRe + otherRe
  im[at] = sumIm + otherIm
  re[at + 1] = differenceRe + quarterIm
  im[at + 1] = differenceIm - quarterRe
  re[at + 2] = sumRe - otherRe
  im[at + 2] = sumIm - otherIm
  re[at + 3] = differenceRe - quarterIm
  im[at + 3] = differenceIm + quarterRe
}
