import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { fromBase64, toBase64, utf8 } from './bytes.ts'
import { signCheckpoint } from './checkpoint.ts'
import { generateSigningKey, sign, verify } from './node/ed25519.ts'
import { nodeVerifiers } from './node/ml-dsa.ts'
import { formatTypedVkey, noteSigner, parseNote } from './note.ts'
import {
  type Cosigner,
  cosign,
  cosigner,
  openCosignatures,
  parseCosignerVkey,
  pureVerifiers,
} from './tlog-cosignature.ts'
import { addSignatures } from './witnessed.ts'

const origin = 'example.com/behind-the-sofa'
const logKey = generateSigningKey()
const log = noteSigner(origin, logKey.privateKey, logKey.publicKey, sign)
const root = fromBase64('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=')!
const note = signCheckpoint({ origin, size: 20_852_163, root }, log)
const text = parseNote(utf8(note))!.text

function witnessOf(name: string): Cosigner {
  const { privateKey, publicKey } = generateSigningKey()
  return cosigner(name, 'ed25519', publicKey, (message) => sign(privateKey, message))
}
const witness = witnessOf('witness.example.com/w1')
const key = parseCosignerVkey(witness.vkey)!

test('the signed message is the one that the specification prints', () => {
  let signed: Uint8Array = new Uint8Array()
  const listening = cosigner('w', 'ed25519', witness.publicKey, (message) => {
    signed = message
    return new Uint8Array(64)
  })
  cosign(text, listening, 1_679_315_147)
  expect(new TextDecoder().decode(signed)).toBe(
    'cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n' +
      'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
  )
})

test('the example line of the specification is read: key id, time and 64 bytes of signature', () => {
  const line =
    '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n'
  const parsed = parseNote(utf8(addSignatures(note, line)))!
  const { signature } = parsed.signatures.at(-1)!
  expect(signature.length).toBe(72)
  expect(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0)).toBe(1_679_315_147n)
})

test('a cosignature is found with its time, in Node as in a browser', () => {
  const cosigned = addSignatures(note, cosign(text, witness, 1_679_315_147))
  for (const verifiers of [pureVerifiers, nodeVerifiers]) {
    expect(openCosignatures(cosigned, [key], verifiers)).toEqual({
      kind: 'cosignatures',
      text,
      found: [{ key, found: { kind: 'cosigned', time: 1_679_315_147 } }],
    })
  }
})

describe('what is no cosignature of the known key', () => {
  const line = cosign(text, witness, 1_679_315_147)
  const refused = { kind: 'refused', code: 'bad_signature' }
  test('one of another time', () => {
    const bytes = fromBase64(line.trim().split(' ')[2]!)!
    bytes[11]! ^= 1
    const other = `— ${witness.name} ${toBase64(bytes)}\n`
    expect(openCosignatures(note + other, [key])).toMatchObject(refused)
  })
  test('one of another tree', () => {
    const grown = signCheckpoint({ origin, size: 20_852_164, root }, log)
    expect(openCosignatures(grown + line, [key])).toMatchObject(refused)
  })
  test('a plain signature of the same key under the type of notes is unknown, not bad', () => {
    const { privateKey, publicKey } = generateSigningKey()
    const plain = noteSigner('w', privateKey, publicKey, sign)
    const both = cosigner('w', 'ed25519', publicKey, (message) => sign(privateKey, message))
    const signed = addSignatures(note, `— w ${toBase64(new Uint8Array([...plain.keyId, 1]))}\n`)
    expect(openCosignatures(signed, [both])).toMatchObject({ kind: 'cosignatures', found: [] })
  })
  test('one of unknown name or id is passed over', () => {
    const other = witnessOf(witness.name)
    const signed = addSignatures(note, line)
    expect(openCosignatures(signed, [other])).toMatchObject({ found: [] })
    expect(openCosignatures(signed, [other, key])).toMatchObject({ found: [{ key }] })
  })
  test('one on a note that is no checkpoint', () => {
    const poem = `one\ntwo\n\n${line}`
    expect(openCosignatures(poem, [key])).toMatchObject(refused)
  })
})

test('keys of another type or length are none', () => {
  expect(parseCosignerVkey(log.vkey)).toBeNull()
  expect(parseCosignerVkey(formatTypedVkey('w', 0x04, new Uint8Array(31)))).toBeNull()
  expect(parseCosignerVkey(formatTypedVkey('w', 0x06, new Uint8Array(32)))).toBeNull()
  expect(parseCosignerVkey(formatTypedVkey('w', 0x06, new Uint8Array(1312)))).toMatchObject({
    algorithm: 'ml-dsa-44',
  })
})

test('whatever bytes stand where the cosignature belongs, nothing throws and nothing holds', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 3000 }), (bytes) => {
      const line = `— ${witness.name} ${toBase64(new Uint8Array([...key.keyId, ...bytes]))}\n`
      const opened = openCosignatures(note + line, [key], { ed25519: verify, mlDsa44: null })
      expect(opened).toMatchObject({ code: 'bad_signature' })
    }),
  )
})
