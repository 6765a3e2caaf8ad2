import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { fromBech32, toBech32 } from './bech32.ts'
import {
  concat,
  equal,
  fromBase64,
  fromBase64Unpadded,
  fromHex,
  fromUtf8,
  toBase64,
  toBase64Unpadded,
  toHex,
  utf8,
} from './bytes.ts'

const anyBytes = fc.uint8Array({ maxLength: 200 })

test('hex and base64 agree with the platform and come back', () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const buffer = Buffer.from(bytes)
      expect(toHex(bytes)).toBe(buffer.toString('hex'))
      expect(toBase64(bytes)).toBe(buffer.toString('base64'))
      expect(toBase64Unpadded(bytes)).toBe(buffer.toString('base64').replaceAll('=', ''))
      expect(fromHex(toHex(bytes))).toEqual(bytes)
      expect(fromBase64(toBase64(bytes))).toEqual(bytes)
      expect(fromBase64Unpadded(toBase64Unpadded(bytes))).toEqual(bytes)
    }),
  )
})

describe('a second spelling of the same bytes is refused', () => {
  test.each([
    ['upper-case hex', fromHex, 'AB'] as const,
    ['odd hex', fromHex, 'abc'] as const,
    ['hex beyond ASCII', fromHex, 'é0'] as const,
    ['base64 without its padding', fromBase64, 'YQ'] as const,
    ['base64 with padding only', fromBase64, '===='] as const,
    ['base64 with one padding too many', fromBase64, 'YWE=='] as const,
    ['base64 with padding inside', fromBase64, 'YQ==YQ=='] as const,
    ['base64 with bits left over', fromBase64, 'YR=='] as const,
    ['base64 with a line break', fromBase64, 'YWFh\n'] as const,
    ['URL-safe base64', fromBase64, '-_-_'] as const,
    ['unpadded base64 with padding', fromBase64Unpadded, 'YQ=='] as const,
    ['unpadded base64 of one character', fromBase64Unpadded, 'Y'] as const,
    ['unpadded base64 with bits left over', fromBase64Unpadded, 'YR'] as const,
  ])('%s', (_, decode, text) => expect(decode(text)).toBeNull())
})

test('UTF-8 that is not valid is null, and a byte order mark is kept', () => {
  expect(fromUtf8(Uint8Array.of(0xff))).toBeNull()
  expect(fromUtf8(utf8('\u{feff}a'))).toBe('\u{feff}a')
})

test('concat and equal', () => {
  expect(concat(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(
    Uint8Array.of(1, 2, 3),
  )
  expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
  expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
  expect(equal(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false)
})

test('Bech32 comes back and one changed character is noticed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(), (bytes, where) => {
      const text = toBech32('age', bytes)
      expect(fromBech32(text)).toEqual({ prefix: 'age', bytes })
      expect(fromBech32(text.toUpperCase())).toEqual({ prefix: 'age', bytes })
      const at = 4 + (where % (text.length - 4))
      const other = text[at] === 'q' ? 'p' : 'q'
      expect(fromBech32(text.slice(0, at) + other + text.slice(at + 1))).toBeNull()
    }),
  )
  expect(fromBech32('Age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj')).toBeNull()
})
