/** A webhook's receiver on loopback that answers as it is told and remembers what came. */

import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'
import * as http from 'node:http'

export type Received = {
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
  readonly event: {
    readonly id: string
    readonly type: string
    readonly data: Readonly<Record<string, unknown>>
  } & Readonly<Record<string, unknown>>
}

export type Receiver = {
  readonly url: string
  readonly received: Received[]
  /** How the next requests are answered; 204 unless told otherwise. */
  answer: (request: Received, response: http.ServerResponse) => void
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const one: Received = {
        path: request.url ?? '',
        headers: request.headers,
        body,
        event: JSON.parse(body.toString('utf8')) as Received['event'],
      }
      receiver.received.push(one)
      receiver.answer(one, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address !== 'object') throw new Error('it listens')
  const receiver: Receiver = {
    url: `http://127.0.0.1:${address.port}/hook`,
    received: [],
    answer: (_request, response) => response.writeHead(204).end(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}

/** What a receiver does by Standard Webhooks, written from its text and not from our code. */
export function isAuthentic(
  { headers, body }: Pick<Received, 'headers' | 'body'>,
  key: string,
  now: Date,
): boolean {
  const header = (name: string) => String(headers[name] ?? '')
  const seconds = Number(header('webhook-timestamp'))
  if (!(Math.abs(now.getTime() / 1000 - seconds) <= 300)) return false
  const signed = Buffer.concat([
    Buffer.from(`${header('webhook-id')}.${header('webhook-timestamp')}.`),
    body,
  ])
  const [, kind, secret = ''] = /^(whsec|whpk)_(.+)$/.exec(key) ?? []
  return header('webhook-signature')
    .split(' ')
    .some((one) => {
      const [version, text = ''] = one.split(',')
      const signature = Buffer.from(text, 'base64')
      if (kind === 'whsec' && version === 'v1') {
        const expected = createHmac('sha256', Buffer.from(secret, 'base64')).update(signed).digest()
        return signature.length === expected.length && timingSafeEqual(signature, expected)
      }
      if (kind !== 'whpk' || version !== 'v1a') return false
      const spki = Buffer.concat([
        Buffer.from('302a300506032b6570032100', 'hex'),
        Buffer.from(secret, 'base64'),
      ])
      return verify(
        null,
        signed,
        createPublicKey({ key: spki, format: 'der', type: 'spki' }),
        signature,
      )
    })
}
