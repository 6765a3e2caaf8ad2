/**
 * The right edge of a growing log: all that is needed to append to it. Pure: it says which files
 * a longer tree has, and whoever calls makes them durable before the new root is signed.
 */

import { concat, equal } from './bytes.ts'
import { limits } from './limits.ts'
import { leafHash } from './merkle.ts'
import {
  type Tile,
  TileError,
  type TileReader,
  edgeRoot,
  encodeEntryBundle,
  fullTileRoot,
  levelShape,
  levelsOf,
  readEntryBundle,
  readHashTile,
  tileAt,
  tileHash,
  tilePath,
  tileWidth,
} from './tiles.ts'

export type TreeEdge = {
  /** Leaves of the tree. */
  readonly size: number
  /** Entries of the partial bundle: `size` mod 256. */
  readonly entries: readonly Uint8Array[]
  /** Hashes of each level's partial tile, lowest level first; empty where the last one is full. */
  readonly levels: readonly (readonly Uint8Array[])[]
}

export type TileFile = { readonly path: string; readonly bytes: Uint8Array }

export type Growth = {
  readonly edge: TreeEdge
  /** New tiles and bundles, full and partial. None of them is changed by later growth. */
  readonly files: readonly TileFile[]
  /** Folders of partial tiles that a full tile in `files` replaces. */
  readonly superseded: readonly string[]
}

export const emptyEdge: TreeEdge = { size: 0, entries: [], levels: [] }

/** The root of the edge's tree. */
export function rootOf(edge: TreeEdge): Uint8Array {
  return edgeRoot(edge.levels.map((hashes) => concat(...hashes)))
}

/** The tree with `added` behind it. `edge` stays as it was. */
export function growEdge(edge: TreeEdge, added: readonly Uint8Array[]): Growth {
  const size = edge.size + added.length
  if (size > limits.treeSizeMax) throw new Error('the log is full')
  const files: TileFile[] = []
  const superseded: string[] = []
  const emit = (tile: Tile, bytes: Uint8Array) => {
    files.push({ path: tilePath(tile), bytes })
    if (tile.width === tileWidth) superseded.push(`${tilePath(tile)}.p`)
  }

  const entries = [...edge.entries]
  const levels = edge.levels.map((hashes) => [...hashes])
  const touched = new Set<number>()
  const counts = edge.levels.map((_, level) => levelShape(level, edge.size).full)
  const push = (level: number, hash: Uint8Array) => {
    const hashes = (levels[level] ??= [])
    touched.add(level)
    hashes.push(hash)
    if (hashes.length < tileWidth) return
    const index = counts[level] ?? 0
    counts[level] = index + 1
    const tile = concat(...hashes)
    emit({ level, index, width: tileWidth }, tile)
    levels[level] = []
    push(level + 1, fullTileRoot(tile))
  }

  for (const [at, entry] of added.entries()) {
    entries.push(entry)
    push(0, leafHash(entry))
    if (entries.length < tileWidth) continue
    const index = Math.floor((edge.size + at) / tileWidth)
    emit({ level: 'entries', index, width: tileWidth }, encodeEntryBundle(entries))
    entries.length = 0
  }
  if (added.length > 0 && entries.length > 0) {
    emit(tileAt('entries', size - 1, size), encodeEntryBundle(entries))
  }
  for (const level of touched) {
    const hashes = levels[level] ?? []
    if (hashes.length === 0) continue
    emit({ level, index: counts[level] ?? 0, width: hashes.length }, concat(...hashes))
  }
  return { edge: { size, entries, levels }, files, superseded }
}

/** The partial tiles and bundle of a tree: what must lie beside its full ones. */
export function edgeFiles({ size, entries, levels }: TreeEdge): readonly TileFile[] {
  const hashes = levels.flatMap((partial, level) => {
    const { full } = levelShape(level, size)
    const path = tilePath({ level, index: full, width: partial.length })
    return partial.length === 0 ? [] : [{ path, bytes: concat(...partial) }]
  })
  if (entries.length === 0) return hashes
  const bundle = tilePath(tileAt('entries', size - 1, size))
  return [...hashes, { path: bundle, bytes: encodeEntryBundle(entries) }]
}

/**
 * Reads the right edge of a tree of `size` leaves and checks that its last tiles, bundles and
 * levels fit each other and `root`. Throws `TileError` naming the file that does not.
 */
export async function loadEdge(
  reader: TileReader,
  size: number,
  root: Uint8Array,
): Promise<TreeEdge> {
  const levels: (readonly Uint8Array[])[] = []
  for (let level = 0; level < levelsOf(size); level++) {
    levels.push(await loadLevel(reader, level, size))
  }
  const edge: TreeEdge = { size, entries: await loadEntries(reader, size, levels[0] ?? []), levels }
  if (!equal(rootOf(edge), root)) {
    throw new TileError('checkpoint', 'its root is not that of the last tiles')
  }
  return edge
}

/** The hashes of a level's partial tile, after its last full tile was compared with the level above. */
async function loadLevel(
  reader: TileReader,
  level: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  const { full, partial } = levelShape(level, size)
  if (full > 0) {
    const last: Tile = { level, index: full - 1, width: tileWidth }
    const above = await readHashTile(reader, tileAt(level + 1, full - 1, size))
    const tile = await readHashTile(reader, last)
    if (!equal(fullTileRoot(tile), tileHash(above, (full - 1) % tileWidth))) {
      throw new TileError(tilePath(last), 'does not fit the level above')
    }
    await compareBundle(reader, level, last, tile)
  }
  if (partial === 0) return []
  const tile = await readHashTile(reader, { level, index: full, width: partial })
  return Array.from({ length: partial }, (_, at) => new Uint8Array(tileHash(tile, at)))
}

async function compareBundle(reader: TileReader, level: number, last: Tile, tile: Uint8Array) {
  if (level !== 0) return
  const bundle: Tile = { ...last, level: 'entries' }
  const entries = await readEntryBundle(reader, bundle)
  if (entries.some((entry, at) => !equal(leafHash(entry), tileHash(tile, at)))) {
    throw new TileError(tilePath(bundle), 'does not fit its hashes')
  }
}

async function loadEntries(
  reader: TileReader,
  size: number,
  hashes: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> {
  if (hashes.length === 0) return []
  const tile = tileAt('entries', size - 1, size)
  const entries = await readEntryBundle(reader, tile)
  const wrong = entries.findIndex((entry, at) => {
    const hash = hashes[at]
    return hash === undefined || !equal(leafHash(entry), hash)
  })
  if (wrong >= 0) throw new TileError(tilePath(tile), `entry ${wrong} does not fit its hash`)
  return entries.map((entry) => new Uint8Array(entry))
}
