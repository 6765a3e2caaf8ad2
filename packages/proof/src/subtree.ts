/**
 * Subtrees of a Merkle tree that are not prefixes, as c2sp.org/tlog-mirror takes them from Merkle Tree
 * Certificates (draft-ietf-plants-merkle-tree-certs, section 4): what shows that a stretch of leaves
 * stands in a tree.
 */

import { equal } from './bytes.ts'
import { type HashReader, type Range, isSize, leftWidth, nodeHash, readRanges } from './merkle.ts'

/** Whether leaves `start` to `end` (exclusive) are one: they begin at a multiple of the power of two that spans them. */
export function isSubtree(start: number, end: number): boolean {
  if (!isSize(start) || !isSize(end) || start >= end) return false
  let width = 1
  while (width < end - start) width *= 2
  return start % width === 0
}

/** What shows that the tree of `size` leaves holds the subtree `start` to `end`. */
export async function proveSubtree(
  start: number,
  end: number,
  size: number,
  read: HashReader,
): Promise<readonly Uint8Array[]> {
  if (!isSubtree(start, end) || !isSize(size) || end > size) throw new Error('no such subtree')
  const ranges: Range[] = []
  let from = 0
  let to = size
  // Whether the subtree is still whole here: then the verifier has its hash.
  let isWhole = true
  while (from !== start || to !== end) {
    const middle = from + leftWidth(to - from)
    if (end <= middle) {
      ranges.push({ start: middle, end: to })
      to = middle
      continue
    }
    ranges.push({ start: from, end: middle })
    from = middle
    if (start >= middle) continue
    // It spans both halves, so it begins here; of its right part the hash is not known.
    isWhole = false
    start = middle
  }
  if (!isWhole) ranges.push({ start: from, end: to })
  return readRanges(ranges.reverse(), read)
}

/** Whether `proof` shows that `root` of `size` leaves holds the subtree `start` to `end` of `hash`. */
export function verifySubtree(
  subtree: { readonly start: number; readonly end: number; readonly hash: Uint8Array },
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSubtree(subtree.start, subtree.end) || !isSize(size) || subtree.end > size) return false
  if (proof.some((hash) => hash.length !== 32)) return false
  let used = 0
  const found = climb(subtree.start, subtree.end, size, true)
  return (
    found !== null &&
    used === proof.length &&
    equal(found.part, subtree.hash) &&
    equal(found.whole, root)
  )

  /** Hashes of leaves `start` to `end` and of all `width`, both counted from the same leaf. */
  function climb(start: number, end: number, width: number, isWhole: boolean): Climbed | null {
    if (start === 0 && end === width) {
      const hash = isWhole ? subtree.hash : proof[used++]
      return hash === undefined ? null : { part: hash, whole: hash }
    }
    const left = leftWidth(width)
    const isSplit = start < left && left < end
    const inner =
      end <= left
        ? climb(start, end, left, isWhole)
        : climb(isSplit ? 0 : start - left, end - left, width - left, isWhole && !isSplit)
    const beside = proof[used++]
    if (inner === null || beside === undefined) return null
    if (end <= left) return { part: inner.part, whole: nodeHash(inner.whole, beside) }
    const whole = nodeHash(beside, inner.whole)
    return { part: isSplit ? nodeHash(beside, inner.part) : inner.part, whole }
  }
}

type Climbed = { readonly part: Uint8Array; readonly whole: Uint8Array }
