import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { fromHex, utf8 } from './bytes.ts'
import { encodeManifest, parseManifest, verifyManifest } from './manifest.ts'
import { sha256Hex } from './node/bundle-check.ts'
import { verify } from './node/ed25519.ts'
import { readVectors } from './node/vector-files.ts'

const vectors = readVectors<{
  readonly device_key: string
  readonly cases: readonly {
    readonly name: string
    readonly manifest: string
    readonly sha256: string
    readonly signature: string
  }[]
  readonly malformed: readonly { readonly name: string; readonly manifest: string }[]
}>('manifest/manifest.json')
const deviceKey = fromHex(vectors.device_key)!

describe.each(vectors.cases)('$name', ({ manifest, sha256, signature }) => {
  const bytes = utf8(manifest)

  test('parses to a value whose encoding is the same bytes', () => {
    const parsed = parseManifest(bytes)
    if (parsed.kind === 'refused') throw new Error(parsed.detail)
    expect(encodeManifest(parsed.manifest)).toEqual(bytes)
    expect(sha256Hex(bytes)).toBe(sha256)
  })

  test('is signed by the device, for this purpose alone', () => {
    for (const how of [undefined, verify]) {
      expect(verifyManifest(deviceKey, bytes, fromHex(signature)!, how)).toBe(true)
    }
    expect(verify(deviceKey, bytes, fromHex(signature)!)).toBe(false)
    expect(verifyManifest(deviceKey, utf8(`${manifest} `), fromHex(signature)!)).toBe(false)
  })

  test('keys are put in order when it is written', () => {
    const value = JSON.parse(manifest)
    const reversed = Object.fromEntries(Object.entries(value).reverse())
    // Built from parsed JSON on purpose: the shape is checked when it is encoded.
    expect(encodeManifest(reversed as typeof value)).toEqual(bytes)
  })
})

test.each(vectors.malformed)('refused: $name', ({ manifest }) => {
  expect(parseManifest(utf8(manifest))).toMatchObject({
    kind: 'refused',
    code: 'malformed_manifest',
  })
})

test('whatever can be written can be read', () => {
  const written: Uint8Array[] = []
  for (const { manifest } of vectors.malformed) {
    try {
      written.push(encodeManifest(JSON.parse(manifest)))
    } catch {
      // Refused or not JSON, as most of them are; some differ only in their spelling.
    }
  }
  expect(written.length).toBeGreaterThan(3)
  for (const bytes of written) expect(parseManifest(bytes).kind).toBe('manifest')
  expect(written.length).toBeLessThan(9)
})

test('arbitrary bytes and arbitrary JSON are refused and never throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(utf8)), (bytes) => {
      expect(parseManifest(bytes).kind).toBe('refused')
    }),
  )
})

test('one changed byte is refused or changes the hash that is signed', () => {
  const { manifest, signature } = vectors.cases[0]!
  const bytes = utf8(manifest)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = bytes.slice()
      changed[at]! ^= by
      parseManifest(changed)
      expect(verifyManifest(deviceKey, changed, fromHex(signature)!, verify)).toBe(false)
    }),
  )
})

test('a manifest longer than its limit is refused before it is parsed', () => {
  const { manifest } = vectors.cases[0]!
  const long = utf8(manifest.replace('"lane-2"', `"${'a'.repeat(70_000)}"`))
  expect(parseManifest(long)).toMatchObject({ detail: 'longer than 65536 bytes' })
})
