/** What a key hides: where the cells of the tile lie, their signs, and the fingerprint of each code. */

import { createCipheriv, createHmac, hkdfSync } from 'node:crypto'

import { gridSideMax, messageCells, syncCells, tileCells } from './grid.ts'

/** A key of one epoch. */
export type MarkKey = {
  /** The month that it marks in: `2026-11`. */
  readonly epoch: string
  /** 32 secret bytes. */
  readonly secret: Uint8Array
}

/** A release id: 16 lower-case hexadecimal digits. */
export type Code = string

export function isCode(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text)
}

export type Tile = {
  /** +1 or -1 for every cell, row by row. */
  readonly signs: Int8Array
  /** Which coded bit a cell carries; -1 in cells of the sync layer. */
  readonly bitOf: Int16Array
}

/** The tile of a key: the same for all of its codes. */
export function tileOf({ secret }: MarkKey): Tile {
  const words = new DataView(stream(derive(secret, 'tile order'), 4 * tileCells).buffer)
  const order = Uint16Array.from({ length: tileCells }, (_, cell) => cell)
  for (let last = tileCells - 1; last > 0; last--) {
    const other = Math.floor((words.getUint32(4 * last) / 2 ** 32) * (last + 1))
    const kept = order[last]!
    order[last] = order[other]!
    order[other] = kept
  }
  const bitOf = new Int16Array(tileCells).fill(-1)
  for (let bit = 0; bit < messageCells; bit++) bitOf[order[syncCells + bit]!] = bit
  return { signs: signsOf(stream(derive(secret, 'tile signs'), tileCells / 8), tileCells), bitOf }
}

/** +1 or -1 for every chip of a grid of `gridSideMax` by `gridSideMax`, row by row; no two codes share it. */
export function fingerprintOf({ secret }: MarkKey, code: Code): Int8Array {
  const seed = createHmac('sha256', derive(secret, 'fingerprint'))
    .update(Buffer.from(code, 'hex'))
    .digest()
  const cells = gridSideMax * gridSideMax
  return signsOf(stream(seed, cells / 8), cells)
}

function derive(secret: Uint8Array, use: string): Uint8Array {
  return new Uint8Array(
    hkdfSync('sha256', secret, new Uint8Array(0), `sallyport/mark/v1 ${use}`, 32),
  )
}

function stream(key: Uint8Array, bytes: number): Uint8Array {
  const cipher = createCipheriv('aes-256-ctr', key, new Uint8Array(16))
  return new Uint8Array(cipher.update(new Uint8Array(bytes)))
}

function signsOf(bits: Uint8Array, count: number): Int8Array {
  const signs = new Int8Array(count)
  for (let at = 0; at < count; at++) signs[at] = (bits[at >> 3]! >> (7 - (at & 7))) & 1 ? 1 : -1
  return signs
}
