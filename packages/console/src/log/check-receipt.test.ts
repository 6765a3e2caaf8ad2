import { utf8 } from '@sallyport/proof/bytes'
import { signCheckpoint } from '@sallyport/proof/checkpoint'
import { encodeEntry, type LogEntry } from '@sallyport/proof/entry'
import { leafHash, nodeHash } from '@sallyport/proof/merkle'
import { generateSigningKey, sign } from '@sallyport/proof/node/ed25519'
import { noteSigner } from '@sallyport/proof/note'
import { formatProof } from '@sallyport/proof/tlog-proof'
import { expect, test } from 'vitest'

import { checkReceipt, type Expected } from './check-receipt.ts'

const expected: Expected = {
  opening: '1'.repeat(32),
  capture: '2'.repeat(32),
  sha256: '3'.repeat(64),
  purpose: 'inspection',
}
const at = '2026-11-22T14:02:11.000Z'
const by = '4'.repeat(64)
const opening: LogEntry = { v: 1, at, kind: 'opening', class: 'plate', by, ...expected }
const entry = encodeEntry(opening)
const other = encodeEntry({ v: 1, at, kind: 'log_started' })

const key = generateSigningKey()
const signer = noteSigner('demo.example/log', key.privateKey, key.publicKey, sign)
const root = nodeHash(leafHash(other), leafHash(entry))
const checkpoint = signCheckpoint({ origin: signer.name, size: 2, root }, signer)
const proofText = formatProof({ index: 1, hashes: [leafHash(other)], extra: null, checkpoint })
const good = { proofText, entry, vkey: signer.vkey, expected }

const states = (input: Parameters<typeof checkReceipt>[0]) =>
  checkReceipt(input).steps.map((one) => one.state)

test('a true receipt passes every step', () => {
  const checked = checkReceipt(good)
  expect(checked).toMatchObject({ kind: 'verified', index: 1, size: 2 })
  expect(checked.entry).toEqual(opening)
  expect(states(good)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed'])
})

test('one changed byte of the entry breaks the path, not the signature', () => {
  const changed = entry.slice()
  changed[changed.length - 3] = (changed[changed.length - 3] ?? 0) ^ 1
  const input = { ...good, entry: changed }
  expect(checkReceipt(input)).toMatchObject({ kind: 'refused', code: 'not_included' })
  expect(states(input)).toEqual(['passed', 'passed', 'passed', 'failed', 'not_reached'])
})

test('a checkpoint of another key fails at the signature and goes no further', () => {
  const stranger = generateSigningKey()
  const { vkey } = noteSigner(signer.name, stranger.privateKey, stranger.publicKey, sign)
  const input = { ...good, vkey }
  expect(checkReceipt(input).kind).toBe('refused')
  expect(states(input)).toEqual(['passed', 'failed', 'passed', 'not_reached', 'not_reached'])
})

test.each<[string, Partial<Expected>]>([
  ['another opening', { opening: '9'.repeat(32) }],
  ['another picture', { capture: '9'.repeat(32) }],
  ['another sealed picture', { sha256: '9'.repeat(64) }],
  ['another purpose', { purpose: 'audit' }],
])('a true receipt for %s is refused', (_name, change) => {
  const checked = checkReceipt({ ...good, expected: { ...expected, ...change } })
  expect(checked).toMatchObject({ kind: 'refused', code: 'other_opening' })
})

test.each<[string, string]>([
  ['nothing', ''],
  ['a text that is not a receipt', 'hello'],
  ['a receipt cut short', proofText.slice(0, 60)],
])('%s is refused without an exception', (_name, text) => {
  expect(checkReceipt({ ...good, proofText: text }).kind).toBe('refused')
})

test('bytes that are no entry of ours can still stand in the log', () => {
  const foreign = utf8('not json')
  const foreignRoot = leafHash(foreign)
  const single = signCheckpoint({ origin: signer.name, size: 1, root: foreignRoot }, signer)
  const checked = checkReceipt({
    proofText: formatProof({ index: 0, hashes: [], extra: null, checkpoint: single }),
    entry: foreign,
    vkey: signer.vkey,
  })
  expect(checked).toMatchObject({ kind: 'verified', entry: null })
})
