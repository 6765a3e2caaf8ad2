import { expect, test } from 'vitest'

import { utf8 } from './bytes.ts'
import { type DayClosed, encodeDayClosed, signDayClosed, verifyDayClosed } from './day-closed.ts'
import { sign } from './ed25519.ts'
import { publicKeyOf } from './node/ed25519.ts'

const seed = new Uint8Array(32).fill(3)
const statement: DayClosed = {
  version: 1,
  device: 'd'.repeat(32),
  port: 'north-bridge',
  through: '2026-11-21',
  last_sequence: 118,
  signed_at: '2026-11-22T00:10:04.250Z',
}
const bytes = encodeDayClosed(statement)
const signature = signDayClosed(seed, bytes)
const key = publicKeyOf(seed)

test('a statement is believed when the enrolled key signed exactly these bytes', () => {
  expect(verifyDayClosed(key, bytes, signature)).toEqual({ kind: 'trusted', statement })
})

test.each([
  [
    'another day',
    utf8(new TextDecoder().decode(bytes).replace('11-21', '11-22')),
    signature,
    'bad_signature',
  ],
  [
    'a smaller last sequence',
    utf8(new TextDecoder().decode(bytes).replace('118', '117')),
    signature,
    'bad_signature',
  ],
  ['another key', bytes, signDayClosed(new Uint8Array(32).fill(4), bytes), 'bad_signature'],
  ['the domain of another statement', bytes, sign(seed, bytes), 'bad_signature'],
  ['white space', utf8(`${new TextDecoder().decode(bytes)} `), signature, 'malformed_day_closed'],
  [
    'a negative sequence',
    utf8(new TextDecoder().decode(bytes).replace('118', '-1')),
    signature,
    'malformed_day_closed',
  ],
  ['nothing', new Uint8Array(), signature, 'malformed_day_closed'],
])('%s is refused', (_, changed, by, code) => {
  expect(verifyDayClosed(key, changed, by)).toMatchObject({ kind: 'refused', code })
})
