import { expect, test } from 'vitest'

import { utf8 } from './bytes.ts'
import {
  type DeviceEventStatement,
  encodeDeviceEvent,
  sayable,
  signDeviceEvent,
  verifyDeviceEvent,
} from './device-event.ts'
import { sign } from './ed25519.ts'
import { publicKeyOf } from './node/ed25519.ts'

const seed = new Uint8Array(32).fill(3)
const statement: DeviceEventStatement = {
  version: 1,
  device: 'd'.repeat(32),
  lane: 'lane-2',
  sequence: 7,
  previous: 'a'.repeat(64),
  observed_at: '2026-11-22T09:14:04.250Z',
  boot: 'b'.repeat(32),
  monotonic_ms: 1200.5,
  event: {
    kind: 'media_inserted',
    seen: 'happened',
    drive: 'sdb',
    bus: 'usb',
    bytes: 2_000_398_934_016,
    maker: 'WD',
    model: 'Elements 25A2',
    serial: '575834',
  },
}
const bytes = encodeDeviceEvent(statement)
const signature = signDeviceEvent(seed, bytes)
const key = publicKeyOf(seed)

function changed(from: string, to: string): Uint8Array {
  return utf8(new TextDecoder().decode(bytes).replace(from, to))
}

test('a statement is believed when the enrolled key signed exactly these bytes', () => {
  expect(verifyDeviceEvent(key, bytes, signature)).toEqual({ kind: 'trusted', statement })
})

test.each([
  ['a smaller drive', changed('2000398934016', '0'), signature, 'bad_signature'],
  ['another sequence', changed('"sequence":7', '"sequence":8'), signature, 'bad_signature'],
  ['another key', bytes, signDeviceEvent(new Uint8Array(32).fill(4), bytes), 'bad_signature'],
  ['the domain of another statement', bytes, sign(seed, bytes), 'bad_signature'],
  ['an unknown event', changed('media_inserted', 'nothing_at_all'), signature, 'malformed_event'],
  [
    'a line break in a serial number',
    changed('575834', String.raw`57\n34`),
    signature,
    'malformed_event',
  ],
  ['white space', changed('{', '{ '), signature, 'malformed_event'],
  ['too many bytes', changed('Elements 25A2', 'x'.repeat(3000)), signature, 'malformed_event'],
  ['nothing', new Uint8Array(), signature, 'malformed_event'],
])('%s is refused', (_, bytesSent, by, code) => {
  expect(verifyDeviceEvent(key, bytesSent, by)).toMatchObject({ kind: 'refused', code })
})

test('what a drive says of itself cannot break out of its field', () => {
  const told = sayable(`  ${'x'.repeat(76)}\u001b[2J\n\u00e9{"kind":"boot"}`)
  expect(told).toBe(`${'x'.repeat(76)}?[2J`)
  const event = { kind: 'media_removed', seen: 'found', drive: 'sdb', serial: told } as const
  const encoded = encodeDeviceEvent({ ...statement, event })
  expect(verifyDeviceEvent(key, encoded, signDeviceEvent(seed, encoded)).kind).toBe('trusted')
})
