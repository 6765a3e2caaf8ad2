import fc from 'fast-check'
import { expect, test } from 'vitest'

import { utf8 } from './bytes.ts'
import { type HashReader, leafHash, nodeHash, treeRoot } from './merkle.ts'
import { proveMany, rootOfMany } from './multi-proof.ts'

const entryAt = (index: number) => utf8(`entry ${index}`)

/** Hashes of complete subtrees straight from the leaves. */
const reader: HashReader = async (nodes) =>
  nodes.map(({ level, index }) => {
    const hash = (at: number, height: number): Uint8Array =>
      height === 0
        ? leafHash(entryAt(at))
        : nodeHash(hash(2 * at, height - 1), hash(2 * at + 1, height - 1))
    return hash(index, level)
  })

async function proved(indexes: readonly number[], size: number) {
  const hashes: Uint8Array[] = []
  for await (const hash of proveMany(indexes, size, reader)) hashes.push(hash)
  return { hashes, entries: indexes.map((index) => ({ index, entry: entryAt(index) })) }
}

const cases = fc
  .integer({ min: 1, max: 300 })
  .chain((size) =>
    fc
      .uniqueArray(fc.integer({ min: 0, max: size - 1 }), { minLength: 1, maxLength: 20 })
      .map((some) => ({ size, indexes: some.toSorted((a, b) => a - b) })),
  )

test('entries of any tree lead to its root, and no other entry in their place does', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ size, indexes }) => {
      const root = await treeRoot(size, reader)
      const { hashes, entries } = await proved(indexes, size)
      expect(rootOfMany(entries, size, hashes)).toEqual(root)
      const forged = entries.map((one, at) => (at === 0 ? { ...one, entry: utf8('forged') } : one))
      expect(rootOfMany(forged, size, hashes)).not.toEqual(root)
    }),
    { numRuns: 60 },
  )
})

test('a hash too many, too few or too short refuses the proof', async () => {
  const { hashes, entries } = await proved([3, 70], 100)
  expect(rootOfMany(entries, 100, hashes)).not.toBeNull()
  expect(rootOfMany(entries, 100, hashes.slice(1))).toBeNull()
  expect(rootOfMany(entries, 100, [...hashes, new Uint8Array(32)])).toBeNull()
  expect(rootOfMany(entries, 100, [new Uint8Array(31), ...hashes.slice(1)])).toBeNull()
})

test('entries out of order, twice, or beyond the tree refuse the proof', async () => {
  const { hashes, entries } = await proved([3, 70], 100)
  expect(rootOfMany(entries.toReversed(), 100, hashes)).toBeNull()
  expect(rootOfMany([...entries, ...entries.slice(1)], 100, hashes)).toBeNull()
  expect(rootOfMany(entries, 70, hashes)).toBeNull()
  expect(rootOfMany(entries, Number.NaN, hashes)).toBeNull()
})
