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
}

type Block = {
  /** Its middle, in chips from the middle of the picture. */
  readonly u: number
  readonly v: number
  /** Transform of the folded tile. */
  readonly spectrum: Spectrum
}

/** Folds the picture at a pose. */
export function fold(plane: Plane, pose: Pose): Folded {
  const { width, height } = plane
  const across = Math.max(1, Math.round(width / pose.pitch / blockChips))
  const down = Math.max(1, Math.round(height / pose.pitch / blockChips))
  const blocks: Block[] = []
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const box = {
        left: Math.round((column * width) / across),
        right: Math.round(((column + 1) * width) / across),
        top: Math.round((row * height) / down),
        bottom: Math.round(((row + 1) * height) / down),
      }
      blocks.push(foldBlock(plane, pose, box))
    }
  }
  return { pose, blocks }
}

type Box = {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function foldBlock({ width, height, data }: Plane, { pitch, turn }: Pose, box: Box): Block {
  const spectrum = emptySpectrum(foldSide, foldSide)
  const { re } = spectrum
  const scale = foldSide / tileChips / pitch
  const [c, s] = [Math.cos(turn) * scale, Math.sin(turn) * scale]
  const mask = foldSide - 1
  for (let y = box.top; y < box.bottom; y++) {
    const dy = y + 0.5 - height / 2
    let u = (box.left + 0.5 - width / 2) * c + dy * s
    let v = -(box.left + 0.5 - width / 2) * s + dy * c
    for (let at = y * width + box.left; at < y * width + box.right; at++, u += c, v -= s) {
      re[((Math.floor(v) & mask) << 6) | (Math.floor(u) & mask)]! += data[at]!
    }
  }
  transform(spectrum)
  const x = (box.left + box.right) / 2 - width / 2
  const y = (box.top + box.bottom) / 2 - height / 2
  return {
    u: (x * Math.cos(turn) + y * Math.sin(turn)) / pitch,
    v: (-x * Math.sin(turn) + y * Math.cos(turn)) / pitch,
    spectrum,
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
  const maps = folded.blocks.map(({ spectrum }) => correlation(spectrum, template))
  const steps = folded.blocks.length > 1 ? [0, -1, 1, -2, 2, -3, 3] : [0]
  const sum = new Float64Array(foldCells)
  let best: Focus | null = null
  let tries = 0
  for (const scale of steps) {
    for (const turn of steps) {
      const [ds, dt] = [(scale * span) / 3, (turn * span) / 3]
      sum.fill(0)
      for (const [at, { u, v }] of folded.blocks.entries()) {
        const perChip = foldSide / tileChips
        const du = Math.round((-ds * u + dt * v) * perChip)
        const dv = Math.round((-ds * v - dt * u) * perChip)
        addMoved(sum, maps[at]!, du, dv)
      }
      tries += foldCells
      const peak = peakOf(sum)
      if (best !== null && best.score >= peak.score) continue
      const pose = { pitch: folded.pose.pitch * (1 + ds), turn: folded.pose.turn + dt }
      best = { pose, ...peak, tries: 0 }
    }
  }
  if (best === null) throw new Error('one hypothesis is always compared')
  return { ...best, tries }
}

function correlation({ re, im }: Spectrum, template: Spectrum): Float32Array {
  const product = emptySpectrum(foldSide, foldSide)
  for (let at = 0; at < foldCells; at++) {
    // Conjugated, so that the forward transform goes back.
    product.re[at] = re[at]! * template.re[at]! + im[at]! * template.im[at]!
    product.im[at] = -(im[at]! * template.re[at]! - re[at]! * template.im[at]!)
  }
  transform(product)
  return product.re
}

function addMoved(sum: Float64Array, map: Float32Array, du: number, dv: number): void {
  const mask = foldSide - 1
  for (let y = 0; y < foldSide; y++) {
    const from = ((y - dv) & mask) << 6
    const to = y << 6
    for (let x = 0; x < foldSide; x++) sum[to | x]! += map[from | ((x - du) & mask)]!
  }
}

function peakOf(sum: Float64Array): {
  readonly u: number
  readonly v: number
  readonly score: number
} {
  let [at, total, squares] = [0, 0, 0]
  for (let cell = 0; cell < foldCells; cell++) {
    const one = sum[cell]!
    total += one
    squares += one * one
    if (one > sum[at]!) at = cell
  }
  const mean = total / foldCells
  const deviation = Math.sqrt(Math.max(1e-30, squares / foldCells - mean * mean))
  const [x, y] = [at & (foldSide - 1), at >> 6]
  const value = (dx: number, dy: number) =>
    sum[(((y + dy) & (foldSide - 1)) << 6) | ((x + dx) & (foldSide - 1))]!
  const perChip = foldSide / tileChips
  return {
    u: (x + between(value(-1, 0), value(0, 0), value(1, 0))) / perChip,
    v: (y + between(value(0, -1), value(0, 0), value(0, 1))) / perChip,
    score: (sum[at]! - mean) / deviation,
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
