import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { fromHex, toHex } from '../bytes.ts'
import * as pure from '../ed25519.ts'
import * as native from './ed25519.ts'

test('RFC 8032 section 7.1, test 2', () => {
  const seed = fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb')!
  const publicKey = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'
  const signature =
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'
  const message = Uint8Array.of(0x72)
  expect(toHex(native.publicKeyOf(seed))).toBe(publicKey)
  expect(toHex(native.sign(seed, message))).toBe(signature)
  expect(toHex(pure.sign(seed, message))).toBe(signature)
})

test('both implementations sign alike and refuse one flipped bit alike', () => {
  const message = fc.uint8Array({ minLength: 1, maxLength: 100 })
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      message,
      fc.nat(),
      (seed, m, n) => {
        const publicKey = native.publicKeyOf(seed)
        const signature = native.sign(seed, m)
        expect(pure.sign(seed, m)).toEqual(signature)
        const flipped = signature.slice()
        flipped[(n >> 3) % 64]! ^= 1 << (n & 7)
        for (const { verify } of [pure, native]) {
          expect(verify(publicKey, m, signature)).toBe(true)
          expect(verify(publicKey, m, flipped)).toBe(false)
          expect(verify(publicKey, m, signature.subarray(1))).toBe(false)
          expect(verify(publicKey.subarray(1), m, signature)).toBe(false)
          expect(verify(publicKey, Uint8Array.of(...m, 0), signature)).toBe(false)
        }
      },
    ),
    { numRuns: 15 },
  )
})
