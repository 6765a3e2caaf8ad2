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

/** Reads the code that the chips agree with best. The lattice's tiles must begin at its (0, 0). */
export function readField(field: ChipField, tile: Tile, key: MarkKey): FieldReading {
  const folded = foldField(field)
  const soft = new Float64Array(messageCells)
  for (let cell = 0; cell < tileCells; cell++) {
    const bit = tile.bitOf[cell]!
    if (bit >= 0) soft[bit] = tile.signs[cell]! * folded[cell]!
  }
  const code = decodeCode(soft)
  const tileScore = tileScoreOf(folded, tile, code)
  if (tileScore < hopelessBelow) return { code, tileScore, fingerprintScore: 0, places: 1 }
  const { score, places } = placeFingerprint(field, fingerprintOf(key, code))
  return { code, tileScore, fingerprintScore: score, places }
}

function foldField({ columns, rows, column0, row0, values }: ChipField): Float64Array {
  const folded = new Float64Array(tileCells)
  for (let row = 0; row < rows; row++) {
    const line = modulo(row0 + row) * tileChips
    for (let column = 0; column < columns; column++) {
      folded[line + modulo(column0 + column)]! += values[row * columns + column]!
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
  { columns, rows, column0, row0, values }: ChipField,
  own: Int8Array,
): { readonly score: number; readonly places: number } {
  let squares = 0
  for (const value of values) squares += value * value
  let [best, places] = [-Infinity, 0]
  const shifts = (from: number, count: number) => {
    const first = Math.ceil((-from - count + tileChips) / tileChips) * tileChips
    const list: number[] = []
    for (let shift = first; from + shift < gridSideMax - tileChips; shift += tileChips)
      list.push(shift)
    return list
  }
  for (const down of shifts(row0, rows)) {
    for (const across of shifts(column0, columns)) {
      places += 1
      let sum = 0
      for (let row = 0; row < rows; row++) {
        const line = row0 + row + down
        if (line < 0 || line >= gridSideMax) continue
        const first = Math.max(0, -(column0 + across))
        const last = Math.min(columns, gridSideMax - (column0 + across))
        const from = line * gridSideMax + column0 + across
        for (let column = first; column < last; column++) {
          sum += own[from + column]! * values[row * columns + column]!
        }
      }
      if (sum > best) best = sum
    }
  }
  return {
    score: squares > 0 && places > 0 ? best / Math.sqrt(squares) : 0,
    places: Math.max(1, places),
  }
}

function modulo(chip: number): number {
  return ((chip % tileChips) + tileChips) % tileChips
}
