/** The hashing of whole tiles, where nearly all the time of a verification goes. */

import { concat } from './bytes.ts'
import { leafHash } from './merkle.ts'
import { fullTileRoot, hashBytes, parseEntryBundle } from './tiles.ts'

/** `node/tile-hashing.ts` is the same on node:crypto, and several times faster. */
export type TileHashing = {
  /**
   * The leaf hashes of a bundle of exactly `width` entries, one behind the other: what the tile of
   * level 0 must hold. Null when the bundle is malformed.
   */
  readonly leafHashes: (bundle: Uint8Array, width: number) => Uint8Array | null
  /** The hash over all 256 hashes of a full tile. */
  readonly fullTileRoot: (tile: Uint8Array) => Uint8Array
}

export const pureTileHashing: TileHashing = {
  leafHashes(bundle, width) {
    const entries = parseEntryBundle(bundle, width)
    return entries === null ? null : concat(...entries.map((entry) => leafHash(entry)))
  },
  fullTileRoot,
}

/** The first hash at which two tiles of one length differ; -1 when they are equal. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length; at++) {
    if (a[at] !== b[at]) return Math.floor(at / hashBytes)
  }
  return -1
}
