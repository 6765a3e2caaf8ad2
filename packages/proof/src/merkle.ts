/**
 * The Merkle tree of RFC 6962 section 2.1 over SHA-256: hashes, proofs and their checks.
 * Sizes and indexes are exact integers up to `limits.treeSizeMax`; hashes are 32 bytes.
 */

import { sha256 } from '@noble/hashes/sha2.js'

import { concat, equal } from './bytes.ts'
import { limits } from './limits.ts'

/** The complete subtree of 2^level leaves from leaf `index` * 2^level. Level 0 is the leaves. */
export type TreeNode = { readonly level: number; readonly index: number }

/** Gives the hashes of complete subtrees, in the order asked; all lie within the tree. */
export type HashReader = (nodes: readonly TreeNode[]) => Promise<readonly Uint8Array[]>

/** Where a path ends: an inner range of leaves, `start` to `end` exclusive. */
export type Range = { readonly start: number; readonly end: number }

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)

/** The root of a tree without leaves. */
export function emptyRoot(): Uint8Array {
  return sha256(new Uint8Array())
}

/** SHA-256 of 0x00 and the entry. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(concat(leafPrefix, entry))
}

/** SHA-256 of 0x01 and both children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(nodePrefix, left, right))
}

/** The complete subtrees that make up leaves `start` to `end`, left to right. */
export function subtrees(start: number, end: number): readonly TreeNode[] {
  const nodes: TreeNode[] = []
  for (let at = start; at < end;) {
    let level = 0
    let width = 1
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      width *= 2
      level += 1
    }
    nodes.push({ level, index: at / width })
    at += width
  }
  return nodes
}

/** One hash of adjoining subtrees in the order of `subtrees`: folded from the right. */
export function foldSubtrees(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.length === 0
    ? emptyRoot()
    : hashes.reduceRight((right, left) => nodeHash(left, right))
}

/** The root of the first `size` leaves. */
export async function treeRoot(size: number, read: HashReader): Promise<Uint8Array> {
  return foldSubtrees(await read(subtrees(0, size)))
}

/** The path from leaf `index` to the root of `size` leaves (RFC 6962 section 2.1.1), leaf first. */
export async function proveInclusion(
  index: number,
  size: number,
  read: HashReader,
): Promise<readonly Uint8Array[]> {
  assertSize(size)
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new Error('no such leaf')
  const ranges: Range[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + leftWidth(end - start)
    if (index < middle) {
      ranges.push({ start: middle, end })
      end = middle
    } else {
      ranges.push({ start, end: middle })
      start = middle
    }
  }
  return readRanges(ranges.reverse(), read)
}

/** What shows that `size` leaves begin with the first `from` (RFC 6962 section 2.1.2). */
export async function proveConsistency(
  from: number,
  size: number,
  read: HashReader,
): Promise<readonly Uint8Array[]> {
  assertSize(size)
  if (!Number.isSafeInteger(from) || from < 0 || from > size) throw new Error('no such tree')
  if (from === 0 || from === size) return []
  const ranges: Range[] = []
  let start = 0
  let end = size
  let wholeOld = true
  while (end !== from) {
    const middle = start + leftWidth(end - start)
    if (from <= middle) {
      ranges.push({ start: middle, end })
      end = middle
    } else {
      ranges.push({ start, end: middle })
      start = middle
      wholeOld = false
    }
  }
  // The verifier knows the old root; it needs the old right edge only when that is less than it.
  if (!wholeOld) ranges.push({ start, end })
  return readRanges(ranges.reverse(), read)
}

/** Whether `path` leads from `leaf` at `index` to `root` of `size` leaves (RFC 9162 2.1.3.2). */
export function verifyInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isSize(size) || !isSize(index) || index >= size) return false
  if (leaf.length !== 32 || path.some((hash) => hash.length !== 32)) return false
  let node = index
  let last = size - 1
  let hash = leaf
  for (const sibling of path) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash)
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else {
      hash = nodeHash(hash, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && equal(hash, root)
}

/**
 * Whether `proof` shows that the tree of `size` leaves begins with that of `from` (RFC 9162
 * 2.1.4.2). As in C2SP tlog-witness, a tree without leaves is consistent with every tree: its
 * root must be the empty root and its proof empty.
 */
export function verifyConsistency(
  from: number,
  fromRoot: Uint8Array,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(from) || !isSize(size) || from > size) return false
  if (proof.some((hash) => hash.length !== 32)) return false
  if (from === 0 && !equal(fromRoot, emptyRoot())) return false
  if (from === size) return proof.length === 0 && equal(fromRoot, root)
  if (from === 0) return proof.length === 0

  let node = from - 1
  let last = size - 1
  while (node % 2 === 1) {
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  // When the old tree is complete its root itself starts the path.
  const path = node === 0 ? [fromRoot, ...proof] : proof
  const first = path[0]
  if (first === undefined) return false
  let old = first
  let now = first
  for (const sibling of path.slice(1)) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      old = nodeHash(sibling, old)
      now = nodeHash(sibling, now)
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else {
      now = nodeHash(now, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && equal(old, fromRoot) && equal(now, root)
}

/** One hash per range, with a single call of the reader. */
export async function readRanges(
  ranges: readonly Range[],
  read: HashReader,
): Promise<readonly Uint8Array[]> {
  const parts = ranges.map(({ start, end }) => subtrees(start, end))
  const hashes = await read(parts.flat())
  let at = 0
  return parts.map((nodes) => {
    const own = hashes.slice(at, at + nodes.length)
    at += nodes.length
    return foldSubtrees(own)
  })
}

/** The largest power of two below `width`, for a width of at least 2. */
export function leftWidth(width: number): number {
  let left = 1
  while (left * 2 < width) left *= 2
  return left
}

export function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= limits.treeSizeMax
}

function assertSize(size: number): void {
  if (!isSize(size)) throw new Error('not a tree size')
}
