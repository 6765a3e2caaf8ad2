import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { encodeBundle, parseBundle } from './bundle.ts'
import { fromBase64, fromHex } from './bytes.ts'
import { limits } from './limits.ts'
import { verifyManifest } from './manifest.ts'
import { checkBodies } from './node/bundle-check.ts'
import { readVectors } from './node/vector-files.ts'

const vectors = readVectors<{
  readonly device_key: string
  readonly cases: readonly { readonly name: string; readonly bundle: string }[]
  readonly refusals: readonly {
    readonly name: string
    readonly code: string
    readonly bundle: string
  }[]
  readonly other_bodies: string
  readonly other_headers: string
}>('manifest/bundle.json')
const crossing = fromBase64(vectors.cases[0]!.bundle)!

function parsed(bytes: Uint8Array) {
  const bundle = parseBundle(bytes)
  if (bundle.kind === 'refused') throw new Error(bundle.detail)
  return bundle
}

test.each(vectors.cases)('$name comes back, signed and with its own bodies', ({ bundle }) => {
  const bytes = fromBase64(bundle)!
  const { manifestBytes, signature, bodies, ...rest } = parsed(bytes)
  expect(encodeBundle({ manifest: manifestBytes, signature, bodies })).toEqual(bytes)
  expect(verifyManifest(fromHex(vectors.device_key)!, manifestBytes, signature)).toBe(true)
  expect(checkBodies({ manifest: rest.manifest, bodies })).toBeNull()
})

test.each(vectors.refusals)('refused: $name', ({ bundle, code }) => {
  expect(parseBundle(fromBase64(bundle)!)).toMatchObject({ kind: 'refused', code })
})

test('a bundle cut at any byte is refused as truncated and never throws', () => {
  for (const { bundle } of vectors.cases) {
    const bytes = fromBase64(bundle)!
    for (let length = 0; length < bytes.length; length++) {
      const refused = parseBundle(bytes.subarray(0, length))
      expect(refused, `length ${length}`).toMatchObject({ code: 'truncated_bundle' })
    }
  }
})

test('one flipped bit anywhere is refused, unsigned, or not what the manifest states', () => {
  const deviceKey = fromHex(vectors.device_key)!
  for (let at = 0; at < crossing.length; at++) {
    const changed = crossing.slice()
    changed[at]! ^= 1 << (at % 8)
    const bundle = parseBundle(changed)
    const held =
      bundle.kind === 'bundle' &&
      checkBodies(bundle) === null &&
      verifyManifest(deviceKey, bundle.manifestBytes, bundle.signature)
    expect(held, `byte ${at}`).toBe(false)
  }
})

test('a body or header that is not the stated one is named', () => {
  expect(checkBodies(parsed(fromBase64(vectors.other_bodies)!))).toMatchObject({
    code: 'body_hash_mismatch',
    detail: 'body 0 differs',
  })
  expect(checkBodies(parsed(fromBase64(vectors.other_headers)!))).toMatchObject({
    detail: 'header 0 differs',
  })
})

test('each limit refuses what is one byte over it, before reading it', () => {
  const { manifestBytes, manifest, bodies } = parsed(crossing)
  const under = { ...limits, bundleMax: crossing.length }
  expect(parseBundle(crossing, under).kind).toBe('bundle')
  const over = [
    { ...under, bundleMax: crossing.length - 1 },
    { ...under, manifestMax: manifestBytes.length - 1 },
    { ...under, sealHeaderMax: bodies[0]!.header.length - 1 },
    { ...under, bodyMax: manifest.bodies[1]!.bytes - 1 },
  ]
  for (const one of over) {
    expect(parseBundle(crossing, one)).toMatchObject({ code: 'bundle_too_large' })
  }
})

test('arbitrary bytes never throw, with and without the magic', () => {
  const magic = Uint8Array.from([0x53, 0x50, 0x42, 0x31])
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, withMagic) => {
      const input = withMagic ? Uint8Array.from([...magic, ...bytes]) : bytes
      expect(parseBundle(input).kind).toBe('refused')
    }),
  )
})
