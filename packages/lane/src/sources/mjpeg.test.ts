import { once } from 'node:events'
import * as http from 'node:http'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { systemClock } from '../clock.ts'
import type { LaneEvent } from '../events.ts'
import { limits } from '../limits.ts'
import { openMjpeg } from './mjpeg.ts'
import type { Frame } from './source.ts'

let server: http.Server
let events: LaneEvent[]
let handler: http.RequestListener
let port = 0
let stopping: AbortController

beforeEach(async () => {
  events = []
  stopping = new AbortController()
  port = 0
  await listen()
})
afterEach(async () => {
  stopping.abort()
  await hangUp()
})

async function listen(): Promise<void> {
  server = http
    .createServer((request, response) => handler(request, response))
    .listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
}

async function hangUp(): Promise<void> {
  if (!server.listening) return
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}

function camera(userinfo = ''): AsyncIterator<Frame, unknown> {
  const opened = openMjpeg(`http://${userinfo}127.0.0.1:${port}/video`, {
    clock: systemClock,
    chance: () => 0,
    report: (event) => events.push(event),
  })
  if (opened.kind === 'refused') throw new Error(opened.detail)
  return opened.source.frames(stopping.signal)[Symbol.asyncIterator]()
}

/** Sends numbered parts until the connection closes. */
function streaming(first = 0): http.RequestListener {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=b' })
    let at = first
    const timer = setInterval(() => {
      const body = `picture ${at++}`
      response.write(
        `--b\r\nContent-Type: image/jpeg\r\nContent-Length: ${body.length}\r\n\r\n${body}\r\n`,
      )
    }, 20)
    response.on('close', () => clearInterval(timer))
  }
}

async function next(frames: AsyncIterator<Frame, unknown>): Promise<string> {
  const { value } = await frames.next()
  const { image } = value as Frame
  return image instanceof Uint8Array ? Buffer.from(image).toString() : 'pixels'
}

test('parts of a stream are frames; a reader that is slow gets the newest ones', async () => {
  handler = streaming()
  const frames = camera()
  expect(await next(frames)).toBe('picture 0')
  await new Promise((resolve) => setTimeout(resolve, 400))
  const later = Number((await next(frames)).split(' ')[1])
  expect(later).toBeGreaterThan(limits.framesWaitingMax + 1)
  expect(events).toContainEqual({ event: 'camera', state: 'ok', reason: '' })
})

test('a camera that goes away is reported, and used again when it comes back', async () => {
  handler = streaming(0)
  const frames = camera()
  await next(frames)
  await hangUp()
  handler = streaming(5_000)
  setTimeout(() => void listen(), 700)
  let shown = 0
  while (shown < 5_000) shown = Number((await next(frames)).split(' ')[1])
  expect(events.map((event) => event.event === 'camera' && event.state)).toEqual([
    'ok',
    'gone',
    'ok',
  ])
}, 20_000)

test('a camera that only gives single pictures is asked again and again', async () => {
  let asked = 0
  handler = (_, response) =>
    response.writeHead(200, { 'content-type': 'image/jpeg' }).end(`snapshot ${asked++}`)
  const frames = camera()
  expect([await next(frames), await next(frames), await next(frames)]).toEqual([
    'snapshot 0',
    'snapshot 1',
    'snapshot 2',
  ])
})

test('name and password are sent to the camera and not logged', async () => {
  let sent = ''
  handler = (request, response) => {
    sent = request.headers.authorization ?? ''
    streaming()(request, response)
  }
  await next(camera('viewer:p%40ss@'))
  expect(Buffer.from(sent.replace('Basic ', ''), 'base64').toString()).toBe('viewer:p@ss')
  expect(JSON.stringify(events)).not.toContain('p%40ss')
})

test.each([
  [
    'a web page',
    (response: http.ServerResponse) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    'not_motion_jpeg',
  ],
  [
    'a wrong password',
    (response: http.ServerResponse) => response.writeHead(401).end(),
    'status_401',
  ],
  [
    'an endless header',
    (response: http.ServerResponse) =>
      response
        .writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=b' })
        .end(Buffer.alloc(50_000, 'a')),
    'header_too_long',
  ],
  [
    'a stream that ends at once',
    (response: http.ServerResponse) =>
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=b' }).end(),
    'camera_closed',
  ],
])(
  '%s is a camera that is gone, and is asked again',
  async (_, answer, reason) => {
    let asked = 0
    handler = (request, response) => {
      asked += 1
      if (asked > 1) streaming()(request, response)
      else answer(response)
    }
    expect(await next(camera())).toContain('picture')
    expect(events[0]).toEqual({ event: 'camera', state: 'gone', reason })
  },
  20_000,
)

test('stopping ends the frames although the camera keeps sending', async () => {
  handler = streaming()
  const frames = camera()
  await next(frames)
  stopping.abort()
  let more = 0
  while (more < 20 && (await frames.next()).done !== true) more += 1
  expect(more).toBeLessThanOrEqual(limits.framesWaitingMax)
})

test('who stops listening closes the connection', async () => {
  let closed = false
  handler = (request, response) => {
    response.on('close', () => (closed = true))
    streaming()(request, response)
  }
  const frames = camera()
  await next(frames)
  await frames.return?.()
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(closed).toBe(true)
})
