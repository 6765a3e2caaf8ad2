import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { utf8 } from './bytes.ts'
import { signCheckpoint } from './checkpoint.ts'
import { encodeEntry, parseEntry } from './entry.ts'
import { fetchTiles } from './fetch-tiles.ts'
import { verifyLog } from './log-verify.ts'
import {
  leafHash,
  proveConsistency,
  proveInclusion,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'
import { generateSigningKey, sign, verify } from './node/ed25519.ts'
import { noteSigner } from './note.ts'
import { checkpointPath, tileHashReader } from './tiles.ts'
import { formatProof, parseProof, verifyReceipt } from './tlog-proof.ts'
import { edgeFiles, emptyEdge, growEdge, loadEdge, rootOf } from './tree-edge.ts'

const { privateKey, publicKey } = generateSigningKey()
const origin = 'example.gov/log'
const signer = noteSigner(origin, privateKey, publicKey, sign)
const entryOf = (n: number) => utf8(`entry ${n}`)

/** A log in memory, grown in batches of the given sizes. */
function logOf(batches: readonly number[]) {
  const files = new Map<string, Uint8Array>()
  let edge = emptyEdge
  for (const count of batches) {
    const from = edge.size
    const growth = growEdge(
      edge,
      Array.from({ length: count }, (_, at) => entryOf(from + at)),
    )
    for (const { path, bytes } of growth.files) files.set(path, bytes)
    edge = growth.edge
  }
  const checkpoint = signCheckpoint({ origin, size: edge.size, root: rootOf(edge) }, signer)
  files.set(checkpointPath, utf8(checkpoint))
  return { files, edge, checkpoint, size: edge.size, reader: readerOf(files) }
}

function readerOf(files: ReadonlyMap<string, Uint8Array>) {
  return { read: async (path: string) => files.get(path) ?? null }
}

function check(files: ReadonlyMap<string, Uint8Array>) {
  return verifyLog(readerOf(files), signer.vkey, { verifySignature: verify })
}

/** The files that a tree of `size` leaves needs: earlier partial tiles are left out. */
function needed(size: number): ReadonlyMap<string, Uint8Array> {
  return logOf([size]).files
}

test('append any batches, then every entry has a receipt and every size is consistent', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), async (batches, seed) => {
      const { size, edge, checkpoint, reader } = logOf(batches)
      const read = tileHashReader(reader, size)
      const root = rootOf(edge)
      expect(root).toEqual(await treeRoot(size, read))
      expect(await loadEdge(reader, size, root)).toEqual(edge)
      for (let index = seed % 31; index < size; index += 31) {
        const hashes = await proveInclusion(index, size, read)
        expect(verifyInclusion(index, size, leafHash(entryOf(index)), hashes, root)).toBe(true)
      }
      const index = seed % size
      const hashes = await proveInclusion(index, size, read)
      const receipt = formatProof({ index, hashes, extra: null, checkpoint })
      expect(parseProof(receipt)).toMatchObject({ index, hashes, checkpoint })
      expect(verifyReceipt(receipt, entryOf(index), signer.vkey, verify).kind).toBe('verified')
      let from = 0
      for (const count of [0, ...batches]) {
        from += count
        const old = await treeRoot(from, read)
        const proof = await proveConsistency(from, size, read)
        expect(verifyConsistency(from, old, size, root, proof)).toBe(true)
      }
    }),
    { numRuns: 10 },
  )
}, 30_000)

test('the partial tiles of an edge are all that a tree has beside its full ones', () => {
  for (const size of [0, 1, 255, 256, 257, 65_536, 65_546, 66_000]) {
    const { files, edge } = logOf(size === 0 ? [] : [size])
    const partial = [...files].filter(([name]) => name.includes('.p/'))
    const ours = edgeFiles(edge).map(({ path, bytes }) => [path, bytes] as const)
    expect(new Map(ours), `${size}`).toEqual(new Map(partial))
  }
}, 120_000)

test('the batches leave no trace in the tree', () => {
  for (const batches of [[600], [1, 599], [255, 1, 344], [256, 344], Array(600).fill(1)]) {
    expect(logOf(batches).checkpoint).toBe(logOf([600]).checkpoint)
  }
})

test.each([0, 1, 255, 256, 257, 600, 66_000])('a log of %i entries is sound', async (size) => {
  const { files } = logOf([size])
  const steps: number[] = []
  const verdict = await verifyLog(readerOf(files), signer.vkey, {
    progress: ({ entries }) => steps.push(entries),
  })
  expect(verdict).toMatchObject({ kind: 'sound', size })
  expect(steps.at(-1) ?? 0).toBe(size)
})

test('one flipped bit anywhere in a small log is found', async () => {
  const files = needed(3)
  for (const [path, bytes] of files) {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice()
      changed[bit >> 3]! ^= 1 << (bit & 7)
      const verdict = await check(new Map(files).set(path, changed))
      expect(verdict.kind, `${path} bit ${bit}`).toBe('unsound')
    }
  }
}, 60_000)

test('one flipped bit anywhere in a log of several tiles is found, in the file or beside it', async () => {
  const files = needed(600)
  const paths = [...files.keys()]
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), async (which, where) => {
      const path = paths[which % paths.length]!
      const changed = files.get(path)!.slice()
      changed[(where >> 3) % changed.length]! ^= 1 << (where & 7)
      const verdict = await check(new Map(files).set(path, changed))
      if (verdict.kind === 'sound') throw new Error(`${path} was changed unnoticed`)
      const [, level, ...rest] = path.split('/')
      const index = rest.join('/')
      const named = verdict.findings.map((finding) => finding.path)
      // An entry and its hash accuse each other, and so do a tile and the hash above it.
      const near = [
        path,
        `tile/entries/${index}`,
        `tile/0/${index}`,
        'tile/1/000.p/2',
        'checkpoint',
      ]
      expect(level === undefined || named.every((one) => near.includes(one))).toBe(true)
    }),
    { numRuns: 100 },
  )
}, 30_000)

test('the first bad entry is named', async () => {
  const files = needed(600)
  const bundle = files.get('tile/entries/001')!.slice()
  bundle[3 * 11 + 5]! ^= 1
  const verdict = await check(new Map(files).set('tile/entries/001', bundle))
  expect(verdict).toMatchObject({
    findings: [{ code: 'entry_mismatch', path: 'tile/entries/001', index: 259 }],
  })
})

describe('a file that is missing is named', () => {
  test.each([...needed(600).keys()])('%s', async (path) => {
    const files = new Map(needed(600))
    files.delete(path)
    const code = path === checkpointPath ? 'missing_checkpoint' : 'bad_tile'
    const verdict = await check(files)
    expect(verdict).toMatchObject({ kind: 'unsound' })
    const findings = verdict.kind === 'unsound' ? verdict.findings : []
    expect(findings).toContainEqual(expect.objectContaining({ code, path }))
  })
})

test('a full tile stands in for the partial one it replaced', async () => {
  const small = logOf([200])
  const large = logOf([200, 100])
  const files = new Map(large.files).set(checkpointPath, utf8(small.checkpoint))
  files.delete('tile/0/000.p/200')
  files.delete('tile/entries/000.p/200')
  expect(await check(files)).toMatchObject({ kind: 'sound', size: 200 })
})

test('a log that was rewritten under the same key does not continue the old one', async () => {
  const old = logOf([300])
  const forged = new Map(needed(300))
  const other = growEdge(
    emptyEdge,
    Array.from({ length: 400 }, (_, n) => entryOf(n === 17 ? 18 : n)),
  )
  for (const { path, bytes } of other.files) forged.set(path, bytes)
  const proof = await proveConsistency(300, 400, tileHashReader(readerOf(forged), 400))
  expect(verifyConsistency(300, rootOf(old.edge), 400, rootOf(other.edge), proof)).toBe(false)
})

test('one flipped bit anywhere in a receipt is refused and never throws', async () => {
  const { size, checkpoint, reader } = logOf([600])
  const hashes = await proveInclusion(300, size, tileHashReader(reader, size))
  const receipt = Buffer.from(formatProof({ index: 300, hashes, extra: null, checkpoint }))
  const entry = entryOf(300)
  for (let at = 0; at < receipt.length; at++) {
    const changed = Buffer.from(receipt)
    changed[at]! ^= 1 << (at % 8)
    const verdict = verifyReceipt(changed.toString('utf8'), entry, signer.vkey, verify)
    expect(verdict.kind, `byte ${at}`).toBe('refused')
  }
  for (let length = 0; length < receipt.length; length++) {
    const verdict = verifyReceipt(receipt.toString('utf8', 0, length), entry, signer.vkey, verify)
    expect(verdict.kind, `length ${length}`).toBe('refused')
  }
})

test('entries that hash right but are not entries of ours are found when asked for', async () => {
  const { files } = logOf([2])
  const options = {
    checkEntry: (entry: Uint8Array) => {
      const parsed = parseEntry(entry)
      return parsed.kind === 'refused' ? parsed.detail : null
    },
  }
  expect(await verifyLog(readerOf(files), signer.vkey, options)).toMatchObject({
    findings: [
      { code: 'malformed_entry', index: 0 },
      { code: 'malformed_entry', index: 1 },
    ],
  })
  const started = encodeEntry({ v: 1, at: '2026-07-22T14:03:11.250Z', kind: 'log_started' })
  const { edge, files: written } = growEdge(emptyEdge, [started])
  const ours = new Map(written.map(({ path, bytes }) => [path, bytes]))
  const note = signCheckpoint({ origin, size: 1, root: rootOf(edge) }, signer)
  ours.set(checkpointPath, utf8(note))
  expect(await verifyLog(readerOf(ours), signer.vkey, options)).toMatchObject({ kind: 'sound' })
})

test('a log is verified over HTTP, where 404 is missing and 500 is no verdict', async () => {
  const { files } = logOf([300])
  const asked: string[] = []
  const fetch = (status: number) => async (url: string) => {
    asked.push(url)
    const bytes = files.get(url.replace('https://example.gov/log/', ''))
    const found = status === 200 && bytes !== undefined
    const body = bytes ?? new Uint8Array()
    return {
      ok: found,
      status: found ? 200 : status === 200 ? 404 : status,
      arrayBuffer: async () => Uint8Array.from(body).buffer,
    }
  }
  const over = fetchTiles('https://example.gov/log/', fetch(200))
  expect(await verifyLog(over, signer.vkey)).toMatchObject({ kind: 'sound', size: 300 })
  expect(asked).toContain('https://example.gov/log/tile/entries/001.p/44')
  expect(await over.read('tile/../../secret')).toBeNull()
  files.delete('tile/0/000')
  expect(await verifyLog(over, signer.vkey)).toMatchObject({
    findings: [{ code: 'bad_tile', path: 'tile/0/000' }],
  })
  await expect(
    verifyLog(fetchTiles('https://example.gov/log', fetch(500)), signer.vkey),
  ).rejects.toThrow('500')
})
