/** Proofs made from a log's static resources, against a checkpoint that covers them. */

import type { Checkpoint } from './checkpoint.ts'
import { leafHash, proveConsistency, proveInclusion, verifyInclusion } from './merkle.ts'
import { TileError, type TileReader, readEntryBundle, tileAt, tileHashReader } from './tiles.ts'
import { formatProof } from './tlog-proof.ts'

export type ProvedEntry = {
  readonly entry: Uint8Array
  /** tlog-proof as text, without extra data. */
  readonly proof: string
}

/**
 * The proof of entry `index` against `note`, whose checkpoint the caller has opened. Throws
 * `TileError` when a tile is missing or does not lead to the root: no false proof is ever made.
 */
export async function proveEntry(
  reader: TileReader,
  index: number,
  note: string,
  { size, root }: Checkpoint,
  options: { readonly withEntry?: boolean } = {},
): Promise<ProvedEntry> {
  const bundle = await readEntryBundle(reader, tileAt('entries', index, size))
  const entry = bundle[index % 256]
  if (entry === undefined) throw new TileError('tile/entries', `has no entry ${index}`)
  const hashes = await proveInclusion(index, size, tileHashReader(reader, size))
  if (!verifyInclusion(index, size, leafHash(entry), hashes, root)) {
    throw new TileError('tile', `entry ${index} does not lead to the root of ${size} entries`)
  }
  const extra = options.withEntry === true ? entry : null
  const proof = formatProof({ index, hashes, extra, checkpoint: note })
  return { entry: new Uint8Array(entry), proof }
}

/** What shows a witness that the tree of `size` entries continues that of `from`. */
export async function proveGrowth(
  reader: TileReader,
  from: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  return proveConsistency(from, size, tileHashReader(reader, size))
}
