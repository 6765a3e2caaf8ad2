import { expect, test } from 'vitest'

import { utf8 } from './bytes.ts'
import { sign } from './ed25519.ts'
import {
  committedLaneVerdict,
  encodeLaneVerdict,
  type LaneVerdict,
  signLaneVerdict,
  verifyLaneVerdict,
} from './lane-verdict.ts'
import { publicKeyOf } from './node/ed25519.ts'

const seed = new Uint8Array(32).fill(5)
const statement: LaneVerdict = {
  version: 1,
  device: 'd'.repeat(32),
  lane: 'in-1',
  port: 'north-bridge',
  verdict: 'e'.repeat(32),
  crossing: 'c'.repeat(32),
  given_at: '2026-11-22T10:10:04.250Z',
  boot: 'b'.repeat(32),
  monotonic_ms: 120_400,
  terms: 'a'.repeat(64),
}
const bytes = encodeLaneVerdict(statement)
const signature = signLaneVerdict(seed, bytes)
const key = publicKeyOf(seed)
const changed = (from: string, to: string) =>
  utf8(new TextDecoder().decode(bytes).replace(from, to))

test('a verdict is believed when the enrolled key signed exactly these bytes', () => {
  expect(verifyLaneVerdict(key, bytes, signature)).toEqual({ kind: 'trusted', statement })
})

test.each([
  ['another crossing', changed('cccc', 'cccd'), signature, 'bad_signature'],
  ['another time', changed('10:10:04', '10:10:05'), signature, 'bad_signature'],
  ['another key', bytes, signLaneVerdict(new Uint8Array(32).fill(4), bytes), 'bad_signature'],
  ['the domain of another statement', bytes, sign(seed, bytes), 'bad_signature'],
  [
    'a name beside it',
    changed('"terms"', '"name":"Ann","terms"'),
    signature,
    'malformed_lane_verdict',
  ],
  ['nothing', new Uint8Array(), signature, 'malformed_lane_verdict'],
])('%s is refused', (_, sent, by, code) => {
  expect(verifyLaneVerdict(key, sent, by)).toMatchObject({ kind: 'refused', code })
})

test('what is committed to names everything that was said, in one order', () => {
  const said = { name: 'Ann Ruiz', note: null, says: 'referred', code: 'document' } as const
  expect(committedLaneVerdict(said)).toBe(
    '{"says":"referred","code":"document","note":null,"name":"Ann Ruiz"}',
  )
})
