/** The vectors of transparency-dev/merkle, where their folder lies beside the repository. */

import * as fs from 'node:fs'
import * as path from 'node:path'

import { describe, expect, test } from 'vitest'

import { fromBase64 } from './bytes.ts'
import { verifyConsistency, verifyInclusion } from './merkle.ts'
import { isSubtree, verifySubtree } from './subtree.ts'

type Vector = {
  readonly leafIdx: number
  readonly treeSize: number
  readonly start: number
  readonly end: number
  readonly size: number
  readonly size1: number
  readonly size2: number
  readonly root: string
  readonly root1: string
  readonly root2: string
  readonly leafHash: string
  readonly proof: readonly string[] | null
  readonly desc: string
  readonly wantErr: boolean
}

const folder = path.resolve(import.meta.dirname, '../../../../shared/vectors/merkle')
const present = fs.existsSync(folder)

function load(kind: string): readonly (readonly [string, Vector])[] {
  if (!present) return []
  const names = fs.readdirSync(path.join(folder, kind), { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [name, JSON.parse(fs.readFileSync(path.join(folder, kind, name), 'utf8'))])
}

const bytes = (text: string) => fromBase64(text) ?? new Uint8Array()
const hashes = (texts: readonly string[] | null) => (texts ?? []).map(bytes)

const inclusion = load('inclusion')
const consistency = load('consistency')
const subtreeInclusion = load('subtreeinclusion')
const subtreeConsistency = load('subtreeconsistency')
/** A subtree that starts at leaf 0 is a tree: its consistency is the one we prove. */
const prefixes = subtreeConsistency.filter(([, vector]) => vector.start === 0)

/**
 * Trees without leaves: the library of the vectors finds them useless and refuses them, or takes
 * any tree behind an empty subtree; C2SP witnesses accept them with the empty root and no proof.
 */
const decidedOtherwise: Readonly<Record<string, boolean>> = {
  'consistency/additional/size1-is-zero-and-size2-is-not-zero.json': true,
  'subtreeconsistency/additional/subtree-is-empty-sizes-are-equal-zero-subtree-root-valid-tree-root-random-proof-is-empty.json': false,
}

describe.skipIf(!present)(
  'vectors (skipped unless ../shared/vectors/merkle lies beside the repository)',
  () => {
    test('there are as many as counted', () => {
      const counts = [inclusion, consistency, subtreeInclusion, subtreeConsistency, prefixes]
      expect(counts.map((list) => list.length)).toEqual([98, 98, 204, 118, 102])
    })

    test.each(inclusion)('inclusion/%s', (_, vector) => {
      const { leafIdx, treeSize, leafHash, proof, root, wantErr } = vector
      const held = verifyInclusion(leafIdx, treeSize, bytes(leafHash), hashes(proof), bytes(root))
      expect(held).toBe(!wantErr)
    })

    test.each(subtreeInclusion)('subtreeinclusion/%s', (_, vector) => {
      const { leafIdx, start, end, leafHash, proof, root, wantErr } = vector
      const held =
        isSubtree(start, end) &&
        leafIdx >= start &&
        verifyInclusion(leafIdx - start, end - start, bytes(leafHash), hashes(proof), bytes(root))
      expect(held).toBe(!wantErr)
    })

    test.each(consistency)('consistency/%s', (name, vector) => {
      const { size1, size2, root1, root2, proof, wantErr } = vector
      const held = verifyConsistency(size1, bytes(root1), size2, bytes(root2), hashes(proof))
      expect(held).toBe(decidedOtherwise[`consistency/${name}`] ?? !wantErr)
    })

    test.each(subtreeConsistency)('subtreeconsistency/%s, as a subtree', (_, vector) => {
      const { start, end, size, root1, root2, proof, wantErr } = vector
      const subtree = { start, end, hash: bytes(root1) }
      const held = verifySubtree(subtree, size, bytes(root2), hashes(proof))
      // The library of the vectors takes any tree behind an empty subtree; we know of none.
      expect(held).toBe(start < end && !wantErr)
    })

    test.each(prefixes)('subtreeconsistency/%s', (name, vector) => {
      const { end, size, root1, root2, proof, wantErr } = vector
      const held = verifyConsistency(end, bytes(root1), size, bytes(root2), hashes(proof))
      expect(held).toBe(decidedOtherwise[`subtreeconsistency/${name}`] ?? !wantErr)
    })
  },
)
