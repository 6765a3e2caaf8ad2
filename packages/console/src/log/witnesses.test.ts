/** Cosignatures that are there, missing, forged, of another log, or beyond what a browser can check. */

import { utf8 } from '@sallyport/proof/bytes'
import { signCheckpoint } from '@sallyport/proof/checkpoint'
import { generateSigningKey, sign } from '@sallyport/proof/node/ed25519'
import {
  formatTypedVkey,
  keyIdOf,
  noteSigner,
  parseNote,
  signatureLine,
} from '@sallyport/proof/note'
import { cosign, cosigner, cosignatureTypes } from '@sallyport/proof/tlog-cosignature'
import { addSignatures } from '@sallyport/proof/witnessed'
import { expect, test } from 'vitest'

import { checkWitnesses, type LogWitnesses, type WitnessRow } from './witnesses.ts'

const origin = 'example.gov/sallyport'
const logKey = generateSigningKey()
const log = noteSigner(origin, logKey.privateKey, logKey.publicKey, sign)
const note = signCheckpoint({ origin, size: 42, root: new Uint8Array(32).fill(1) }, log)
const text = parseNote(utf8(note))?.text ?? ''

function witness(name: string) {
  const { privateKey, publicKey } = generateSigningKey()
  return cosigner(name, 'ed25519', publicKey, (message) => sign(privateKey, message))
}
const [one, two] = [witness('one.example/w'), witness('two.example/w')]
const row = (name: string, vkey: string): WitnessRow => ({
  name,
  vkey,
  state: 'current',
  size: 42,
  answered_at: null,
})
const rows = [row('W1', one.vkey), row('W2', two.vkey)]
const answer = (change: Partial<LogWitnesses> = {}): LogWitnesses => ({
  policy: true,
  note: addSignatures(note, cosign(text, one, 1_700_000_000)),
  needed: 1,
  witnesses: rows,
  ...change,
})

test('what is cosigned is counted with its time, what is not is said to be missing', () => {
  expect(checkWitnesses(answer(), log.vkey)).toMatchObject({
    kind: 'cosigned',
    size: 42,
    checked: 1,
    witnesses: [
      { name: 'W1', cosigned: { kind: 'checked', at: new Date(1_700_000_000_000) } },
      { name: 'W2', cosigned: { kind: 'missing' } },
    ],
  })
})

test('a cosignature whose time was changed, and a note of another log, are believed by nobody', () => {
  const later = { ...one, sign: () => one.sign(utf8('something else')) }
  const forged = answer({ note: addSignatures(note, cosign(text, later, 1_700_000_000)) })
  expect(checkWitnesses(forged, log.vkey)).toMatchObject({ kind: 'broken' })
  const other = noteSigner(origin, ...keyPair(), sign)
  expect(checkWitnesses(answer(), other.vkey)).toMatchObject({ kind: 'broken' })
})

test('a witness cannot be credited with the signature of another', () => {
  const swapped = answer({ witnesses: [row('W1', two.vkey), row('W2', two.vkey)] })
  expect(checkWitnesses(swapped, log.vkey)).toMatchObject({ checked: 0 })
})

test('a signature of ML-DSA is told apart from one that was checked', () => {
  const [name, type, key] = ['pq.example/w', cosignatureTypes['ml-dsa-44'], new Uint8Array(1312)]
  const signature = new Uint8Array(8 + 2420)
  const line = signatureLine({ name, keyId: keyIdOf(name, type, key), signature })
  const asked = answer({
    note: addSignatures(note, line),
    witnesses: [row('PQ', formatTypedVkey(name, type, key))],
  })
  expect(checkWitnesses(asked, log.vkey)).toMatchObject({
    checked: 0,
    witnesses: [{ cosigned: { kind: 'not_checkable' } }],
  })
})

test('no policy and no quorum yet are two things', () => {
  const none = { policy: false, note: null, needed: 0, witnesses: [] }
  expect(checkWitnesses(none, log.vkey)).toEqual({ kind: 'none_set' })
  expect(checkWitnesses(answer({ note: null }), log.vkey)).toMatchObject({
    kind: 'none_yet',
    witnesses: [{ name: 'W1' }, { name: 'W2' }],
  })
})

function keyPair() {
  const { privateKey, publicKey } = generateSigningKey()
  return [privateKey, publicKey] as const
}
