import { expect, test } from 'vitest'

import { toHex, utf8 } from './bytes.ts'
import { generateSigningKey } from './node/ed25519.ts'
import { encodeRelease, type ReleaseManifest, signRelease, verifyRelease } from './release.ts'

const agency = generateSigningKey()
const manifest: ReleaseManifest = {
  version: 1,
  agency_key: toHex(agency.publicKey),
  release: '0123456789abcdef0123456789abcdef',
  recipient: `age1${'q'.repeat(58)}`,
  purpose: 'court',
  made_at: '2026-11-22T12:00:00.000Z',
  expires_at: '2026-12-22T12:00:00.000Z',
  files: [{ name: '0001.jpg.age', bytes: 200, sha256: 'ab'.repeat(32) }],
}

function signed(change: Partial<ReleaseManifest> = {}) {
  const bytes = encodeRelease({ ...manifest, ...change })
  return { bytes, signature: signRelease(agency.privateKey, bytes) }
}

test('what the agency signed is believed, and says what was signed', () => {
  const { bytes, signature } = signed()
  expect(verifyRelease(agency.publicKey, bytes, signature)).toEqual({ kind: 'trusted', manifest })
})

test('a manifest changed in any byte is not believed', () => {
  const { bytes, signature } = signed()
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice()
    changed[at]! ^= 1
    expect(verifyRelease(agency.publicKey, changed, signature)).toMatchObject({
      code: 'bad_signature',
    })
  }
})

test('another agency’s signature, and another agency’s name under a right one, are refused', () => {
  const other = generateSigningKey()
  const { bytes, signature } = signed()
  expect(verifyRelease(other.publicKey, bytes, signature)).toMatchObject({ code: 'bad_signature' })
  const foreign = signed({ agency_key: toHex(other.publicKey) })
  expect(verifyRelease(agency.publicKey, foreign.bytes, foreign.signature)).toMatchObject({
    code: 'other_agency',
  })
})

test.each([
  ['no JSON', utf8('{}')],
  ['a path instead of a name', utf8('{"files":[{"name":"../x.age"}]}')],
  ['nothing', new Uint8Array()],
])('%s under a right signature is refused, not thrown', (_, bytes) => {
  const signature = signRelease(agency.privateKey, bytes)
  expect(verifyRelease(agency.publicKey, bytes, signature)).toMatchObject({
    code: 'malformed_release',
  })
})

test('a file that is named twice is refused', () => {
  const [file] = manifest.files
  const { bytes, signature } = signed({ files: [file!, file!] })
  expect(verifyRelease(agency.publicKey, bytes, signature)).toMatchObject({
    code: 'malformed_release',
  })
})
