/**
 * Checks a whole log from its static resources: every entry against its hash, every hash tile
 * against the level below, the right edge against the root, the root against the signature. Each
 * check is local, so one damaged file is one finding and the first one names the culprit.
 */

import { equal } from './bytes.ts'
import { type CheckpointRefusal, openCheckpoint } from './checkpoint.ts'
import { type Ed25519Verify, verify } from './ed25519.ts'
import { type TileHashing, firstDifference, pureTileHashing } from './tile-hashing.ts'
import {
  type Tile,
  TileError,
  type TileReader,
  checkpointPath,
  edgeRoot,
  levelShape,
  levelsOf,
  parseEntryBundle,
  readBundleBytes,
  readHashTile,
  tileHash,
  tilePath,
  tileWidth,
} from './tiles.ts'

export type LogFindingCode =
  | CheckpointRefusal
  | 'missing_checkpoint'
  /** A tile or bundle is missing, has the wrong length or does not parse. */
  | 'bad_tile'
  | 'entry_mismatch'
  | 'tile_mismatch'
  | 'root_mismatch'
  | 'malformed_entry'

export type LogFinding = {
  readonly code: LogFindingCode
  /** The resource at fault, such as `tile/0/x001/067`. */
  readonly path: string
  /** The entry or, above level 0, the hash of the level at fault; null when it is the whole file. */
  readonly index: number | null
  readonly detail: string
}

export type LogVerdict =
  | { readonly kind: 'sound'; readonly size: number; readonly root: Uint8Array }
  /** At most `findingsMax` findings, in the order of the tree from the leaves up. */
  | {
      readonly kind: 'unsound'
      readonly findings: readonly LogFinding[]
      /** What the log signed; null when there is no checkpoint of its key. */
      readonly signed: { readonly size: number; readonly root: Uint8Array } | null
    }

export type VerifyLogOptions = {
  /** Told after each group of tiles; `size` is the checkpoint's. */
  readonly progress?: (done: { readonly entries: number; readonly size: number }) => void
  /** What is wrong with an entry that hashes right, or null: `malformed_entry`. */
  readonly checkEntry?: (entry: Uint8Array, index: number) => string | null
  readonly verifySignature?: Ed25519Verify
  /** `node/tile-hashing.ts` where there is Node. */
  readonly hashing?: TileHashing
}

const findingsMax = 100
const tilesAtOnce = 16

/** Verifies the log of `vkey` behind `reader`. Reader failures throw; what is read never does. */
export async function verifyLog(
  reader: TileReader,
  vkey: string,
  options: VerifyLogOptions = {},
): Promise<LogVerdict> {
  const note = await reader.read(checkpointPath)
  if (note === null) {
    return unsound(finding('missing_checkpoint', checkpointPath, 'There is no checkpoint.'))
  }
  const opened = openCheckpoint(note, vkey, options.verifySignature ?? verify)
  if (opened.kind === 'refused') {
    return unsound(finding(opened.code, checkpointPath, opened.detail))
  }
  const { size, root } = opened.checkpoint
  const check = new LogCheck(reader, size, options)
  await check.run(root)
  return check.findings.length > 0
    ? { kind: 'unsound', findings: check.findings, signed: { size, root } }
    : { kind: 'sound', size, root }
}

class LogCheck {
  readonly findings: LogFinding[] = []
  readonly #reader: TileReader
  readonly #size: number
  readonly #options: VerifyLogOptions
  readonly #hashing: TileHashing

  constructor(reader: TileReader, size: number, options: VerifyLogOptions) {
    this.#reader = reader
    this.#size = size
    this.#options = options
    this.#hashing = options.hashing ?? pureTileHashing
  }

  async run(root: Uint8Array): Promise<void> {
    const edge: (Uint8Array | null)[] = []
    // Roots of the full tiles of the level below; null where the tile could not be read.
    let below: readonly (Uint8Array | null)[] | 'entries' = 'entries'
    for (let level = 0; level < levelsOf(this.#size); level++) {
      const swept: Swept = await this.#sweep(level, below)
      edge.push(swept.partial)
      below = swept.roots
      if (this.findings.length >= findingsMax) return
    }
    const partials = edge.filter((tile) => tile !== null)
    if (partials.length === edge.length && !equal(edgeRoot(partials), root)) {
      const detail = 'The root is not that of the tiles.'
      this.#found(finding('root_mismatch', checkpointPath, detail))
    }
  }

  /** Reads all tiles of a level, a group at a time, and compares them with what lies below. */
  async #sweep(level: number, below: readonly (Uint8Array | null)[] | 'entries'): Promise<Swept> {
    const { full, partial } = levelShape(level, this.#size)
    const count = full + (partial > 0 ? 1 : 0)
    const roots: (Uint8Array | null)[] = []
    let edge: Uint8Array | null = new Uint8Array()
    for (let from = 0; from < count && this.findings.length < findingsMax; from += tilesAtOnce) {
      const tiles = Array.from({ length: Math.min(tilesAtOnce, count - from) }, (_, at): Tile => {
        const index = from + at
        return { level, index, width: index < full ? tileWidth : partial }
      })
      const read = await Promise.all(
        tiles.map(async (tile) => this.#readWithBelow(tile, below === 'entries')),
      )
      for (const [at, { hashes, bundle }] of read.entries()) {
        const tile = tiles[at]
        if (tile === undefined) continue
        if (hashes !== null && below !== 'entries') this.#compareHashes(tile, hashes, below)
        if (bundle !== null) this.#compareEntries(tile, hashes, bundle)
        if (tile.width === tileWidth) {
          roots.push(hashes === null ? null : this.#hashing.fullTileRoot(hashes))
        } else edge = hashes
      }
      if (below === 'entries')
        this.#progress(Math.min((from + tiles.length) * tileWidth, this.#size))
    }
    return { roots, partial: edge }
  }

  async #readWithBelow(tile: Tile, withEntries: boolean) {
    const reading = withEntries
      ? this.#tryRead(readBundleBytes(this.#reader, { ...tile, level: 'entries' }))
      : Promise.resolve(null)
    const [hashes, bundle] = await Promise.all([
      this.#tryRead(readHashTile(this.#reader, tile)),
      reading,
    ])
    return { hashes, bundle }
  }

  async #tryRead<T>(reading: Promise<T>): Promise<T | null> {
    try {
      return await reading
    } catch (error) {
      if (!(error instanceof TileError)) throw error
      this.#found(finding('bad_tile', error.path, error.message))
      return null
    }
  }

  #compareEntries(tile: Tile, hashes: Uint8Array | null, bundle: Uint8Array): void {
    const path = tilePath({ ...tile, level: 'entries' })
    const computed = this.#hashing.leafHashes(bundle, tile.width)
    if (computed === null) {
      this.#found(finding('bad_tile', path, `${path}: is malformed`))
      return
    }
    if (hashes === null) return
    const { checkEntry } = this.#options
    if (checkEntry === undefined && firstDifference(computed, hashes) < 0) return
    for (const [at, entry] of (parseEntryBundle(bundle, tile.width) ?? []).entries()) {
      const index = tile.index * tileWidth + at
      if (!equal(tileHash(computed, at), tileHash(hashes, at))) {
        const detail = `Entry ${index} does not have the hash in ${tilePath(tile)}.`
        this.#found(finding('entry_mismatch', path, detail, index))
        continue
      }
      const wrong = checkEntry?.(entry, index) ?? null
      if (wrong !== null) this.#found(finding('malformed_entry', path, wrong, index))
    }
  }

  #compareHashes(tile: Tile, hashes: Uint8Array, below: readonly (Uint8Array | null)[]): void {
    for (let at = 0; at < tile.width; at++) {
      const index = tile.index * tileWidth + at
      const wanted = below[index] ?? null
      if (wanted === null || equal(wanted, tileHash(hashes, at))) continue
      const under = tilePath({ level: Number(tile.level) - 1, index, width: tileWidth })
      const detail = `Hash ${at} of ${tilePath(tile)} is not that of ${under}.`
      this.#found(finding('tile_mismatch', tilePath(tile), detail, index))
    }
  }

  #progress(entries: number): void {
    this.#options.progress?.({ entries, size: this.#size })
  }

  #found(one: LogFinding): void {
    if (this.findings.length < findingsMax) this.findings.push(one)
  }
}

type Swept = {
  readonly roots: readonly (Uint8Array | null)[]
  /** The level's partial tile: empty when it has none, null when it could not be read. */
  readonly partial: Uint8Array | null
}

function unsound(one: LogFinding): LogVerdict {
  return { kind: 'unsound', findings: [one], signed: null }
}

function finding(
  code: LogFindingCode,
  path: string,
  detail: string,
  index: number | null = null,
): LogFinding {
  return { code, path, index, detail }
}
