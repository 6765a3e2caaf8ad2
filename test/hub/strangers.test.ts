/** What a hub takes from strangers on the network: nothing. */

import http from 'node:http'

import { roles } from '@sallyport/core/opening'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let everybody: Person
let capture: string

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  const { bytes, manifest } = (await enrolTestDevice(hub, 'in-1')).bundle()
  expect((await deliver(hub, bytes)).status).toBe(201)
  capture = manifest.bodies[0]?.id ?? ''
  everybody = await hub.signIn([...roles])
})
afterAll(() => hub.remove())

/** A request whose path and headers go out exactly as written; resolves with status and text. */
function raw(
  method: string,
  path: string,
  headers: http.OutgoingHttpHeaders = {},
  body: string | null = null,
): Promise<{ status: number; text: string; headers: http.IncomingHttpHeaders }> {
  const { port } = new URL(hub.origin)
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
      answer.on('end', () => {
        request.destroy()
        resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers })
      })
    })
    request.on('error', reject)
    if (body === null) request.flushHeaders()
    else request.end(body)
    if (body === null && method === 'GET') request.end()
  })
}

describe('strangers', () => {
  const json = { 'content-type': 'application/json' }

  test.each(['evil.example', 'evil.example:8080', '127.0.0.1.evil.example', 'localhost:1'])(
    'a page that points its own name at the hub is turned away: Host %s',
    async (host) => {
      const { status, text } = await raw('GET', '/v1/session', { host })
      expect([status, text]).toEqual([421, expect.stringContaining('misdirected')])
    },
  )

  test.each(['localhost', '127.0.0.1', '[::1]'])('this machine is %s', async (name) => {
    const { status } = await raw('GET', '/healthz', { host: `${name}:${new URL(hub.origin).port}` })
    expect(status).toBe(200)
  })

  test.each([
    'http://evil.example',
    'https://localhost.evil.example',
    'null',
    'http://localhost:1',
  ])('a page of another origin (%s) changes nothing', async (origin) => {
    const answer = await everybody.request('/v1/shift', {
      method: 'PUT',
      body: '{"lane":"in-1"}',
      headers: { origin },
    })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'foreign_origin' })
  })

  test('a page of the console’s own origin does', async () => {
    const answer = await everybody.request('/v1/shift', {
      method: 'PUT',
      body: '{"lane":"in-1"}',
      headers: { origin: hub.origin },
    })
    expect(answer.status).toBe(200)
  })

  test('no other site is allowed to read an answer', async () => {
    for (const method of ['OPTIONS', 'GET']) {
      const { headers } = await raw(method, '/v1/session', {
        host: new URL(hub.origin).host,
        origin: 'http://evil.example',
        'access-control-request-method': 'POST',
        'content-length': 0,
      })
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
  ])('a body that a form could send (%s) is not taken', async (type) => {
    const answer = await everybody.request('/v1/shift', {
      method: 'PUT',
      body: '{"lane":"in-1"}',
      headers: { 'content-type': type },
    })
    expect(answer.status).toBe(415)
  })

  test.each<[string, string, () => string]>([
    ['PUT', '/v1/shift', () => '/v1/shift'],
    ['POST', '/v1/captures/{capture}/openings', () => `/v1/captures/${capture}/openings`],
    ['POST', '/v1/session/link', () => '/v1/session/link'],
    ['POST', '/v1/devices/enrol', () => '/v1/devices/enrol'],
  ])('%s %s without a body is not understood', async (method, _path, address) => {
    const bare = await everybody.request(address(), { method })
    expect(bare.status).toBe(400)
    const typed = await everybody.request(address(), { method, headers: json })
    expect(typed.status).toBe(400)
  })

  test.each([
    ['/v1/session/link', 64 * 1024 + 1, 'request_too_large'],
    ['/v1/bundles', 24 * 1024 * 1024 + 1, 'bundle_too_large'],
  ])('%s is refused by its announced length before a byte is read', async (path, length, code) => {
    const { status, text } = await raw('POST', path, {
      ...json,
      host: new URL(hub.origin).host,
      'content-length': length,
    })
    expect([status, text]).toEqual([413, expect.stringContaining(code)])
  })

  test('a body of unannounced length is refused', async () => {
    const { status, text } = await raw('POST', '/v1/session/link', {
      ...json,
      host: new URL(hub.origin).host,
      'transfer-encoding': 'chunked',
    })
    expect([status, text]).toEqual([413, expect.stringContaining('request_too_large')])
  })
})

describe('nothing but the log is below /log, and nothing but the console below /', () => {
  test.each([
    '/log/../keys/agency.key',
    '/log/%2e%2e/keys/agency.key',
    '/log/..%2fkeys%2fagency.key',
    '/log/tile/../../keys/agency.key',
    '/log/tile/0/../../../keys/log.key',
    '/log/tile/entries/..%2f..%2f..%2fkeys%2flog.key',
    '/log//etc/passwd',
    '/log/tile/0/000%00',
    '/log/.lock',
    '/log/checkpoint/../../keys/log.key',
    '/keys/log.key',
    '/../../../../../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
  ])('%s', async (path) => {
    const host = new URL(hub.origin).host
    // An address of the console that it does not know shows its front page.
    const { text: console } = await raw('GET', '/', { host })
    expect(console).toMatch(/^<!doctype html>/)
    const { status, text } = await raw('GET', path, { host })
    if (status === 404) expect(text).toMatch(/^\{"type":"urn:sallyport:problem:not_found"/)
    else expect([status, text]).toEqual([200, console])
  })

  test('what the log publishes is there for anybody, and tiles may be kept for ever', async () => {
    const host = new URL(hub.origin).host
    const checkpoint = await raw('GET', '/log/checkpoint', { host })
    expect(checkpoint.status).toBe(200)
    expect(checkpoint.headers).toMatchObject({
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
    })
    const size = Number(checkpoint.text.split('\n')[1])
    const tile = await raw('GET', `/log/tile/entries/000.p/${size}`, { host })
    expect(tile.status).toBe(200)
    expect(tile.headers['cache-control']).toMatch(/immutable/)
    expect((await raw('GET', `/log/tile/entries/000.p/${size + 1}`, { host })).status).toBe(404)
  })
})
