import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { concat, fromHex, toHex, utf8 } from './bytes.ts'
import {
  type HashReader,
  emptyRoot,
  foldSubtrees,
  leafHash,
  nodeHash,
  proveConsistency,
  proveInclusion,
  subtrees,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'

/** MTH of RFC 6962 section 2.1 in its own words: the slow tree that every fast one is held to. */
function mth(leaves: readonly Uint8Array[]): Uint8Array {
  const only = leaves[0]
  if (only === undefined) return emptyRoot()
  if (leaves.length === 1) return only
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHash(mth(leaves.slice(0, k)), mth(leaves.slice(k)))
}

function readerOf(leaves: readonly Uint8Array[]): HashReader {
  return async (nodes) =>
    nodes.map(({ level, index }) => mth(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)))
}

function numbered(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, at) => leafHash(utf8(`entry ${at}`)))
}

const rfcLeaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => leafHash(fromHex(hex)!))

test('the eight-leaf tree of the certificate transparency project', async () => {
  expect(toHex(await treeRoot(8, readerOf(rfcLeaves)))).toBe(
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  )
  expect(toHex(emptyRoot())).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  )
})

describe('every tree up to 40 leaves', () => {
  const leaves = numbered(40)
  const roots = Array.from({ length: 41 }, (_, size) => mth(leaves.slice(0, size)))

  test('its subtrees fold to its root', async () => {
    for (const [size, root] of roots.entries()) {
      expect(await treeRoot(size, readerOf(leaves))).toEqual(root)
    }
  })

  test('every leaf has a path, and it leads from no other leaf and to no other size', async () => {
    for (let size = 1; size <= 40; size++) {
      for (let index = 0; index < size; index++) {
        const path = await proveInclusion(index, size, readerOf(leaves))
        const leads = (i: number, s: number, leaf: Uint8Array, root: Uint8Array) =>
          verifyInclusion(i, s, leaf, path, root)
        expect(leads(index, size, leaves[index]!, roots[size]!)).toBe(true)
        expect(leads(index, size, leaves[(index + 1) % 40]!, roots[size]!)).toBe(false)
        expect(leads(index, size, leaves[index]!, roots[size - 1]!)).toBe(false)
        expect(leads(index + 1, size, leaves[index]!, roots[size]!)).toBe(false)
        expect(leads(size, size, leaves[index]!, roots[size]!)).toBe(false)
      }
    }
  })

  test('every size is consistent with every earlier one and with no other root', async () => {
    for (let size = 0; size <= 40; size++) {
      for (let from = 0; from <= size; from++) {
        const proof = await proveConsistency(from, size, readerOf(leaves))
        const fits = (a: Uint8Array, b: Uint8Array) => verifyConsistency(from, a, size, b, proof)
        expect(fits(roots[from]!, roots[size]!)).toBe(true)
        expect(fits(leaves[0]!, roots[size]!)).toBe(from === 1 && size > 0)
        const otherRoot = from === 0 && size > 0 ? true : false
        expect(fits(roots[from]!, leaves[39]!)).toBe(otherRoot)
      }
    }
  })
})

test('one flipped bit in a path or a consistency proof is noticed', async () => {
  const leaves = numbered(700)
  const read = readerOf(leaves)
  const root = mth(leaves)
  const sizes = fc.record({
    from: fc.integer({ min: 1, max: 699 }),
    bit: fc.nat({ max: 255 }),
    which: fc.nat(),
  })
  await fc.assert(
    fc.asyncProperty(sizes, async ({ from, bit, which }) => {
      const path = await proveInclusion(from, 700, read)
      const leaf = leaves[from]!
      expect(verifyInclusion(from, 700, leaf, path, root)).toBe(true)
      expect(verifyInclusion(from, 700, leaf, flip(path, which, bit), root)).toBe(false)
      expect(verifyInclusion(from, 700, leaf, path.slice(1), root)).toBe(false)
      expect(verifyInclusion(from, 700, leaf, [...path, root], root)).toBe(false)

      const old = mth(leaves.slice(0, from))
      const proof = await proveConsistency(from, 700, read)
      expect(verifyConsistency(from, old, 700, root, proof)).toBe(true)
      expect(verifyConsistency(from, old, 700, root, flip(proof, which, bit))).toBe(false)
      expect(verifyConsistency(from, old, 700, root, proof.slice(0, -1))).toBe(false)
      expect(verifyConsistency(from, old, 700, root, [...proof, root])).toBe(false)
    }),
    { numRuns: 30 },
  )
})

function flip(hashes: readonly Uint8Array[], which: number, bit: number): readonly Uint8Array[] {
  return hashes.map((hash, at) => {
    if (at !== which % hashes.length) return hash
    const changed = hash.slice()
    changed[bit >> 3]! ^= 1 << (bit & 7)
    return changed
  })
}

test('sizes beyond 32 bits keep their arithmetic', () => {
  const size = 2 ** 40 + 2 ** 33 + 5
  const nodes = subtrees(0, size)
  expect(nodes.map((node) => node.level)).toEqual([40, 33, 2, 0])
  expect(nodes.map((node) => node.index * 2 ** node.level)).toEqual([
    0,
    2 ** 40,
    2 ** 40 + 2 ** 33,
    size - 1,
  ])
})

test('the last leaf of a huge tree has the path that its size demands', async () => {
  const hash = (node: { level: number; index: number }) =>
    leafHash(utf8(`${node.level} ${node.index}`))
  const read: HashReader = async (nodes) => nodes.map(hash)
  const size = 2 ** 40 + 2 ** 33 + 5
  const path = await proveInclusion(size - 1, size, read)
  expect(path.length).toBe(3)
  const root = foldSubtrees(subtrees(0, size).map(hash))
  expect(verifyInclusion(size - 1, size, hash({ level: 0, index: size - 1 }), path, root)).toBe(
    true,
  )
})

test('a reader is asked once per proof, and nonsense sizes are bugs', async () => {
  let calls = 0
  const leaves = numbered(13)
  const read: HashReader = async (nodes) => {
    calls += 1
    return readerOf(leaves)(nodes)
  }
  await proveInclusion(7, 13, read)
  await proveConsistency(7, 13, read)
  expect(calls).toBe(2)
  await expect(proveInclusion(13, 13, read)).rejects.toThrow('no such leaf')
  await expect(proveInclusion(0.5, 13, read)).rejects.toThrow('no such leaf')
  await expect(proveConsistency(14, 13, read)).rejects.toThrow('no such tree')
  await expect(proveInclusion(0, -1, read)).rejects.toThrow('not a tree size')
})

test('a hash that is not 32 bytes never verifies', () => {
  const leaf = leafHash(utf8('a'))
  const long = concat(leaf, leaf)
  expect(verifyInclusion(0, 2, leaf, [long], nodeHash(leaf, long))).toBe(false)
  expect(verifyConsistency(1, leaf, 2, nodeHash(leaf, long), [long])).toBe(false)
})
