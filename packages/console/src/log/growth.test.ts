import { toHex, utf8 } from '@sallyport/proof/bytes'
import { signCheckpoint } from '@sallyport/proof/checkpoint'
import { generateSigningKey, sign } from '@sallyport/proof/node/ed25519'
import { noteSigner, type NoteSigner } from '@sallyport/proof/note'
import { emptyEdge, growEdge, rootOf } from '@sallyport/proof/tree-edge'
import { expect, test } from 'vitest'

import { checkGrowth, parseRemembered, type Remembered } from './growth.ts'

const now = new Date('2026-11-22T14:02:11.000Z')

function signer(): NoteSigner {
  const key = generateSigningKey()
  return noteSigner('demo.example/log', key.privateKey, key.publicKey, sign)
}

/** A log of numbered entries with its files; `mark` makes another history of the same length. */
function log(size: number, by: NoteSigner, mark = '') {
  const entries = Array.from({ length: size }, (_none, at) => utf8(`${at}${at === 3 ? mark : ''}`))
  const { edge, files } = growEdge(emptyEdge, entries)
  const root = rootOf(edge)
  const stored = new Map(files.map((file) => [file.path, file.bytes]))
  return {
    checkpoint: signCheckpoint({ origin: by.name, size, root }, by),
    reader: { read: async (path: string) => stored.get(path) ?? null },
    remembered: { vkey: by.vkey, size, root: toHex(root), at: now.toISOString() },
  }
}

const one = signer()
const check = (remembered: Remembered | null, current: ReturnType<typeof log>, vkey = one.vkey) =>
  checkGrowth({ remembered, checkpoint: current.checkpoint, reader: current.reader, vkey, now })

test('a log that grew is proved to have kept what was seen', async () => {
  const growth = await check(log(5, one).remembered, log(300, one))
  expect(growth).toMatchObject({ kind: 'grown', now: { size: 300 } })
})

test('a log seen for the first time is remembered, and the same one is unchanged', async () => {
  expect((await check(null, log(5, one))).kind).toBe('first')
  expect((await check(log(5, one).remembered, log(5, one))).kind).toBe('unchanged')
})

test('a log that went back, or was rewritten at any size, is broken', async () => {
  expect((await check(log(9, one).remembered, log(5, one))).kind).toBe('broken')
  expect((await check(log(5, one, '!').remembered, log(5, one))).kind).toBe('broken')
  expect((await check(log(5, one, '!').remembered, log(300, one))).kind).toBe('broken')
})

test('another key is another log, and a checkpoint the key did not sign is broken', async () => {
  const two = signer()
  expect((await check(log(5, one).remembered, log(5, two), two.vkey)).kind).toBe('other_log')
  expect((await check(null, log(5, one), two.vkey)).kind).toBe('broken')
})

test('missing tiles prove nothing and accuse nobody', async () => {
  const current = { ...log(300, one), reader: { read: async () => null } }
  expect((await check(log(5, one).remembered, current)).kind).toBe('unproved')
})

test('a damaged memory is forgotten', () => {
  const { remembered } = log(5, one)
  expect(parseRemembered(JSON.stringify(remembered))).toEqual(remembered)
  for (const text of [null, '', '{}', JSON.stringify({ ...remembered, root: 'zz' }), '[1]']) {
    expect(parseRemembered(text)).toBeNull()
  }
})
