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
  transformRows(spectrum, spectrum.height)
  transformColumns(spectrum)
}

/** Forward transform of the first `count` rows, each on its own. */
export function transformRows({ width, re, im }: Spectrum, count: number): void {
  const plan = planOf(width)
  const { order, scratchRe, scratchIm } = plan
  for (let row = 0; row < count; row++) {
    const offset = row * width
    for (let at = 0; at < width; at++) {
      const from = offset + order[at]!
      scratchRe[at] = re[from]!
      scratchIm[at] = im[from]!
    }
    run(plan, 0)
    for (let at = 0; at < width; at++) {
      re[offset + at] = scratchRe[at]!
      im[offset + at] = scratchIm[at]!
    }
  }
}

/** Columns are taken so many at a time: a cache line holds them together. */
const together = 16
/** Values between two columns of the scratch, which otherwise would fight for the same places of the cache. */
const apart = 8

/** Forward transform of every column on its own. */
export function transformColumns({ width, height, re, im }: Spectrum): void {
  const plan = planOf(height)
  const { order, scratchRe, scratchIm } = plan
  const group = Math.min(together, width)
  const stride = height + apart
  for (let first = 0; first < width; first += group) {
    for (let row = 0; row < height; row++) {
      const from = order[row]! * width + first
      for (let at = 0, to = row; at < group; at++, to += stride) {
        scratchRe[to] = re[from + at]!
        scratchIm[to] = im[from + at]!
      }
    }
    for (let at = 0; at < group; at++) run(plan, at * stride)
    for (let row = 0; row < height; row++) {
      const to = row * width + first
      for (let at = 0, from = row; at < group; at++, from += stride) {
        re[to + at] = scratchRe[from]!
        im[to + at] = scratchIm[from]!
      }
    }
  }
}

type Plan = {
  readonly size: number
  /** Where each value of a scratch row comes from: bits reversed. */
  readonly order: Uint32Array
  /** Of each round that joins four parts into one, cosine and sine of one, two and three turns in turn. */
  readonly rounds: readonly Float64Array[]
  readonly scratchRe: Float64Array
  readonly scratchIm: Float64Array
}

const plans = new Map<number, Plan>()

function planOf(size: number): Plan {
  const known = plans.get(size)
  if (known !== undefined) return known
  const made = makePlan(size)
  plans.set(size, made)
  return made
}

function makePlan(size: number): Plan {
  const order = new Uint32Array(size)
  for (let at = 1; at < size; at++) order[at] = (order[at >> 1]! >> 1) | (at & 1 ? size >> 1 : 0)
  const rounds: Float64Array[] = []
  for (let part = beginsWithTwos(size) ? 2 : 4; part < size; part *= 4) rounds.push(turnsOf(part))
  const scratch = () => new Float64Array(together * (size + apart))
  return { size, order, rounds, scratchRe: scratch(), scratchIm: scratch() }
}

/** Whether fours alone do not make up a size. */
function beginsWithTwos(size: number): boolean {
  return Math.log2(size) % 2 !== 0
}

function turnsOf(part: number): Float64Array {
  const turns = new Float64Array(6 * part)
  for (let at = 0; at < part; at++) {
    for (let times = 1; times <= 3; times++) {
      const angle = (-2 * Math.PI * times * at) / (4 * part)
      turns[6 * at + 2 * (times - 1)] = Math.cos(angle)
      turns[6 * at + 2 * times - 1] = Math.sin(angle)
    }
  }
  return turns
}

/** Transforms the `size` values of the scratch from `offset` on, which lie in the order of the plan. */
function run({ size, rounds, scratchRe, scratchIm }: Plan, offset: number): void {
  if (beginsWithTwos(size)) joinTwos(scratchRe, scratchIm, offset, offset + size)
  else if (size > 1) joinFirstFours(scratchRe, scratchIm, offset, offset + size)
  for (const turns of rounds) joinFours(scratchRe, scratchIm, offset, offset + size, turns)
}

function joinTwos(re: Float64Array, im: Float64Array, from: number, end: number): void {
  for (let at = from; at < end; at += 2) {
    const otherRe = re[at + 1]!
    const otherIm = im[at + 1]!
    re[at + 1] = re[at]! - otherRe
    im[at + 1] = im[at]! - otherIm
    re[at]! += otherRe
    im[at]! += otherIm
  }
}

/** Parts of one value each, which nothing turns. */
function joinFirstFours(re: Float64Array, im: Float64Array, from: number, end: number): void {
  for (let a = from; a < end; a += 4) {
    const evenRe = re[a]! + re[a + 1]!
    const evenIm = im[a]! + im[a + 1]!
    const evenLessRe = re[a]! - re[a + 1]!
    const evenLessIm = im[a]! - im[a + 1]!
    const oddRe = re[a + 2]! + re[a + 3]!
    const oddIm = im[a + 2]! + im[a + 3]!
    const oddLessRe = re[a + 2]! - re[a + 3]!
    const oddLessIm = im[a + 2]! - im[a + 3]!
    re[a] = evenRe + oddRe
    im[a] = evenIm + oddIm
    re[a + 1] = evenLessRe + oddLessIm
    im[a + 1] = evenLessIm - oddLessRe
    re[a + 2] = evenRe - oddRe
    im[a + 2] = evenIm - oddIm
    re[a + 3] = evenLessRe - oddLessIm
    im[a + 3] = evenLessIm + oddLessRe
  }
}

/** Four neighbouring parts become one; with the bits reversed the second and third have changed places. */
function joinFours(
  re: Float64Array,
  im: Float64Array,
  from: number,
  end: number,
  turns: Float64Array,
): void {
  const part = turns.length / 6
  for (let start = from; start < end; start += 4 * part) {
    for (let a = start, turn = 0; a < start + part; a++, turn += 6) {
      const c = a + part
      const b = c + part
      const d = b + part
      const bCos = turns[turn]!
      const bSin = turns[turn + 1]!
      const cCos = turns[turn + 2]!
      const cSin = turns[turn + 3]!
      const dCos = turns[turn + 4]!
      const dSin = turns[turn + 5]!
      const aRe = re[a]!
      const aIm = im[a]!
      const bRe = re[b]! * bCos - im[b]! * bSin
      const bIm = re[b]! * bSin + im[b]! * bCos
      const cRe = re[c]! * cCos - im[c]! * cSin
      const cIm = re[c]! * cSin + im[c]! * cCos
      const dRe = re[d]! * dCos - im[d]! * dSin
      const dIm = re[d]! * dSin + im[d]! * dCos
      const evenRe = aRe + cRe
      const evenIm = aIm + cIm
      const evenLessRe = aRe - cRe
      const evenLessIm = aIm - cIm
      const oddRe = bRe + dRe
      const oddIm = bIm + dIm
      const oddLessRe = bRe - dRe
      const oddLessIm = bIm - dIm
      re[a] = evenRe + oddRe
      im[a] = evenIm + oddIm
      re[c] = evenLessRe + oddLessIm
      im[c] = evenLessIm - oddLessRe
      re[b] = evenRe - oddRe
      im[b] = evenIm - oddIm
      re[d] = evenLessRe - oddLessIm
      im[d] = evenLessIm + oddLessRe
    }
  }
}
