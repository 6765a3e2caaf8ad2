/** Packets against the bytes of the standard, and against bytes that are none. */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { encodePacket, limits, type Packet, PacketReader } from './packets.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** Bytes put together by hand from the tables of MQTT 3.1.1. */
const known: readonly (readonly [string, Packet, string])[] = [
  [
    'CONNECT with name and password',
    { kind: 'connect', clientId: 'abc', username: 'u', password: 'pw', keepAliveSeconds: 60 },
    '1016' + '0004' + '4d515454' + '04' + 'c2' + '003c' + '0003' + '616263' + '000175' + '00027077',
  ],
  [
    'CONNECT of nobody',
    { kind: 'connect', clientId: '', username: null, password: null, keepAliveSeconds: 0 },
    '100c' + '0004' + '4d515454' + '04' + '02' + '0000' + '0000',
  ],
  ['CONNACK, refused', { kind: 'connack', code: 5 }, '20020005'],
  [
    'PUBLISH, QoS 1, again and kept',
    {
      kind: 'publish',
      topic: 'a/b',
      payload: Uint8Array.of(1, 2),
      retain: true,
      qos: 1,
      id: 258,
      again: true,
    },
    '3b09' + '0003' + '612f62' + '0102' + '0102',
  ],
  [
    'PUBLISH, QoS 0',
    { kind: 'publish', topic: 'a', payload: new Uint8Array(), retain: false, qos: 0 },
    '3003' + '000161',
  ],
  ['PUBACK', { kind: 'puback', id: 10 }, '4002000a'],
  ['SUBSCRIBE', { kind: 'subscribe', id: 10, filter: 'a/#', qos: 1 }, '8208000a0003612f2301'],
  ['SUBACK', { kind: 'suback', id: 10, codes: [1, 128] }, '9004000a0180'],
  ['PINGREQ', { kind: 'pingreq' }, 'c000'],
  ['PINGRESP', { kind: 'pingresp' }, 'd000'],
  ['DISCONNECT', { kind: 'disconnect' }, 'e000'],
]

describe('the bytes of the standard', () => {
  test.each(known)('%s', (_name, packet, bytes) => {
    expect(hex(encodePacket(packet))).toBe(bytes)
    expect(new PacketReader().take(Buffer.from(bytes, 'hex'))).toEqual({
      kind: 'packets',
      packets: [packet],
    })
  })
})

test('a stream cut at any byte gives the same packets', () => {
  const stream = Buffer.from(known.map(([, , bytes]) => bytes).join(''), 'hex')
  for (let cut = 0; cut <= stream.length; cut++) {
    const reader = new PacketReader()
    const taken = [reader.take(stream.subarray(0, cut)), reader.take(stream.subarray(cut))]
    expect(taken.flatMap((one) => (one.kind === 'packets' ? one.packets : []))).toEqual(
      known.map(([, packet]) => packet),
    )
  }
})

test('a length at each border of its form comes back', () => {
  for (const length of [0, 124, 125, 16_379, 16_380, 200_000]) {
    const payload = new Uint8Array(length).fill(7)
    const packet = { kind: 'publish', topic: 'a', payload, retain: false, qos: 0 } as const
    const taken = new PacketReader().take(encodePacket(packet))
    const [back] = taken.kind === 'packets' ? taken.packets : []
    expect(back?.kind === 'publish' && Buffer.from(back.payload).equals(payload)).toBe(true)
  }
})

describe('what is no packet is refused by name', () => {
  test.each([
    ['a length that never ends', '30ffffffffff', 'malformed_packet'],
    ['more than is taken', '30ffffff7f', 'packet_too_long'],
    ['QoS 3', '36030001610000', 'malformed_packet'],
    ['QoS 2', '340500016100010a', 'malformed_packet'],
    ['a topic longer than its packet', '3003ffff61', 'malformed_packet'],
    ['a PUBACK that is cut', '400100', 'malformed_packet'],
    ['a PINGRESP with something in it', 'd00100', 'malformed_packet'],
    ['a kind that there is not', '0000', 'malformed_packet'],
  ])('%s', (_name, bytes, code) => {
    expect(new PacketReader().take(Buffer.from(bytes, 'hex'))).toEqual({ kind: 'refused', code })
  })
})

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(['packets', 'refused']).toContain(new PacketReader().take(bytes).kind)
    }),
  )
})

test('what is too long is not sent', () => {
  const publish = (topic: string, length: number) =>
    encodePacket({ kind: 'publish', topic, payload: new Uint8Array(length), retain: false, qos: 0 })
  expect(() => publish('a'.repeat(limits.topicBytesMax + 1), 1)).toThrow(/too long/)
  expect(() => publish('a', limits.packetBytesMax + 1)).toThrow(/too long/)
})
