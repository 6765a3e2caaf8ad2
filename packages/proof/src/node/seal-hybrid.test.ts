import * as crypto from 'node:crypto'

import * as age from 'age-encryption'
import { expect, test } from 'vitest'

import { concat } from '../bytes.ts'
import { parseHybridRecipient, splitSeal } from '../seal-format.ts'
import { generateHybridIdentity } from './seal-hybrid.ts'
import { generateIdentity, openSeal, openingKey, rewrapHeader, seal } from './seal.ts'

const us = generateHybridIdentity()
const them = generateHybridIdentity()
const classic = generateIdentity()

test.each([0, 1, 65_536, 150_000])(
  'age-encryption opens what is sealed to a hybrid recipient, and the other way round: %i bytes',
  async (size) => {
    const plaintext = new Uint8Array(crypto.randomBytes(size))
    const decrypter = new age.Decrypter()
    decrypter.addIdentity(us.identity)
    const sealed = seal(plaintext, [them.recipient, us.recipient])
    expect(await decrypter.decrypt(sealed)).toEqual(plaintext)

    const encrypter = new age.Encrypter()
    encrypter.addRecipient(us.recipient)
    const split = splitSeal(await encrypter.encrypt(plaintext))!
    expect(openSeal(split, us.identity)).toEqual({ kind: 'opened', plaintext })
  },
)

test('generated keys are age keys', async () => {
  expect(await age.identityToRecipient(us.identity)).toBe(us.recipient)
  expect(us.recipient).toHaveLength(1959)
  expect(parseHybridRecipient(us.recipient)).toHaveLength(1216)
})

test('an X25519 key opens no hybrid seal, whoever breaks the curve: its half alone is no key', () => {
  const { header, body } = splitSeal(seal(new Uint8Array(9), [us.recipient]))!
  for (const stranger of [classic.identity, them.identity]) {
    expect(openSeal({ header, body }, stranger)).toMatchObject({ code: 'no_matching_recipient' })
  }
  // ML-KEM answers a wrong key with another secret, not with an error: it must not open either.
  const [mine] = openingKey(us.identity)
  const [theirs] = openingKey(them.identity)
  if (mine?.kind !== 'hybrid' || theirs?.kind !== 'hybrid') throw new Error('both are hybrid')
  expect(openSeal({ header, body }, [{ ...mine, mlKem: theirs.mlKem }]).kind).toBe('refused')
  const { x25519, x25519Public } = theirs
  expect(openSeal({ header, body }, [{ ...mine, x25519, x25519Public }]).kind).toBe('refused')
})

test('both identities of a day open what is sealed to either', () => {
  const both = openingKey(classic.identity, us.identity)
  for (const recipient of [classic.recipient, us.recipient]) {
    const split = splitSeal(seal(Uint8Array.of(1, 2), [recipient]))!
    expect(openSeal(split, both)).toEqual({ kind: 'opened', plaintext: Uint8Array.of(1, 2) })
  }
})

test('one flipped bit anywhere in a hybrid seal is refused', () => {
  const file = seal(new Uint8Array(20).fill(7), [us.recipient])
  const key = openingKey(us.identity)
  // Every byte would take ML-KEM 1,700 times.
  for (let at = 0; at < file.length; at += 7) {
    const changed = file.slice()
    changed[at]! ^= 1 << (at % 8)
    const split = splitSeal(changed)
    expect(split === null ? 'refused' : openSeal(split, key).kind, `byte ${at}`).toBe('refused')
  }
})

test('a header is re-wrapped from hybrid to X25519 for who has no tool for the other', () => {
  const { header, body } = splitSeal(seal(new Uint8Array(5).fill(9), [us.recipient]))!
  const rewrapped = rewrapHeader(header, us.identity, [classic.recipient])
  if (rewrapped.kind === 'refused') throw new Error(rewrapped.detail)
  const joined = splitSeal(concat(rewrapped.header, body))!
  expect(openSeal(joined, classic.identity)).toMatchObject({ kind: 'opened' })
})

test('hybrid and X25519 recipients in one seal, or too many, are a bug of the caller', () => {
  const plaintext = new Uint8Array(1)
  expect(() => seal(plaintext, [us.recipient, classic.recipient])).toThrow('not mixed')
  expect(() => seal(plaintext, [`${us.recipient}q`])).toThrow('not an age hybrid recipient')
  const many = Array.from({ length: 12 }, () => us.recipient)
  expect(() => seal(plaintext, many)).toThrow('exceeds the limit')
  expect(() => openingKey(us.identity.toLowerCase())).toThrow('not an age identity')
})
