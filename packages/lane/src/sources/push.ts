/**
 * Single pictures over HTTP, for cameras and controllers that trigger by themselves. Each picture is
 * one pass; the answer comes when its crossing is sealed and on disk.
 */

import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import * as http from 'node:http'

import type { Clock } from '../clock.ts'
import { reasonOf } from '../events.ts'
import { limits } from '../limits.ts'
import { type Frame, type FrameOutcome, type OpenedSource, Latest, refuseSource } from './source.ts'

export type PushSettings = {
  readonly port: number
  /** Sent as `authorization: Bearer …`; at least 16 characters. */
  readonly token: string
}

type PushProblem =
  | 'wrong_token'
  | 'not_found'
  | 'method_not_allowed'
  | 'unsupported_media_type'
  | 'too_many_bytes'
  | 'empty_body'
  | 'busy'
  | 'answer_too_late'
  | FrameOutcomeCode
type FrameOutcomeCode = Extract<FrameOutcome, { readonly code: string }>['code']

const pictureTypes: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/tiff',
  'image/avif',
  'application/octet-stream',
])

/**
 * Listens on 127.0.0.1: `POST /v1/pictures` with the picture as body answers 201 `{crossing,
 * sequence}` or a problem document. The server stops when the iteration ends.
 */
export async function openPush(settings: PushSettings, clock: Clock): Promise<OpenedSource> {
  const queue = new Latest<Frame>(limits.pushesWaitingMax)
  const server = http.createServer(
    { requestTimeout: limits.pushBodyMsMax },
    (request, response) => {
      handle(request, response, { token: settings.token, queue, clock }).catch(() =>
        response.destroy(),
      )
    },
  )
  server.maxConnections = 32
  try {
    server.listen(settings.port, '127.0.0.1')
    await once(server, 'listening')
  } catch (error) {
    return refuseSource(
      'port_in_use',
      `Port ${settings.port} cannot be used (${reasonOf(error)}). End what uses it, or choose another with --source push:PORT.`,
    )
  }
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : settings.port

  async function* frames(signal: AbortSignal): AsyncGenerator<Frame, void> {
    const stop = (): void => queue.end()
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    try {
      yield* queue
    } finally {
      signal.removeEventListener('abort', stop)
      server.close()
      server.closeAllConnections()
    }
  }
  return { kind: 'source', source: { kind: 'photographs', name: `push:${port}`, frames } }
}

type Desk = { readonly token: string; readonly queue: Latest<Frame>; readonly clock: Clock }

async function handle(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { token, queue, clock }: Desk,
): Promise<void> {
  const refusal = refusalOf(request, token)
  if (refusal !== null) return problem(response, ...refusal)
  if (queue.waiting >= limits.pushesWaitingMax) {
    response.setHeader('retry-after', '1')
    return problem(response, 429, 'busy', 'Other pictures are waiting.')
  }
  const image = await readBody(request)
  if (image === null) {
    return problem(
      response,
      413,
      'too_many_bytes',
      `At most ${limits.pictureBytesMax} bytes are taken.`,
    )
  }
  if (image.length === 0)
    return problem(response, 400, 'empty_body', 'The request carries no picture.')
  if (queue.waiting >= limits.pushesWaitingMax) {
    response.setHeader('retry-after', '1')
    return problem(response, 429, 'busy', 'Other pictures are waiting.')
  }
  const outcome = await new Promise<FrameOutcome | null>((resolve) => {
    const late = setTimeout(() => resolve(null), limits.pushAnswerMsMax)
    queue.push({
      image,
      takenAt: clock.now(),
      monotonicMs: clock.monotonicMs(),
      pass: 'whole',
      answer: (outcome) => {
        clearTimeout(late)
        resolve(outcome)
      },
    })
  })
  answer(response, outcome)
}

function refusalOf(
  request: http.IncomingMessage,
  token: string,
): readonly [number, PushProblem, string] | null {
  const { pathname } = new URL(request.url ?? '/', 'http://lane')
  if (pathname !== '/v1/pictures') return [404, 'not_found', 'Pictures are posted to /v1/pictures.']
  if (request.method !== 'POST') return [405, 'method_not_allowed', 'Pictures are posted.']
  if (!sameSecret(request.headers.authorization ?? '', `Bearer ${token}`)) {
    return [401, 'wrong_token', 'Send authorization: Bearer with the token of this lane.']
  }
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (!pictureTypes.has(type)) {
    return [415, 'unsupported_media_type', 'Send one picture, such as image/jpeg, as the body.']
  }
  if (Number(request.headers['content-length'] ?? 0) > limits.pictureBytesMax) {
    return [413, 'too_many_bytes', `At most ${limits.pictureBytesMax} bytes are taken.`]
  }
  return null
}

function sameSecret(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

async function readBody(request: http.IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limits.pictureBytesMax) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function answer(response: http.ServerResponse, outcome: FrameOutcome | null): void {
  if (outcome === null) {
    return problem(response, 504, 'answer_too_late', 'The picture is still being handled.')
  }
  switch (outcome.kind) {
    case 'spooled': {
      const { crossing, sequence } = outcome
      return send(response, 201, 'application/json', { crossing, sequence })
    }
    case 'held':
      return send(response, 202, 'application/json', { held: true })
    case 'refused':
      return problem(response, 422, outcome.code, outcome.detail)
    case 'dropped':
      return problem(
        response,
        503,
        outcome.code,
        outcome.code === 'in_maintenance'
          ? 'The lane is in maintenance: no picture is looked at or kept until the agency ends it.'
          : 'The picture could not be kept sealed and was dropped.',
      )
  }
}

function problem(
  response: http.ServerResponse,
  status: number,
  code: PushProblem,
  detail: string,
): void {
  // A body that was not read would keep the connection in a state that nobody can use again.
  response.setHeader('connection', 'close')
  const title = http.STATUS_CODES[status] ?? 'Problem'
  send(response, status, 'application/problem+json', {
    type: 'about:blank',
    title,
    status,
    code,
    detail,
  })
}

function send(response: http.ServerResponse, status: number, type: string, body: object): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
}
