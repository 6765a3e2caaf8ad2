/** Brings the tiles of a picture over each other: folded block by block, the blocks then moved until they agree. */

import { emptySpectrum, type Spectrum, transform } from './fourier.ts'
import { tileChips } from './grid.ts'
import type { Pose } from './lattice.ts'
import type { Plane } from './pixels.ts'
import type { Tile } from './secret.ts'

/** Samples along a side of a folded tile. */
export const foldSide = 64
const foldCells = foldSide * foldSide
/** Chips along the side of a block: within it a pose that is off by 0.3 % or 0.2 degrees moves nothing by half a chip. */
const blockChips = 96

/** A picture folded at one pose. */
export type Folded = {
  readonly pose: Pose
  readonly blocks: readonly Block[]
  /** Transforms of the folded tiles, two blocks in each: real and imaginary part go through as one. */
  readonly spectra: readonly Spectrum[]
}

/** The middle of a block, in chips from the middle of the picture along its turned rows and columns. */
type Block = { readonly u: number; readonly v: number }

type Box = {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Folds the picture at a pose. */
export function fold(plane: Plane, pose: Pose): Folded {
  const boxes = boxesOf(plane, pose)
  const spectra: Spectrum[] = []
  for (let at = 0; at < boxes.length; at += 2) {
    const spectrum = emptySpectrum(foldSide, foldSide)
    spectrum.re.set(foldBox(plane, pose, boxes[at]!))
    const second = boxes[at + 1]
    if (second !== undefined) spectrum.im.set(foldBox(plane, pose, second))
    transform(spectrum)
    spectra.push(spectrum)
  }
  return { pose, blocks: boxes.map((box) => middleOf(plane, pose, box)), spectra }
}

function boxesOf({ width, height }: Plane, { pitch }: Pose): readonly Box[] {
  const across = Math.max(1, Math.round(width / pitch / blockChips))
  const down = Math.max(1, Math.round(height / pitch / blockChips))
  return Array.from({ length: across * down }, (_, at) => {
    const [column, row] = [at % across, Math.floor(at / across)]
    return {
      left: Math.round((column * width) / across),
      right: Math.round(((column + 1) * width) / across),
      top: Math.round((row * height) / down),
      bottom: Math.round(((row + 1) * height) / down),
    }
  })
}

function middleOf({ width, height }: Plane, { pitch, turn }: Pose, box: Box): Block {
  const x = (box.left + box.right) / 2 - width / 2
  const y = (box.top + box.bottom) / 2 - height / 2
  return {
    u: (x * Math.cos(turn) + y * Math.sin(turn)) / pitch,
    v: (-x * Math.sin(turn) + y * Math.cos(turn)) / pitch,
  }
}

function foldBox(plane: Plane, { pitch, turn }: Pose, box: Box): Float64Array {
  const folded = new Float64Array(foldCells)
  const scale = foldSide / tileChips / pitch
  if (turn === 0) foldUpright(plane, scale, box, folded)
  else foldTurned(plane, scale * Math.cos(turn), scale * Math.sin(turn), box, folded)
  return folded
}

/** What `foldTurned` does without a turn, three times as fast: every row meets the same columns. */
function foldUpright(
  { width, height, data }: Plane,
  scale: number,
  box: Box,
  folded: Float64Array,
): void {
  const mask = foldSide - 1
  const wide = box.right - box.left
  const columns = new Uint8Array(wide)
  let u = (box.left + 0.5 - width / 2) * scale
  for (let at = 0; at < wide; at++, u += scale) columns[at] = Math.floor(u) & mask
  for (let y = box.top; y < box.bottom; y++) {
    const row = (Math.floor((y + 0.5 - height / 2) * scale) & mask) << 6
    const from = y * width + box.left
    for (let at = 0; at < wide; at++) folded[row | columns[at]!]! += data[from + at]!
  }
}

function foldTurned(
  { width, height, data }: Plane,
  c: number,
  s: number,
  box: Box,
  folded: Float64Array,
): void {
  const mask = foldSide - 1
  for (let y = box.top; y < box.bottom; y++) {
    const dx = box.left + 0.5 - width / 2
    const dy = y + 0.5 - height / 2
    let u = dx * c + dy * s
    let v = dy * c - dx * s
    const end = y * width + box.right
    for (let at = y * width + box.left; at < end; at++, u += c, v -= s) {
      folded[((Math.floor(v) & mask) << 6) | (Math.floor(u) & mask)]! += data[at]!
    }
  }
}

/** The sync layer of a key as a folded tile would show it, transformed. */
export function syncTemplate({ signs, bitOf }: Tile): Spectrum {
  const spectrum = emptySpectrum(foldSide, foldSide)
  const perChip = foldSide / tileChips
  for (let cell = 0; cell < signs.length; cell++) {
    if (bitOf[cell]! >= 0) continue
    const u = ((cell % tileChips) + 0.5) * perChip - 0.5
    const v = (Math.floor(cell / tileChips) + 0.5) * perChip - 0.5
    spread(spectrum.re, u, v, perChip, signs[cell]!)
  }
  transform(spectrum)
  return spectrum
}

/** Adds a tent of one chip's radius. */
function spread(re: Float32Array, u: number, v: number, radius: number, sign: number): void {
  for (let y = Math.ceil(v - radius); y <= v + radius; y++) {
    for (let x = Math.ceil(u - radius); x <= u + radius; x++) {
      const weight = (1 - Math.abs(x - u) / radius) * (1 - Math.abs(y - v) / radius)
      re[(((y + foldSide) % foldSide) << 6) | ((x + foldSide) % foldSide)]! += sign * weight
    }
  }
}

export type Focus = {
  readonly pose: Pose
  /** Where a tile begins, in chips from the middle of the picture along the turned rows and columns. */
  readonly u: number
  readonly v: number
  /** Standard deviations by which the sync layer stands out there. */
  readonly score: number
  /** Hypotheses that were compared. */
  readonly tries: number
}

/** The pose near that of `folded`, and the place of the tile, at which the sync layer stands out most. */
export function focus(folded: Folded, template: Spectrum, span: number): Focus {
  const { blocks } = folded
  const maps = mapsOf(folded, template)
  const steps = blocks.length > 1 ? [0, -1, 1, -2, 2, -3, 3] : [0]
  const sum = new Float64Array(foldCells)
  const looked = new Set<string>()
  let best: Focus | null = null
  let tries = 0
  for (const scale of steps) {
    for (const turn of steps) {
      const [ds, dt] = [(scale * span) / 3, (turn * span) / 3]
      const starts = startsOf(blocks, ds, dt)
      tries += foldCells
      // A pose that moves no block by another sample than an earlier one has the same peak.
      const same = starts.join(' ')
      if (looked.has(same)) continue
      looked.add(same)
      addMoved(sum, maps, starts)
      const peak = peakOf(sum)
      if (best !== null && best.score >= peak.score) continue
      const pose = { pitch: folded.pose.pitch * (1 + ds), turn: folded.pose.turn + dt }
      best = { pose, ...peak, tries: 0 }
    }
  }
  if (best === null) throw new Error('one hypothesis is always compared')
  return { ...best, tries }
}

/** Maps are twice as wide as a tile, so that a row that begins anywhere is read in one piece. */
const mapWidth = 2 * foldSide

/** Where a block's map is read from when scale and turn are off by so much: packed row and column. */
function startsOf(blocks: readonly Block[], ds: number, dt: number): Int32Array {
  const perChip = foldSide / tileChips
  return Int32Array.from(blocks, ({ u, v }) => {
    const du = Math.round((-ds * u + dt * v) * perChip)
    const dv = Math.round((-ds * v - dt * u) * perChip)
    return (-dv & (foldSide - 1)) * mapWidth + (-du & (foldSide - 1))
  })
}

/** How well the sync layer fits each block at each place; maps of nothing make the count one of fours. */
function mapsOf({ blocks, spectra }: Folded, template: Spectrum): readonly Float32Array[] {
  const product = emptySpectrum(foldSide, foldSide)
  const maps = spectra.flatMap((spectrum) => {
    correlate(spectrum, template, product)
    return [repeated(product.re), repeated(product.im)]
  })
  while (maps.length > blocks.length) maps.pop()
  while (maps.length % 4 !== 0) maps.push(new Float32Array(foldSide * mapWidth))
  return maps
}

/** Both blocks of a spectrum with the template: real and imaginary parts of `product`. */
function correlate({ re, im }: Spectrum, template: Spectrum, product: Spectrum): void {
  for (let at = 0; at < foldCells; at++) {
    product.re[at] = re[at]! * template.re[at]! + im[at]! * template.im[at]!
    product.im[at] = im[at]! * template.re[at]! - re[at]! * template.im[at]!
  }
  // Real and imaginary parts exchanged: so the forward transform goes back.
  transform({ ...product, re: product.im, im: product.re })
}

function repeated(cells: Float32Array): Float32Array {
  const map = new Float32Array(foldSide * mapWidth)
  for (let y = 0; y < foldSide; y++) {
    const row = cells.subarray(y * foldSide, (y + 1) * foldSide)
    map.set(row, y * mapWidth)
    map.set(row, y * mapWidth + foldSide)
  }
  return map
}

/** The sum of the maps, each read from its start on. Four at once: that halves what goes to memory. */
function addMoved(sum: Float64Array, maps: readonly Float32Array[], starts: Int32Array): void {
  sum.fill(0)
  const mask = foldSide * mapWidth - 1
  for (let first = 0; first < maps.length; first += 4) {
    const a = maps[first]!
    const b = maps[first + 1]!
    const c = maps[first + 2]!
    const d = maps[first + 3]!
    for (let y = 0; y < foldSide; y++) {
      const fromA = (starts[first]! + y * mapWidth) & mask
      const fromB = ((starts[first + 1] ?? 0) + y * mapWidth) & mask
      const fromC = ((starts[first + 2] ?? 0) + y * mapWidth) & mask
      const fromD = ((starts[first + 3] ?? 0) + y * mapWidth) & mask
      const to = y * foldSide
      for (let x = 0; x < foldSide; x++) {
        sum[to + x]! += a[fromA + x]! + b[fromB + x]! + (c[fromC + x]! + d[fromD + x]!)
      }
    }
  }
}

function peakOf(sum: Float64Array): {
  readonly u: number
  readonly v: number
  readonly score: number
} {
  let at = 0
  let total = 0
  let squares = 0
  let top = sum[0]!
  for (let cell = 0; cell < foldCells; cell++) {
    const one = sum[cell]!
    total += one
    squares += one * one
    if (one > top) {
      top = one
      at = cell
    }
  }
  const mean = total / foldCells
  const deviation = Math.sqrt(Math.max(1e-30, squares / foldCells - mean * mean))
  const [x, y] = [at & (foldSide - 1), at >> 6]
  const value = (dx: number, dy: number) =>
    sum[(((y + dy) & (foldSide - 1)) << 6) | ((x + dx) & (foldSide - 1))]!
  const perChip = foldSide / tileChips
  return {
    u: (x + between(value(-1, 0), top, value(1, 0))) / perChip,
    v: (y + between(value(0, -1), top, value(0, 1))) / perChip,
    score: (top - mean) / deviation,
  }
}

/** Places between samples that a peak may be told to lie at. */
export const subSteps = 8

/** Where the top of a parabola through three samples lies, in eighths of a sample. */
function between(before: number, at: number, after: number): number {
  const bend = before - 2 * at + after
  const top = bend < 0 ? (0.5 * (before - after)) / bend : 0
  return Math.round(top * subSteps) / subSteps
}
