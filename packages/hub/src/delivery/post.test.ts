/** Receivers that misbehave, on loopback. */

import * as http from 'node:http'
import { createServer, type Socket } from 'node:net'

import { afterEach, expect, test } from 'vitest'

import { post } from './post.ts'
import { ranges } from './targets.ts'

const loopback = ranges(['127.0.0.1'])
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function listen(server: http.Server | ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.close()
    if (server instanceof http.Server) server.closeAllConnections()
  })
  const address = server.address()
  if (address === null || typeof address !== 'object') throw new Error('it listens')
  return address.port
}

async function receiver(answer: http.RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(http.createServer(answer))}/hook`
}

const message = (url: string) => ({ url, body: Buffer.from('{}'), headers: { 'webhook-id': 'x' } })
const send = (url: string, options = {}) =>
  post(message(url), { allowed: loopback, msMax: 400, ...options })

test.each([200, 204, 299])('%i is delivered', async (status) => {
  expect(await send(await receiver((_, response) => response.writeHead(status).end()))).toEqual({
    kind: 'delivered',
  })
})

test.each([400, 401, 404, 429, 500, 502, 599])('%i is a failure', async (status) => {
  const url = await receiver((_, response) =>
    response.writeHead(status, { 'retry-after': '7' }).end('x'),
  )
  expect(await send(url)).toEqual({
    kind: 'failed',
    reason: `status_${status}`,
    retryAfterSeconds: 7,
  })
})

test('410 says that it wants no more', async () => {
  expect(await send(await receiver((_, response) => response.writeHead(410).end()))).toMatchObject({
    kind: 'gone',
  })
})

test('a redirect to a private address is not followed, nor any other', async () => {
  let inside = 0
  const secret = await receiver((_, response) => {
    inside += 1
    response.end()
  })
  for (const status of [301, 302, 303, 307, 308]) {
    const url = await receiver((_, response) =>
      response.writeHead(status, { location: secret }).end(),
    )
    expect(await send(url)).toMatchObject({ kind: 'failed', reason: `status_${status}` })
  }
  expect(inside).toBe(0)
})

test('a name that was public yesterday and leads inside today is not connected to', async () => {
  let inside = 0
  const server = createServer(() => (inside += 1))
  const port = await listen(server)
  const attempt = await post(message(`https://hooks.example:${port}/`), {
    allowed: ranges([]),
    resolve: () => Promise.resolve(['127.0.0.1']),
    msMax: 400,
  })
  expect([attempt, inside]).toEqual([
    { kind: 'failed', reason: 'target_not_allowed', retryAfterSeconds: null },
    0,
  ])
})

test('the address that was checked is connected to, and the name stays in the request', async () => {
  let host = ''
  const url = new URL(
    await receiver((request, response) => {
      host = request.headers.host ?? ''
      response.end()
    }),
  )
  let asked = 0
  const attempt = await send(`http://barrier.example:${url.port}/`, {
    resolve: () => {
      asked += 1
      return Promise.resolve(['127.0.0.1'])
    },
  })
  expect([attempt.kind, host, asked]).toEqual(['delivered', `barrier.example:${url.port}`, 1])
})

test('one that answers nothing, half a head or for ever ends in time', async () => {
  const sockets = new Set<Socket>()
  closers.push(() => sockets.forEach((socket) => socket.destroy()))
  const silent = await listen(createServer((socket) => void sockets.add(socket)))
  const half = await listen(
    createServer((socket) => {
      sockets.add(socket)
      socket.write('HTTP/1.1 200 OK\r\nx-')
    }),
  )
  for (const port of [silent, half])
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ reason: 'timeout' })
  const endless = await receiver((_, response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1)
    response.on('close', () => clearInterval(timer))
  })
  expect(await send(endless)).toEqual({ kind: 'delivered' })
})

test('one that is not there, hangs up or speaks another language is a failure with a name', async () => {
  const rude = await listen(createServer((socket) => socket.destroy()))
  const other = await listen(createServer((socket) => socket.end('220 mail ready\r\n')))
  for (const port of [rude, other, 1]) {
    const attempt = await send(`http://127.0.0.1:${port}/`)
    expect(attempt.kind).toBe('failed')
    expect(attempt.kind === 'failed' && attempt.reason).toMatch(/^[a-z_]+$/)
  }
})
