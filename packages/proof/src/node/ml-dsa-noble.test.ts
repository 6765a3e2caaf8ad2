/** ML-DSA-44 cosignatures made and checked by noble, which every Node runs; and by Node where it can. */

import { ml_dsa44 as noble } from '@noble/post-quantum/ml-dsa.js'
import { expect, test } from 'vitest'

import { signCheckpoint } from '../checkpoint.ts'
import { noteSigner } from '../note.ts'
import {
  type CosignatureVerifiers,
  cosign,
  cosigner,
  openCosignatures,
  parseCosignerVkey,
} from '../tlog-cosignature.ts'
import { addSignatures } from '../witnessed.ts'
import { publicKeyOf, sign, verify } from './ed25519.ts'
import { mlDsa44 } from './ml-dsa.ts'

const seed = new Uint8Array(32).fill(5)
const keys = noble.keygen(seed)
const log = noteSigner('example.gov/log', seed, publicKeyOf(seed), sign)
const note = signCheckpoint({ origin: log.name, size: 9, root: new Uint8Array(32) }, log)
const text = note.slice(0, note.indexOf('\n\n') + 1)
const witness = cosigner('w.example', 'ml-dsa-44', keys.publicKey, (message) =>
  noble.sign(message, keys.secretKey),
)
const verifiers: CosignatureVerifiers = {
  ed25519: verify,
  mlDsa44: (publicKey, message, signature) => noble.verify(signature, message, publicKey),
}
const cosigned = addSignatures(note, cosign(text, witness, 1_800_000_000))

test('what noble signs is found with its time, under a key that went through its vkey', () => {
  const key = parseCosignerVkey(witness.vkey)
  expect(key?.publicKey).toEqual(keys.publicKey)
  const found = [{ found: { kind: 'cosigned', time: 1_800_000_000 } }]
  expect(openCosignatures(cosigned, key === null ? [] : [key], verifiers)).toMatchObject({ found })
})

test('of another tree, name or time, or with a bit flipped, it is bad', () => {
  const other = signCheckpoint({ origin: log.name, size: 10, root: new Uint8Array(32) }, log)
  const line = cosigned.slice(note.length)
  const renamed = cosigner('v.example', 'ml-dsa-44', keys.publicKey, witness.sign)
  expect(openCosignatures(addSignatures(other, line), [witness], verifiers).kind).toBe('refused')
  expect(openCosignatures(cosigned, [{ ...witness, name: renamed.name }], verifiers)).toMatchObject(
    {
      found: [],
    },
  )
  const [head = '', name = '', encoded = ''] = line.trim().split(' ')
  const bytes = Buffer.from(encoded, 'base64')
  for (const at of [4, 11, 12, 600, bytes.length - 1]) {
    const bad = Buffer.from(bytes)
    bad[at] = (bad[at] ?? 0) ^ 1
    const changed = addSignatures(note, `${head} ${name} ${bad.toString('base64')}\n`)
    expect(openCosignatures(changed, [witness], verifiers).kind, `byte ${at}`).toBe('refused')
  }
})

test.skipIf(mlDsa44 === null)(
  'Node and noble have one key of one seed, and check each other (skipped: this Node has no ML-DSA, 24.6 and newer do)',
  () => {
    if (mlDsa44 === null) return
    expect(mlDsa44.publicKeyOf(seed)).toEqual(keys.publicKey)
    const message = new TextEncoder().encode(text)
    expect(noble.verify(mlDsa44.sign(seed, message), message, keys.publicKey)).toBe(true)
    expect(mlDsa44.verify(keys.publicKey, message, noble.sign(message, keys.secretKey))).toBe(true)
  },
)
