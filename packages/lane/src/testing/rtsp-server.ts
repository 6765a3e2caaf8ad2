/** A small RTSP camera on loopback: RTP over TCP (RFC 2326 section 10.12) with an MPEG-TS payload. */

import { once } from 'node:events'
import * as net from 'node:net'

export type RtspServer = {
  readonly port: number
  readonly players: () => number
  close(): Promise<void>
}

const packetBytes = 7 * 188

/** Plays `transport` (an MPEG transport stream) again and again to whoever asks, about `bytesPerSecond`. */
export async function rtspServer(
  transport: Uint8Array,
  { port = 0, bytesPerSecond = 200_000 } = {},
): Promise<RtspServer> {
  let players = 0
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    let asked = ''
    let timer: NodeJS.Timeout | null = null
    socket.on('close', () => {
      sockets.delete(socket)
      if (timer !== null) clearInterval(timer)
    })
    socket.on('data', (data: Buffer) => {
      asked += data.toString('latin1')
      for (let end = asked.indexOf('\r\n\r\n'); end >= 0; end = asked.indexOf('\r\n\r\n')) {
        const head = asked.slice(0, end)
        asked = asked.slice(end + 4)
        const method = /([A-Z_]+) rtsp:/.exec(head)?.[1] ?? ''
        socket.write(answer(method, head))
        if (method === 'PLAY' && timer === null) {
          players += 1
          timer = play(socket, transport, bytesPerSecond)
        }
      }
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    players: () => players,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(method: string, head: string): string {
  const sequence = /^CSeq:\s*(\d+)/im.exec(head)?.[1] ?? '0'
  const lines = ['RTSP/1.0 200 OK', `CSeq: ${sequence}`, 'Session: 12345678']
  const sdp =
    'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=test\r\nt=0 0\r\nm=video 0 RTP/AVP 33\r\na=control:track\r\n'
  if (method === 'OPTIONS') lines.push('Public: DESCRIBE, SETUP, PLAY, TEARDOWN, OPTIONS')
  if (method === 'SETUP') lines.push('Transport: RTP/AVP/TCP;unicast;interleaved=0-1')
  if (method !== 'DESCRIBE') return `${lines.join('\r\n')}\r\n\r\n`
  lines.push('Content-Type: application/sdp', `Content-Length: ${sdp.length}`)
  return `${lines.join('\r\n')}\r\n\r\n${sdp}`
}

function play(socket: net.Socket, transport: Uint8Array, bytesPerSecond: number): NodeJS.Timeout {
  let at = 0
  let sequence = 0
  const everyMs = 20
  return setInterval(() => {
    for (let sent = 0; sent < (bytesPerSecond * everyMs) / 1000; sent += packetBytes) {
      const payload = transport.subarray(at, at + packetBytes)
      at = at + packetBytes >= transport.length ? 0 : at + packetBytes
      const head = Buffer.alloc(16)
      head.set([0x24, 0], 0)
      head.writeUInt16BE(12 + payload.length, 2)
      head.set([0x80, 33], 4)
      head.writeUInt16BE(sequence++ & 0xffff, 6)
      head.writeUInt32BE((sequence * 90) >>> 0, 8)
      head.writeUInt32BE(1, 12)
      socket.write(Buffer.concat([head, payload]))
    }
  }, everyMs)
}
