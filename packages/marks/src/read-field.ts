/** What a field of chips says: which code, how surely, and whether its fingerprint agrees. */

import type { ChipField } from './chips.ts'
import { decodeCode, encodeCode } from './error-code.ts'
import { gridSideMax, messageCells, tileCells, tileChips } from './grid.ts'
import { type Code, fingerprintOf, type MarkKey, type Tile } from './secret.ts'

export type FieldReading = {
  readonly code: Code
  /** Standard deviations of the whole tile under that code, were the picture not marked. */
  readonly tileScore: number
  /** The same of the code's fingerprint, at the best of `places`. */
  readonly fingerprintScore: number
  readonly places: number
}

/** With fewer deviations no code is read, whatever its fingerprint says: its place is not looked for. */
const hopelessBelow = 11

/**
 * Reads the code that the chips agree with best. The lattice's tiles begin at its (0, 0); which of the
 * tiles that is remains to be found.
 */
export function readField(field: ChipField, tile: Tile, key: MarkKey): FieldReading {
  const { code, tileScore } = readTile(field, tile)
  if (tileScore < hopelessBelow) return { code, tileScore, fingerprintScore: 0, places: 1 }
  const { score, places } = placeFingerprint(field, fingerprintOf(key, code))
  return { code, tileScore, fingerprintScore: score, places }
}

/** The same of a field whose (0, 0) is the first chip of the marked picture. */
export function readPlaced(field: ChipField, tile: Tile, key: MarkKey): FieldReading {
  const { code, tileScore } = readTile(field, tile)
  const score = fingerprintAt(field, fingerprintOf(key, code), 0, 0) / lengthOf(field)
  return { code, tileScore, fingerprintScore: score, places: 1 }
}

function readTile(field: ChipField, tile: Tile) {
  const folded = foldField(field)
  const soft = new Float64Array(messageCells)
  for (let cell = 0; cell < tileCells; cell++) {
    const bit = tile.bitOf[cell]!
    if (bit >= 0) soft[bit] = tile.signs[cell]! * folded[cell]!
  }
  const code = decodeCode(soft)
  return { code, tileScore: tileScoreOf(folded, tile, code) }
}

function foldField({ columns, rows, column0, row0, values }: ChipField): Float64Array {
  const folded = new Float64Array(tileCells)
  for (let row = 0; row < rows; row++) {
    const line = modulo(row0 + row) * tileChips
    const from = row * columns
    let cell = modulo(column0)
    for (let column = 0; column < columns; column++) {
      folded[line + cell]! += values[from + column]!
      cell = cell + 1 === tileChips ? 0 : cell + 1
    }
  }
  return folded
}

function tileScoreOf(folded: Float64Array, { signs, bitOf }: Tile, code: Code): number {
  const coded = encodeCode(code)
  let [sum, squares] = [0, 0]
  for (let cell = 0; cell < tileCells; cell++) {
    const bit = bitOf[cell]!
    sum += signs[cell]! * (bit < 0 ? 1 : coded[bit]!) * folded[cell]!
    squares += folded[cell]! * folded[cell]!
  }
  return squares > 0 ? sum / Math.sqrt(squares) : 0
}

/** The fingerprint over a field of which only the place modulo a tile is known. */
function placeFingerprint(
  field: ChipField,
  own: Int8Array,
): { readonly score: number; readonly places: number } {
  const { columns, rows, column0, row0 } = field
  const downs = shifts(row0, rows)
  const acrosses = shifts(column0, columns)
  let best = -Infinity
  for (const down of downs) {
    for (const across of acrosses) best = Math.max(best, fingerprintAt(field, own, across, down))
  }
  const places = downs.length * acrosses.length
  return places > 0 ? { score: best / lengthOf(field), places } : { score: 0, places: 1 }
}

/** Whole tiles by which a field may be moved and still share a tile with the grid. */
function shifts(from: number, count: number): readonly number[] {
  const list: number[] = []
  const first = Math.ceil((tileChips - from - count) / tileChips) * tileChips
  for (let shift = first; from + shift < gridSideMax - tileChips; shift += tileChips) {
    list.push(shift)
  }
  return list
}

/** How much a field that is moved by chips agrees with a fingerprint, unscaled. */
export function fingerprintAt(
  { columns, rows, column0, row0, values }: ChipField,
  own: Int8Array,
  across: number,
  down: number,
): number {
  const first = Math.max(0, -(column0 + across))
  const last = Math.min(columns, gridSideMax - (column0 + across))
  let sum = 0
  for (let row = 0; row < rows; row++) {
    const line = row0 + row + down
    if (line < 0 || line >= gridSideMax) continue
    const from = line * gridSideMax + column0 + across
    for (let column = first; column < last; column++) {
      sum += own[from + column]! * values[row * columns + column]!
    }
  }
  return sum
}

/** The length of a field as a vector; never 0. */
export function lengthOf({ values }: ChipField): number {
  let squares = 0
  for (const value of values) squares += value * value
  return Math.sqrt(squares) || 1
}

function modulo(chip: number): number {
  return ((chip % tileChips) + tileChips) % tileChips
}
