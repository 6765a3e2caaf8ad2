/**
 * Packets of MQTT 3.1.1 (OASIS standard, section numbers beside them): the part that is needed to
 * publish and to listen with QoS 0 and 1. Bytes in, packets out; untrusted bytes never throw.
 */

export const limits = {
  /** One packet, either way. Events are far below it. */
  packetBytesMax: 1024 * 1024,
  topicBytesMax: 1024,
} as const

export type Publish = {
  readonly kind: 'publish'
  readonly topic: string
  readonly payload: Uint8Array
  readonly retain: boolean
} & ({ readonly qos: 0 } | { readonly qos: 1; readonly id: number; readonly again: boolean })

export type Packet =
  | {
      readonly kind: 'connect'
      readonly clientId: string
      readonly username: string | null
      readonly password: string | null
      readonly keepAliveSeconds: number
    }
  | { readonly kind: 'connack'; readonly code: number }
  | Publish
  | { readonly kind: 'puback'; readonly id: number }
  | {
      readonly kind: 'subscribe'
      readonly id: number
      readonly filter: string
      readonly qos: 0 | 1
    }
  | { readonly kind: 'suback'; readonly id: number; readonly codes: readonly number[] }
  | { readonly kind: 'pingreq' | 'pingresp' | 'disconnect' }

export type PacketRefusal = 'packet_too_long' | 'malformed_packet'

/** The bytes of a packet. Throws when a text or the whole is too long: it is ours. */
export function encodePacket(packet: Packet): Uint8Array {
  switch (packet.kind) {
    case 'connect': {
      const { username, password } = packet
      // Clean session, no will; section 3.1.2.3.
      const flags = 0x02 | (username === null ? 0 : 0x80) | (password === null ? 0 : 0x40)
      return framed(
        0x10,
        text('MQTT'),
        Buffer.from([4, flags]),
        uint16(packet.keepAliveSeconds),
        text(packet.clientId),
        ...(username === null ? [] : [text(username)]),
        ...(password === null ? [] : [text(password)]),
      )
    }
    case 'connack':
      return framed(0x20, Buffer.from([0, packet.code]))
    case 'publish': {
      const { topic, payload, qos, retain } = packet
      const again = qos === 1 && packet.again ? 0x08 : 0
      const id = qos === 1 ? [uint16(packet.id)] : []
      return framed(0x30 | again | (qos << 1) | (retain ? 1 : 0), text(topic), ...id, payload)
    }
    case 'puback':
      return framed(0x40, uint16(packet.id))
    case 'subscribe':
      return framed(0x82, uint16(packet.id), text(packet.filter), Buffer.from([packet.qos]))
    case 'suback':
      return framed(0x90, uint16(packet.id), Buffer.from(packet.codes))
    case 'pingreq':
      return framed(0xc0)
    case 'pingresp':
      return framed(0xd0)
    case 'disconnect':
      return framed(0xe0)
  }
}

/** Cuts a stream into packets. After a refusal the stream is useless. */
export class PacketReader {
  #held: Buffer = Buffer.alloc(0)

  take(
    chunk: Uint8Array,
  ):
    | { readonly kind: 'packets'; readonly packets: readonly Packet[] }
    | { readonly kind: 'refused'; readonly code: PacketRefusal } {
    this.#held = this.#held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#held, chunk])
    const packets: Packet[] = []
    for (;;) {
      const frame = frameOf(this.#held)
      if (frame === 'more') return { kind: 'packets', packets }
      if (typeof frame === 'string') return { kind: 'refused', code: frame }
      const packet = decode(this.#held[0] ?? 0, this.#held.subarray(frame.start, frame.end))
      if (packet === null) return { kind: 'refused', code: 'malformed_packet' }
      packets.push(packet)
      this.#held = this.#held.subarray(frame.end)
    }
  }
}

/** Where the first packet's content lies; section 2.2.3 for its length. */
function frameOf(
  bytes: Buffer,
): { readonly start: number; readonly end: number } | 'more' | PacketRefusal {
  let length = 0
  for (let at = 1; at <= 4; at++) {
    const byte = bytes[at]
    if (byte === undefined) return 'more'
    length += (byte & 0x7f) * 128 ** (at - 1)
    if (byte < 0x80) {
      if (length > limits.packetBytesMax) return 'packet_too_long'
      const end = at + 1 + length
      return bytes.length < end ? 'more' : { start: at + 1, end }
    }
  }
  return 'malformed_packet'
}

function decode(head: number, body: Buffer): Packet | null {
  const cursor = new Cursor(body)
  const packet = decodeBody(head, cursor)
  // What a packet leaves unread is not what its sender meant.
  return packet === null || cursor.failed || cursor.left > 0 ? null : packet
}

function decodeBody(head: number, cursor: Cursor): Packet | null {
  switch (head >> 4) {
    case 1:
      return decodeConnect(cursor)
    case 2:
      cursor.byte()
      return { kind: 'connack', code: cursor.byte() }
    case 3: {
      const qos = (head >> 1) & 3
      if (qos > 1) return null
      const topic = cursor.text()
      const retain = (head & 1) === 1
      if (qos === 0) return { kind: 'publish', topic, retain, qos, payload: cursor.rest() }
      const id = cursor.uint16()
      const again = (head & 8) !== 0
      return { kind: 'publish', topic, retain, qos: 1, id, again, payload: cursor.rest() }
    }
    case 4:
      return { kind: 'puback', id: cursor.uint16() }
    case 8: {
      const id = cursor.uint16()
      const filter = cursor.text()
      return { kind: 'subscribe', id, filter, qos: cursor.byte() === 0 ? 0 : 1 }
    }
    case 9:
      return { kind: 'suback', id: cursor.uint16(), codes: [...cursor.rest()] }
    case 12:
      return { kind: 'pingreq' }
    case 13:
      return { kind: 'pingresp' }
    case 14:
      return { kind: 'disconnect' }
    default:
      return null
  }
}

function decodeConnect(cursor: Cursor): Packet | null {
  if (cursor.text() !== 'MQTT' || cursor.byte() !== 4) return null
  const flags = cursor.byte()
  const keepAliveSeconds = cursor.uint16()
  const clientId = cursor.text()
  // A will is not understood here.
  if ((flags & 0x3d) !== 0) return null
  const username = (flags & 0x80) === 0 ? null : cursor.text()
  const password = (flags & 0x40) === 0 ? null : cursor.text()
  return { kind: 'connect', clientId, username, password, keepAliveSeconds }
}

class Cursor {
  failed = false
  #at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) this.failed = true
    return byte ?? 0
  }

  uint16(): number {
    return this.byte() * 256 + this.byte()
  }

  text(): string {
    const length = this.uint16()
    if (length > this.left) this.failed = true
    const taken = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return taken.toString('utf8')
  }

  rest(): Uint8Array {
    const taken = Uint8Array.from(this.#bytes.subarray(this.#at))
    this.#at = this.#bytes.length
    return taken
  }
}

function framed(head: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts)
  if (body.length > limits.packetBytesMax) throw new Error('the packet is too long')
  const length: number[] = []
  let left = body.length
  do {
    const low = left % 128
    left = Math.floor(left / 128)
    length.push(left > 0 ? low | 0x80 : low)
  } while (left > 0)
  return Buffer.concat([Buffer.from([head, ...length]), body])
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value)
  if (bytes.length > limits.topicBytesMax) throw new Error('a text of the packet is too long')
  return Buffer.concat([uint16(bytes.length), bytes])
}

function uint16(value: number): Uint8Array {
  return Buffer.from([value >> 8, value & 0xff])
}
