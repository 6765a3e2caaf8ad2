/** A small RTSP camera on loopback: RTP over TCP (RFC 2326 section 10.12) with an MPEG-TS payload. */

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import * as net from 'node:net'

export type RtspServer = {
  readonly port: number
  readonly players: () => number
  close(): Promise<void>
}

const packetBytes = 7 * 188

export type RtspTrouble = {
  readonly port?: number
  readonly bytesPerSecond?: number
  /** Asked for by digest (RFC 2617); without it anybody may look. */
  readonly credential?: { readonly name: string; readonly password: string }
  /** The only stream there is; without it every path is one. */
  readonly path?: string
  /** Waits so long before each answer. */
  readonly answerMs?: number
  /** Agrees to play, and sends nothing. */
  readonly silent?: boolean
}

/** Plays `transport` (an MPEG transport stream) again and again to whoever asks, about `bytesPerSecond`. */
export async function rtspServer(
  transport: Uint8Array,
  trouble: RtspTrouble = {},
): Promise<RtspServer> {
  const { port = 0, bytesPerSecond = 200_000, answerMs = 0, silent = false } = trouble
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
        const said = refusal(method, head, trouble) ?? answer(method, head)
        setTimeout(() => socket.write(said), answerMs)
        if (method === 'PLAY' && timer === null && said.startsWith('RTSP/1.0 200')) {
          players += 1
          if (!silent) timer = play(socket, transport, bytesPerSecond)
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

function sequenceOf(head: string): string {
  return /^CSeq:\s*(\d+)/im.exec(head)?.[1] ?? '0'
}

/** Why it is not answered as asked; null where it is. */
function refusal(method: string, head: string, { credential, path }: RtspTrouble): string | null {
  const sequence = `CSeq: ${sequenceOf(head)}`
  if (method === 'OPTIONS') return null
  if (credential !== undefined && !knows(method, head, credential)) {
    const challenge = 'WWW-Authenticate: Digest realm="camera", nonce="0123abcd"'
    return `RTSP/1.0 401 Unauthorized\r\n${sequence}\r\n${challenge}\r\n\r\n`
  }
  if (path === undefined || head.split(' ')[1]?.includes(path) === true) return null
  return `RTSP/1.0 404 Not Found\r\n${sequence}\r\n\r\n`
}

function knows(
  method: string,
  head: string,
  { name, password }: NonNullable<RtspTrouble['credential']>,
): boolean {
  const field = (wanted: string): string =>
    new RegExp(`^Authorization: Digest .*\\b${wanted}="([^"]*)"`, 'im').exec(head)?.[1] ?? ''
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
  const [who, what] = [md5(`${name}:camera:${password}`), md5(`${method}:${field('uri')}`)]
  return field('response') === md5(`${who}:0123abcd:${what}`)
}

function answer(method: string, head: string): string {
  const sequence = sequenceOf(head)
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
