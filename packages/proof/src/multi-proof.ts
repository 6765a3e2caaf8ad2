/**
 * One proof for many entries of a log: the hashes of everything between them, from left to right. For
 * entries that lie close together it takes a small part of what a path for each would.
 */

import { foldSubtrees, type HashReader, leafHash, nodeHash, subtrees } from './merkle.ts'
import type { TreeNode } from './merkle.ts'

/** Nodes that are asked of a reader at once. */
const nodesAtOnce = 4096

/**
 * The hashes that lead from the leaves at `indexes` (ascending, each once, below `size`) to the root.
 */
export async function* proveMany(
  indexes: readonly number[],
  size: number,
  read: HashReader,
): AsyncGenerator<Uint8Array> {
  let asked: TreeNode[] = []
  for (const node of neededNodes(indexes, 0, size)) {
    asked.push(node)
    if (asked.length < nodesAtOnce) continue
    yield* await read(asked)
    asked = []
  }
  if (asked.length > 0) yield* await read(asked)
}

function* neededNodes(
  indexes: readonly number[],
  start: number,
  end: number,
): Generator<TreeNode, void, void> {
  if (start === end) return
  const [first, last] = [lowerBound(indexes, start), lowerBound(indexes, end)]
  if (first === last) {
    yield* subtrees(start, end)
    return
  }
  if (end - start === 1) return
  const middle = start + splitOf(end - start)
  yield* neededNodes(indexes, start, middle)
  yield* neededNodes(indexes, middle, end)
}

/**
 * The root that `entries` (ascending by index) and the hashes lead to; null when they do not fit one
 * another. Never throws.
 */
export function rootOfMany(
  entries: readonly { readonly index: number; readonly entry: Uint8Array }[],
  size: number,
  hashes: readonly Uint8Array[],
): Uint8Array | null {
  const indexes = entries.map(({ index }) => index)
  const isOrdered = indexes.every(
    (index, at) =>
      Number.isSafeInteger(index) &&
      index < size &&
      index > (at === 0 ? -1 : (indexes[at - 1] ?? 0)),
  )
  if (!isOrdered || !Number.isSafeInteger(size) || size < 1) return null
  let used = 0
  const take = (): Uint8Array | null => {
    const hash = hashes[used++]
    return hash?.length === 32 ? hash : null
  }
  const rootOf = (start: number, end: number): Uint8Array | null => {
    const first = lowerBound(indexes, start)
    if (first === lowerBound(indexes, end)) {
      const parts = subtrees(start, end).map(take)
      return parts.every((part) => part !== null) ? foldSubtrees(parts) : null
    }
    const here = entries[first]
    if (end - start === 1) return here === undefined ? null : leafHash(here.entry)
    const middle = start + splitOf(end - start)
    const left = rootOf(start, middle)
    const right = left === null ? null : rootOf(middle, end)
    return left === null || right === null ? null : nodeHash(left, right)
  }
  const root = rootOf(0, size)
  return used === hashes.length ? root : null
}

/** The largest power of two below `width` (RFC 6962 section 2.1). */
function splitOf(width: number): number {
  let split = 1
  while (split * 2 < width) split *= 2
  return split
}

/** How many of the ascending `indexes` are below `bound`. */
function lowerBound(indexes: readonly number[], bound: number): number {
  let low = 0
  let high = indexes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((indexes[middle] ?? 0) < bound) low = middle + 1
    else high = middle
  }
  return low
}
