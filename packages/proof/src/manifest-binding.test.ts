import { sha256 } from '@noble/hashes/sha2.js'
import { expect, test } from 'vitest'

import { toHex, utf8 } from './bytes.ts'
import { bindCapture, type NamedCapture } from './manifest-binding.ts'
import { encodeManifest, type Manifest, noPrevious } from './manifest.ts'

const id = (digit: string) => digit.repeat(32)
const hash = (digit: string) => digit.repeat(64)

const manifest: Manifest = {
  version: 1,
  kind: 'crossing',
  crossing: id('c'),
  device: id('d'),
  lane: 'in-1',
  port: 'test',
  sequence: 1,
  previous: noPrevious,
  boot: id('b'),
  monotonic_ms: 1,
  captured_at: '2026-07-22T14:03:11.250Z',
  sealed_at: '2026-07-22T14:03:11.300Z',
  epoch: { day: '2026-07-22', recipient: `age1${'q'.repeat(58)}` },
  bodies: [
    { id: id('1'), class: 'scene', bytes: 100, sha256: hash('1'), header_sha256: hash('9') },
    { id: id('2'), class: 'plate', bytes: 100, sha256: hash('2'), header_sha256: hash('9') },
  ],
}
const bytes = encodeManifest(manifest)
const plate: NamedCapture = { id: id('2'), class: 'plate', sha256: hash('2') }

function bind(signed: Uint8Array, capture: NamedCapture, crossing = id('c'), of = signed): string {
  const manifestSha256 = toHex(sha256(of))
  const bound = bindCapture(signed, { crossing, manifestSha256, capture })
  return bound.kind === 'bound' ? 'bound' : bound.code
}

test('the picture that the lane signed for is bound', () => {
  expect(bind(bytes, plate)).toBe('bound')
})

test.for([
  ['another picture under the same name', { ...plate, sha256: hash('3') }, 'other_body'],
  ['the scene’s hash given for the plate', { ...plate, sha256: hash('1') }, 'other_body'],
  ['a picture of another crossing', { ...plate, id: id('7') }, 'not_in_manifest'],
  ['a scene shown as the plate', { ...plate, id: id('1'), sha256: hash('1') }, 'not_in_manifest'],
] as const)('%s is not', ([, capture, code]) => {
  expect(bind(bytes, capture)).toBe(code)
})

test('a manifest that is not the logged one binds nothing, even where it names the picture', () => {
  const forged = encodeManifest({ ...manifest, sequence: 2 })
  expect(bind(forged, plate, id('c'), bytes)).toBe('other_manifest')
  expect(bind(bytes, plate, id('e'))).toBe('other_crossing')
  expect(bind(utf8('{}'), plate)).toBe('malformed_manifest')
})
