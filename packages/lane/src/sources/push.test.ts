import * as net from 'node:net'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { systemClock } from '../clock.ts'
import { limits } from '../limits.ts'
import { openPush } from './push.ts'
import type { Frame, FrameOutcome, FrameSource } from './source.ts'

const token = 'the-token-of-this-lane'
let source: FrameSource
let stopping: AbortController
let outcome: FrameOutcome | null
let seen: Frame[]
let running: Promise<void>

beforeEach(async () => {
  stopping = new AbortController()
  seen = []
  outcome = { kind: 'spooled', crossing: 'c'.repeat(32), sequence: 4 }
  const opened = await openPush({ port: 0, token }, systemClock)
  if (opened.kind === 'refused') throw new Error(opened.detail)
  source = opened.source
  running = (async () => {
    for await (const frame of source.frames(stopping.signal)) {
      seen.push(frame)
      if (outcome !== null) frame.answer?.(outcome)
    }
  })()
})
afterEach(async () => {
  stopping.abort()
  await running
})

const url = (path = '/v1/pictures'): string =>
  `http://127.0.0.1:${source.name.split(':')[1]}${path}`
const headers = { authorization: `Bearer ${token}`, 'content-type': 'image/jpeg' }

async function post(
  init: RequestInit = {},
  path?: string,
): Promise<{ status: number; body: Record<string, unknown>; type: string | null }> {
  const response = await fetch(url(path), { method: 'POST', headers, body: 'picture', ...init })
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    type: response.headers.get('content-type'),
  }
}

test('a pushed picture is a pass of its own, and the answer names its crossing', async () => {
  expect(await post()).toMatchObject({
    status: 201,
    body: { crossing: 'c'.repeat(32), sequence: 4 },
  })
  expect(seen).toHaveLength(1)
  expect(seen[0]?.pass).toBe('whole')
})

test.each([
  ['no token', { headers: { 'content-type': 'image/jpeg' } }, 401, 'wrong_token'],
  [
    'a wrong token',
    { headers: { ...headers, authorization: 'Bearer the-token-of-this-lanf' } },
    401,
    'wrong_token',
  ],
  [
    'a form',
    { headers: { ...headers, 'content-type': 'multipart/form-data; boundary=x' } },
    415,
    'unsupported_media_type',
  ],
  ['no body', { body: '' }, 400, 'empty_body'],
  ['too many bytes', { body: new Uint8Array(limits.pictureBytesMax + 1) }, 413, 'too_many_bytes'],
  ['another method', { method: 'PUT' }, 405, 'method_not_allowed'],
])('%s is refused as a problem', async (_, init, status, code) => {
  const answer = await post(init as RequestInit)
  expect(answer).toMatchObject({ status, body: { code, status }, type: 'application/problem+json' })
  expect(seen).toEqual([])
})

test('another path is not found, with or without the token', async () => {
  expect(await post({}, '/v1/picturesx')).toMatchObject({ status: 404 })
})

test.each([
  [{ kind: 'refused', code: 'not_a_picture', detail: 'It is none.' }, 422, 'not_a_picture'],
  [{ kind: 'dropped', code: 'spool_full' }, 503, 'spool_full'],
  [{ kind: 'dropped', code: 'no_epoch' }, 503, 'no_epoch'],
] as const)('what became of the picture is the answer: %o', async (became, status, code) => {
  outcome = became
  expect(await post()).toMatchObject({ status, body: { code } })
})

test('when too many pictures wait the next one is told to come back', async () => {
  stopping.abort()
  await running
  const opened = await openPush({ port: 0, token }, systemClock)
  if (opened.kind === 'refused') throw new Error(opened.detail)
  source = opened.source
  // Nobody takes frames, so they wait.
  const waiting = Array.from({ length: limits.pushesWaitingMax }, () => post().catch(() => null))
  await new Promise((resolve) => setTimeout(resolve, 300))
  const refused = await fetch(url(), { method: 'POST', headers, body: 'picture' })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
  stopping = new AbortController()
  running = (async () => {
    for await (const frame of source.frames(stopping.signal))
      frame.answer?.({ kind: 'dropped', code: 'failed' })
  })()
  await Promise.all(waiting)
})

test('a body that says less than it sends, or comes without a length, is held to the limit', async () => {
  const socket = net.connect(Number(source.name.split(':')[1]), '127.0.0.1')
  const answer = new Promise<string>((resolve) => {
    let text = ''
    socket.on('data', (data: Buffer) => (text += data.toString()))
    socket.on('close', () => resolve(text))
    socket.on('error', () => resolve(text))
  })
  socket.write(
    `POST /v1/pictures HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: image/jpeg\r\ntransfer-encoding: chunked\r\n\r\n`,
  )
  const chunk = Buffer.alloc(1024 * 1024)
  for (let at = 0; at < 20 && !socket.destroyed; at++) {
    socket.write(`${chunk.length.toString(16)}\r\n`)
    socket.write(chunk)
    socket.write('\r\n')
  }
  expect(await answer).toMatch(/^HTTP\/1.1 413|^$/)
  expect(seen).toEqual([])
  expect(await post()).toMatchObject({ status: 201 })
}, 20_000)

test('a port that is taken is refused by name', async () => {
  const port = Number(source.name.split(':')[1])
  expect(await openPush({ port, token }, systemClock)).toMatchObject({
    kind: 'refused',
    code: 'port_in_use',
  })
})
