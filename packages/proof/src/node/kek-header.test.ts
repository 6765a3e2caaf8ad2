import { createSecretKey, randomBytes } from 'node:crypto'

import * as age from 'age-encryption'
import { describe, expect, test } from 'vitest'

import { concat, utf8 } from '../bytes.ts'
import { splitSeal } from '../seal-format.ts'
import { appendPayload, openBody } from './age-payload.ts'
import { type Kek, kekOfHeader, unwrapUnderKek, wrapUnderKek } from './kek-header.ts'
import { generateIdentity, openingKey, seal, unwrapFileKey, wrapFileKey } from './seal.ts'

function makeKek(): Kek {
  return { id: randomBytes(16).toString('hex'), key: createSecretKey(randomBytes(32)) }
}

const lane = generateIdentity()
const plaintext = new Uint8Array(randomBytes(70_000))
const sealed = splitSeal(seal(plaintext, [lane.recipient]))!
const fileKey = keyOf(unwrapFileKey(sealed.header, openingKey(lane.identity)))
const kek = makeKek()
const stored = wrapUnderKek(kek, fileKey)

function keyOf(unwrapped: ReturnType<typeof unwrapUnderKek>): Uint8Array {
  if (unwrapped.kind === 'refused') throw new Error(unwrapped.detail)
  return unwrapped.fileKey
}

test('a header re-wrapped to a KEK opens the untouched body, and the epoch identity no longer does', () => {
  expect(kekOfHeader(stored)).toBe(kek.id)
  expect(openBody(keyOf(unwrapUnderKek(stored, kek)), sealed.body)).toEqual({
    kind: 'opened',
    plaintext,
  })
  expect(unwrapFileKey(stored, openingKey(lane.identity))).toMatchObject({
    code: 'no_matching_recipient',
  })
})

test('for age it is a file of a recipient type that it does not know, not a broken file', async () => {
  const decrypter = new age.Decrypter()
  decrypter.addIdentity(lane.identity)
  await expect(decrypter.decrypt(concat(stored, sealed.body))).rejects.toThrow(
    'no identity matched',
  )
})

test('exported to a recipient of the receiver, age opens it', async () => {
  const receiver = generateIdentity()
  const decrypter = new age.Decrypter()
  decrypter.addIdentity(receiver.identity)
  const exported = wrapFileKey(keyOf(unwrapUnderKek(stored, kek)), [receiver.recipient])
  expect(await decrypter.decrypt(concat(exported, sealed.body))).toEqual(plaintext)
})

test('two wraps of one file key share no nonce and no ciphertext', () => {
  expect(wrapUnderKek(kek, fileKey)).not.toEqual(stored)
})

describe('a header under a KEK', () => {
  const text = new TextDecoder().decode(stored)
  const other = makeKek()
  test.each([
    ['of another KEK', stored, other, 'no_matching_recipient'],
    [
      'under the id of this KEK by somebody else',
      wrapUnderKek({ ...kek, key: other.key }, fileKey),
      kek,
      'malformed_header',
    ],
    ['renamed to another KEK', utf8(text.replace(kek.id, other.id)), other, 'malformed_header'],
    ['cut by a byte', stored.subarray(0, -1), kek, 'malformed_header'],
    ['with a byte behind it', concat(stored, Uint8Array.of(10)), kek, 'malformed_header'],
    [
      'with a recipient more',
      utf8(text.replace('---', `-> X25519 ${'A'.repeat(43)}\n${'A'.repeat(43)}\n---`)),
      kek,
      'no_matching_recipient',
    ],
    ['of the next version', utf8(text.replace('kek/v1', 'kek/v2')), kek, 'no_matching_recipient'],
    ['still under its epoch', sealed.header, kek, 'no_matching_recipient'],
  ])('%s is refused', (_, header, key, code) => {
    expect(unwrapUnderKek(header, key)).toMatchObject({ kind: 'refused', code })
  })

  test('with one bit flipped anywhere is refused', () => {
    for (let at = 0; at < stored.length; at++) {
      const changed = stored.slice()
      changed[at]! ^= 1 << (at % 8)
      expect(unwrapUnderKek(changed, kek).kind, `byte ${at}`).toBe('refused')
    }
  })

  test('does not open the body of another seal', () => {
    const header = wrapUnderKek(kek, randomBytes(16))
    const { body } = splitSeal(
      appendPayload(header, randomBytes(16), Uint8Array.of(1), randomBytes),
    )!
    expect(openBody(keyOf(unwrapUnderKek(header, kek)), body)).toMatchObject({ code: 'bad_body' })
  })
})
