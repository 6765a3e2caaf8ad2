/** Tile hashing on node:crypto. Its hashes equal those of `tile-hashing.ts`. */

import * as crypto from 'node:crypto'

import type { TileHashing } from '../tile-hashing.ts'
import { hashBytes, tileWidth } from '../tiles.ts'

const nodeInput = Buffer.alloc(1 + 2 * hashBytes)
nodeInput[0] = 1

export const nodeTileHashing: TileHashing = { leafHashes, fullTileRoot }

function leafHashes(bundle: Uint8Array, width: number): Uint8Array | null {
  const bytes = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.length)
  const hashes = Buffer.allocUnsafe(width * hashBytes)
  let at = 0
  for (let entry = 0; entry < width; entry++) {
    if (at + 2 > bytes.length) return null
    const low = bytes[at + 1] ?? 0
    const end = at + 2 + (bytes[at] ?? 0) * 256 + low
    if (end > bytes.length) return null
    // RFC 6962 puts a zero before the entry. The byte there is its length's: lent, and given back.
    bytes[at + 1] = 0
    hashInto(bytes.subarray(at + 1, end), hashes, entry * hashBytes)
    bytes[at + 1] = low
    at = end
  }
  return at === bytes.length ? hashes : null
}

function fullTileRoot(tile: Uint8Array): Uint8Array {
  const hashes = Buffer.from(tile)
  // Each round overwrites pairs with their parent, from the left.
  for (let count = tileWidth; count > 1; count /= 2) {
    for (let pair = 0; pair < count / 2; pair++) {
      hashes.copy(nodeInput, 1, pair * 2 * hashBytes, (pair + 1) * 2 * hashBytes)
      hashInto(nodeInput, hashes, pair * hashBytes)
    }
  }
  return new Uint8Array(hashes.subarray(0, hashBytes))
}

/** A hash as text costs a quarter of one as a new buffer. */
function hashInto(input: Uint8Array, target: Buffer, at: number): void {
  target.write(crypto.hash('sha256', input, 'binary'), at, hashBytes, 'latin1')
}
