/** A small broker on loopback, for tests: it can be away, deaf, rude, and refuse people. */

import * as net from 'node:net'

import { encodePacket, type Packet, PacketReader } from '../packets.ts'

export type TestBroker = {
  readonly url: string
  /** What was published to it, in order. */
  readonly published: { readonly topic: string; readonly payload: Buffer }[]
  /** Names and passwords of those who signed in. */
  readonly visitors: { readonly username: string | null; readonly password: string | null }[]
  /** 5 refuses everybody. */
  welcomeCode: number
  /** It takes what is published and says nothing. */
  deaf: boolean
  /** Sends to everybody who subscribed to a filter that fits (exact, or a trailing `#`). */
  send(topic: string, payload: string | Uint8Array): void
  readonly subscriptions: number
  /** Hangs up on everybody and listens no more; `up` begins again on the same port. */
  down(): Promise<void>
  up(): Promise<void>
}

export async function startTestBroker(): Promise<TestBroker> {
  const sockets = new Map<net.Socket, string[]>()
  let port = 0
  let server = net.createServer()

  function serve(socket: net.Socket): void {
    const reader = new PacketReader()
    sockets.set(socket, [])
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    const say = (packet: Packet): void => void socket.write(encodePacket(packet))
    socket.on('data', (chunk: Buffer) => {
      const read = reader.take(chunk)
      if (read.kind === 'refused') return void socket.destroy()
      for (const packet of read.packets) {
        if (packet.kind === 'connect') {
          broker.visitors.push({ username: packet.username, password: packet.password })
          say({ kind: 'connack', code: broker.welcomeCode })
        }
        if (packet.kind === 'subscribe') {
          sockets.get(socket)?.push(packet.filter)
          say({ kind: 'suback', id: packet.id, codes: [packet.qos] })
        }
        if (packet.kind === 'pingreq') say({ kind: 'pingresp' })
        if (packet.kind === 'publish' && !broker.deaf) {
          broker.published.push({ topic: packet.topic, payload: Buffer.from(packet.payload) })
          if (packet.qos === 1) say({ kind: 'puback', id: packet.id })
        }
      }
    })
  }

  async function up(): Promise<void> {
    server = net.createServer(serve)
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const address = server.address()
    if (address !== null && typeof address === 'object') port = address.port
  }
  await up()
  const broker: TestBroker = {
    url: `mqtt://127.0.0.1:${port}`,
    published: [],
    visitors: [],
    welcomeCode: 0,
    deaf: false,
    send(topic, payload) {
      const packet = encodePacket({
        kind: 'publish',
        topic,
        payload: Buffer.from(payload),
        retain: false,
        qos: 0,
      })
      for (const [socket, filters] of sockets) {
        if (filters.some((filter) => filter === topic || fits(filter, topic))) socket.write(packet)
      }
    },
    get subscriptions() {
      return [...sockets.values()].flat().length
    },
    async down() {
      for (const socket of sockets.keys()) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
    up,
  }
  return broker
}

function fits(filter: string, topic: string): boolean {
  return filter.endsWith('/#') && topic.startsWith(filter.slice(0, -1))
}
