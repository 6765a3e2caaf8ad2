/** c2sp.org/tlog-tiles: where hashes and entries of a log lie, and how they are written. */

import { concat } from './bytes.ts'
import { limits } from './limits.ts'
import { type HashReader, type TreeNode, foldSubtrees, nodeHash, subtrees } from './merkle.ts'

/** Hashes of a full tile, and entries of a full entry bundle. */
export const tileWidth = 256
export const hashBytes = 32
export const checkpointPath = 'checkpoint'

/** Reads one resource of a log by its path (`checkpoint`, `tile/…`); null when it is not there. */
export type TileReader = { read(path: string): Promise<Uint8Array | null> }

/** A hash tile of a level, or a bundle of `entries`. `width` is 1 to 256; 256 is full. */
export type Tile = {
  readonly level: number | 'entries'
  readonly index: number
  readonly width: number
}

/** `tile/0/x001/067`, with `.p/<width>` behind it for a partial tile. */
export function tilePath(tile: Tile): string {
  const digits = String(tile.index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const elements = padded.match(/\d{3}/g) ?? []
  const index = elements.map((one, at) => (at < elements.length - 1 ? `x${one}` : one)).join('/')
  const partial = tile.width === tileWidth ? '' : `.p/${tile.width}`
  return `tile/${tile.level}/${index}${partial}`
}

/** The tile of a path; null unless the path is exactly what `tilePath` writes. */
export function parseTilePath(path: string): Tile | null {
  const parts = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(
    path,
  )
  if (parts === null) return null
  const [, level = '', index = '', width] = parts
  const tile: Tile = {
    level: level === 'entries' ? 'entries' : Number(level),
    index: Number(index.replaceAll(/[x/]/g, '')),
    width: width === undefined ? tileWidth : Number(width),
  }
  const known = tile.level === 'entries' || tile.level <= 63
  return known && tilePath(tile) === path ? tile : null
}

/** Full tiles of a level in a tree of `size` leaves, and the width of the partial one behind them. */
export function levelShape(
  level: number | 'entries',
  size: number,
): { readonly full: number; readonly partial: number } {
  const hashes = Math.floor(size / tileWidth ** (level === 'entries' ? 0 : level))
  return { full: Math.floor(hashes / tileWidth), partial: hashes % tileWidth }
}

/** Hash tile levels that a tree of `size` leaves has. */
export function levelsOf(size: number): number {
  let levels = 0
  for (let hashes = size; hashes > 0; hashes = Math.floor(hashes / tileWidth)) levels += 1
  return levels
}

/** The tile that holds hash `index` of `level` in a tree of `size` leaves. */
export function tileAt(level: number | 'entries', index: number, size: number): Tile {
  const { full, partial } = levelShape(level, size)
  const tile = Math.floor(index / tileWidth)
  return { level, index: tile, width: tile < full ? tileWidth : partial }
}

/** Whether a tree of `size` leaves has all hashes (or entries) of `tile`. */
export function isCovered(tile: Tile, size: number): boolean {
  const { full, partial } = levelShape(tile.level, size)
  return tile.index * tileWidth + tile.width <= full * tileWidth + partial
}

/** Hash number `at` of a tile. A view. */
export function tileHash(tile: Uint8Array, at: number): Uint8Array {
  return tile.subarray(at * hashBytes, (at + 1) * hashBytes)
}

/** The hash over all 256 hashes of a full tile: what the level above holds. */
export function fullTileRoot(tile: Uint8Array): Uint8Array {
  return rangeHash(tile, 0, tileWidth)
}

/** The hash over `count` hashes (a power of two) of a tile from `from`. */
export function rangeHash(tile: Uint8Array, from: number, count: number): Uint8Array {
  if (count === 1) return tileHash(tile, from)
  const half = count / 2
  return nodeHash(rangeHash(tile, from, half), rangeHash(tile, from + half, half))
}

/** The root of a tree from its partial tiles, lowest level first; full levels are empty arrays. */
export function edgeRoot(partials: readonly Uint8Array[]): Uint8Array {
  const hashes = partials
    .toReversed()
    .flatMap((tile) =>
      subtrees(0, tile.length / hashBytes).map(({ level, index }) =>
        rangeHash(tile, index * 2 ** level, 2 ** level),
      ),
    )
  return foldSubtrees(hashes)
}

/** Entries as a bundle: each behind its big-endian uint16 length. Throws on an entry too long. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  const parts = entries.flatMap((entry) => {
    if (entry.length > limits.entryMax) throw new Error('an entry has at most 65,535 bytes')
    return [Uint8Array.of(entry.length >> 8, entry.length & 255), entry]
  })
  return concat(...parts)
}

/** The entries of a bundle, as views; null unless there are exactly `width` and nothing else. */
export function parseEntryBundle(bytes: Uint8Array, width: number): readonly Uint8Array[] | null {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length && entries.length < width) {
    const high = bytes[at]
    const low = bytes[at + 1]
    if (high === undefined || low === undefined) return null
    const end = at + 2 + high * 256 + low
    if (end > bytes.length) return null
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return at === bytes.length && entries.length === width ? entries : null
}

/** Says which resource of a log is absent or has the wrong length. */
export class TileError extends Error {
  readonly path: string

  constructor(path: string, detail: string) {
    super(`${path}: ${detail}`)
    this.name = 'TileError'
    this.path = path
  }
}

/**
 * Reads a tile for a tree that has it: the partial one, or the full one that replaced it, cut to
 * the same width. Throws `TileError` when there is neither.
 */
export async function readHashTile(reader: TileReader, tile: Tile): Promise<Uint8Array> {
  const path = tilePath(tile)
  const own = await reader.read(path)
  if (own !== null) {
    if (own.length !== tile.width * hashBytes) throw new TileError(path, 'has the wrong length')
    return own
  }
  const full = tile.width < tileWidth ? { ...tile, width: tileWidth } : null
  const wider = full === null ? null : await reader.read(tilePath(full))
  if (wider === null) throw new TileError(path, 'is missing')
  if (wider.length !== tileWidth * hashBytes) throw new TileError(path, 'has the wrong length')
  return wider.subarray(0, tile.width * hashBytes)
}

/** Reads a bundle like `readHashTile`: its entries, as views. */
export async function readEntryBundle(
  reader: TileReader,
  tile: Tile,
): Promise<readonly Uint8Array[]> {
  const entries = parseEntryBundle(await readBundleBytes(reader, tile), tile.width)
  if (entries === null) throw new TileError(tilePath(tile), 'is malformed')
  return entries
}

/** Reads a bundle like `readHashTile`: its bytes, cut behind `tile.width` entries. */
export async function readBundleBytes(reader: TileReader, tile: Tile): Promise<Uint8Array> {
  const path = tilePath(tile)
  const own = await reader.read(path)
  if (own !== null) return own
  const wider =
    tile.width < tileWidth ? await reader.read(tilePath({ ...tile, width: tileWidth })) : null
  if (wider === null) throw new TileError(path, 'is missing')
  let end = 0
  for (let entry = 0; entry < tile.width; entry++) {
    end += 2 + (wider[end] ?? 0) * 256 + (wider[end + 1] ?? 0)
  }
  return wider.subarray(0, end)
}

/**
 * Hashes of a tree of `size` leaves from its tiles. What it gives is only as good as the tiles:
 * a proof made of it is checked against a signed root.
 */
export function tileHashReader(reader: TileReader, size: number): HashReader {
  return async (nodes: readonly TreeNode[]) => {
    const tiles = new Map<string, Promise<Uint8Array>>()
    const load = (tile: Tile) => {
      const path = tilePath(tile)
      const loading = tiles.get(path) ?? readHashTile(reader, tile)
      tiles.set(path, loading)
      return loading
    }
    return Promise.all(
      nodes.map(async ({ level, index }) => {
        const height = level % 8
        const count = 2 ** height
        const first = index * count
        const tile = await load(tileAt((level - height) / 8, first, size))
        return new Uint8Array(rangeHash(tile, first % tileWidth, count))
      }),
    )
  }
}
