/** What a mirror is sent: packages that lie, are cut or belong to another tree convince nobody. */

import { describe, expect, test } from 'vitest'

import { equal, utf8 } from './bytes.ts'
import { foldSubtrees, leafHash } from './merkle.ts'
import { isSubtree, proveSubtree, verifySubtree } from './subtree.ts'
import { type TileReader, tileHashReader } from './tiles.ts'
import {
  formatAddEntries,
  formatMirrorInfo,
  makePackage,
  mirrorInfoType,
  packagesOf,
  parseAddEntries,
  parseMirrorInfo,
  parsePackage,
  verifyPackage,
} from './tlog-mirror.ts'
import { emptyEdge, growEdge, rootOf } from './tree-edge.ts'

const entries = Array.from({ length: 900 }, (_, n) => utf8(`entry ${n}`))

/** The tree of the first `size` entries. */
function treeOf(size: number) {
  const { edge, files } = growEdge(emptyEdge, entries.slice(0, size))
  const byPath = new Map(files.map((one) => [one.path, one.bytes]))
  const tiles: TileReader = { read: async (path) => byPath.get(path) ?? null }
  return { size, root: rootOf(edge), tiles }
}

describe('subtrees', () => {
  test('every subtree of every small tree is shown, and not with the proof of another', async () => {
    for (let size = 1; size <= 33; size++) {
      const tree = treeOf(size)
      const read = tileHashReader(tree.tiles, size)
      for (let start = 0; start < size; start++)
        for (let end = start + 1; end <= size; end++) {
          if (!isSubtree(start, end)) continue
          const hash = foldedRoot(start, end)
          const proof = await proveSubtree(start, end, size, read)
          const held = (over: object = {}) =>
            verifySubtree({ start, end, hash, ...over }, size, tree.root, proof)
          expect(held(), `${start} to ${end} of ${size}`).toBe(true)
          expect(held({ hash: new Uint8Array(32) })).toBe(false)
          const longer = [...proof, hash]
          expect(verifySubtree({ start, end, hash }, size, tree.root, longer)).toBe(false)
          if (proof.length > 0)
            expect(verifySubtree({ start, end, hash }, size, tree.root, proof.slice(1))).toBe(false)
        }
    }
  })

  test.each([
    [1, 3],
    [2, 5],
    [3, 3],
    [4, 3],
    [-1, 1],
    [0.5, 1],
  ])('%d to %d is none', (start, end) => expect(isSubtree(start, end)).toBe(false))
})

/** Root of entries `start` to `end` by the definition of RFC 6962. */
function foldedRoot(start: number, end: number): Uint8Array {
  if (end - start === 1) return leafHash(entries[start] ?? new Uint8Array())
  let left = 1
  while (left * 2 < end - start) left *= 2
  return foldSubtrees([foldedRoot(start, start + left), foldedRoot(start + left, end)])
}

describe('packages', () => {
  test.each([
    [0, 1],
    [0, 256],
    [0, 900],
    [5, 700],
    [255, 257],
    [256, 512],
    [300, 300],
    [899, 900],
  ])('entries %d to %d are sent and understood', async (start, end) => {
    const tree = treeOf(end)
    const received = []
    for (const range of packagesOf(start, end)) {
      const bytes = await makePackage(tree.tiles, range, end)
      const parsed = parsePackage(bytes, range)
      if (parsed.kind !== 'parsed') throw new Error(parsed.kind)
      expect(parsed.length).toBe(bytes.length)
      const before = entries.slice(range.from, range.start)
      expect(verifyPackage(range, before, parsed.value, tree)).toBe(true)
      received.push(...parsed.value.entries)
    }
    expect(received).toEqual(entries.slice(start, end))
  })

  test('cut anywhere it is not complete, and says how much more it takes at least', async () => {
    const range = { from: 256, start: 500, end: 512 }
    const bytes = await makePackage(treeOf(900).tiles, range, 900)
    for (let cut = 0; cut < bytes.length; cut++) {
      const parsed = parsePackage(bytes.subarray(0, cut), range)
      if (parsed.kind !== 'more') throw new Error(`cut at ${cut}: ${parsed.kind}`)
      expect(parsed.wanted).toBeGreaterThan(cut)
      expect(parsed.wanted).toBeLessThanOrEqual(bytes.length)
    }
    expect(parsePackage(Uint8Array.of(0, 0, 64), { from: 0, start: 0, end: 1 })).toEqual({
      kind: 'malformed',
    })
  })

  test('one bit of any byte changed, another place or another tree is not believed', async () => {
    const tree = treeOf(900)
    const range = { from: 256, start: 505, end: 512 }
    const bytes = await makePackage(tree.tiles, range, 900)
    const before = entries.slice(256, 505)
    const isBelieved = (changed: Uint8Array, at = range, of = tree) => {
      const parsed = parsePackage(changed, at)
      return parsed.kind === 'parsed' && verifyPackage(at, before, parsed.value, of)
    }
    expect(isBelieved(bytes)).toBe(true)
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ (1 << (at & 7))
      expect(isBelieved(changed), `byte ${at}`).toBe(false)
    }
    expect(isBelieved(bytes, { from: 512, start: 761, end: 768 })).toBe(false)
    expect(isBelieved(bytes, range, treeOf(899))).toBe(false)
    const parsed = parsePackage(bytes, range)
    if (parsed.kind !== 'parsed') throw new Error(parsed.kind)
    expect(verifyPackage(range, before.slice(1), parsed.value, tree)).toBe(false)
  })
})

describe('what frames them', () => {
  const head = { origin: 'example.gov/sallyport', start: 7, end: 900, ticket: utf8('a ticket') }

  test('the begin of a request is read back, and cut anywhere lacks something', () => {
    const bytes = formatAddEntries(head)
    const parsed = parseAddEntries(bytes)
    expect(parsed).toEqual({ kind: 'parsed', value: head, length: bytes.length })
    for (let cut = 0; cut < bytes.length; cut++)
      expect(parseAddEntries(bytes.subarray(0, cut)).kind).toBe('more')
    const beyond = bytes.slice()
    beyond[2 + head.origin.length] = 0xff
    expect(parseAddEntries(beyond)).toMatchObject({ value: { start: Number.MAX_SAFE_INTEGER } })
    const notText = bytes.slice()
    notText[2] = 0xff
    expect(parseAddEntries(notText)).toEqual({ kind: 'malformed' })
  })

  test('what a mirror says of itself has three lines and its own type', () => {
    const info = { size: 900, next: 512, ticket: utf8('t') }
    const body = formatMirrorInfo(info)
    const read = parseMirrorInfo(`${mirrorInfoType}; charset=utf-8`, body)
    expect(read?.size).toBe(900)
    expect(read?.next).toBe(512)
    expect(equal(read?.ticket ?? new Uint8Array(), info.ticket)).toBe(true)
    for (const [type, text] of [
      ['text/plain', body],
      [null, body],
      [mirrorInfoType, body.slice(0, -1)],
      [mirrorInfoType, `${body}more\n`],
      [mirrorInfoType, '900\n512\n'],
      [mirrorInfoType, '0900\n512\n\n'],
      [mirrorInfoType, '900\n512\n%\n'],
    ] as const)
      expect(parseMirrorInfo(type, text)).toBeNull()
    const { ticket } = parseMirrorInfo(mirrorInfoType, '0\n0\n\n') ?? { ticket: null }
    expect(ticket).toEqual(new Uint8Array())
  })
})
