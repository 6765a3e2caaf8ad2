/** The API is what its document says, field by field. */

import { z } from '@hono/zod-openapi'
import { roles } from '@sallyport/core/opening'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { sendHeartbeat } from '../support/heartbeat.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let device: TestDevice
let everybody: Person
let crossing: string
let capture: string

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  await enrolTestDevice(hub, 'in-2')
  const { bytes, manifest } = device.bundle({ plate: 'ABC123' })
  expect((await deliver(hub, bytes)).status).toBe(201)
  await deliver(hub, device.bundle({ reads: Buffer.from('{"nonsense":true}') }).bytes)
  await sendHeartbeat(hub, device, { camera: 'gone' })
  crossing = manifest.crossing
  capture = manifest.bodies[0]?.id ?? ''
  everybody = await hub.signIn([...roles])
})
afterAll(() => hub.remove())

type Operation = {
  readonly summary?: string
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly responses: Readonly<Record<string, unknown>>
}
type Document = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}

async function readDocument(): Promise<Document> {
  const answer = await hub.request('/openapi.json')
  expect(answer.status).toBe(200)
  return (await answer.json()) as Document
}

describe('the OpenAPI document', () => {
  test('is 3.1, public, and every reference in it leads somewhere', async () => {
    const document = await readDocument()
    expect(document.openapi).toBe('3.1.0')
    const references = [
      ...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g),
    ]
    expect(references.length).toBeGreaterThan(10)
    for (const [, name = ''] of references) expect(document.components.schemas).toHaveProperty(name)
  })

  test('lists every route below /v1, and none that is not there', async () => {
    const { paths } = await readDocument()
    const listed = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const served = hub.hub.app.routes
      .filter(({ path, method }) => path.startsWith('/v1/') && method !== 'ALL')
      .map(({ path, method }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    // Clients of Plate Recognizer ask with and without the slash at the end; one of them is listed.
    const twins = new Set(served.filter((route) => served.includes(`${route}/`)))
    expect(new Set(listed)).toEqual(new Set(served.filter((route) => !twins.has(route))))
  })

  test('says of every operation what it does, what it takes and how it refuses', async () => {
    const { paths } = await readDocument()
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const about = `${method} ${path}`
        expect(operation.summary?.length ?? 0, about).toBeGreaterThan(5)
        expect(Object.keys(operation.responses), about).toContain('default')
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
        const declared = (operation.parameters ?? []).filter((one) => one.in === 'path')
        expect(
          declared.map(({ name }) => name),
          about,
        ).toEqual(named)
      }
    }
  })
})

/** The schema that the document gives for an answer of a route. */
function schemaOf(method: string, path: string, status: number): z.ZodType {
  for (const definition of hub.hub.app.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue
    const { route } = definition
    if (route.method !== method || route.path !== path) continue
    const response: unknown = route.responses[status]
    const content =
      typeof response === 'object' && response !== null && 'content' in response
        ? (response.content as Record<string, { schema: z.ZodType }>)
        : {}
    const schema = content['application/json']?.schema
    if (schema !== undefined) return schema
  }
  throw new Error(`the document has no ${status} of ${method} ${path}`)
}

/** The body is what the schema says, with nothing that it does not say. */
function expectFits(body: unknown, schema: z.ZodType): void {
  const parsed = schema.safeParse(body)
  expect(parsed.error?.issues ?? []).toEqual([])
  expect(body).toEqual(parsed.data)
}

describe('answers are what the document says, field by field', () => {
  test.each<[string, () => string]>([
    ['/v1/session', () => '/v1/session'],
    ['/v1/accounts', () => '/v1/accounts'],
    ['/v1/lanes', () => '/v1/lanes'],
    ['/v1/crossings', () => '/v1/crossings?limit=2'],
    ['/v1/crossings', () => '/v1/crossings?kind=unreadable'],
    ['/v1/crossings/{crossing}', () => `/v1/crossings/${crossing}`],
    ['/v1/openings', () => '/v1/openings'],
    ['/v1/log/receipts/{index}', () => '/v1/log/receipts/0'],
    ['/v1/alarms', () => '/v1/alarms'],
    ['/v1/alarms', () => '/v1/alarms?open=true'],
    ['/v1/figures', () => '/v1/figures'],
    ['/v1/ports/{port}/epochs', () => '/v1/ports/test-port/epochs'],
  ])('GET %s', async (path, address) => {
    // Something of every kind must be there to look at.
    const opened = await everybody.request(`/v1/captures/${capture}/openings`, {
      method: 'POST',
      body: JSON.stringify({ purpose: 'audit', note: 'contract' }),
    })
    expectFits(await opened.json(), schemaOf('post', '/v1/captures/{capture}/openings', 201))
    const answer = await everybody.request(address())
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const body: unknown = await answer.json()
    expectFits(body, schemaOf('get', path, 200))
    for (const [name, list] of Object.entries(body as object)) {
      // A plate read surely has no verdicts (reviews.test.ts looks at those).
      if (Array.isArray(list) && name !== 'verdicts') {
        expect(list.length, `${path} ${name}`).toBeGreaterThan(0)
      }
    }
  })

  test.each<[string, string, number, () => string, unknown]>([
    ['post', '/v1/lanes', 201, () => '/v1/lanes', { id: 'in-9', name: 'Nine', direction: 'in' }],
    ['post', '/v1/lanes/{lane}/enrolment-codes', 201, () => '/v1/lanes/in-1/enrolment-codes', {}],
    [
      'post',
      '/v1/invitations',
      201,
      () => '/v1/invitations',
      { name: 'Guest', roles: ['officer'] },
    ],
    ['put', '/v1/shift', 200, () => '/v1/shift', { lane: 'in-1' }],
  ])('%s %s', async (method, path, status, address, body) => {
    const answer = await everybody.request(address(), {
      method: method.toUpperCase(),
      body: JSON.stringify(body),
    })
    expect(answer.status, await answer.clone().text()).toBe(status)
    expectFits(await answer.json(), schemaOf(method, path, status))
  })

  test('every refusal is a problem document with a code of its own', async () => {
    const asks: [string, RequestInit, number, string][] = [
      ['/v1/crossings/ffffffffffffffffffffffffffffffff', {}, 404, 'not_found'],
      ['/v1/crossings/not-an-id', {}, 400, 'malformed_request'],
      ['/v1/crossings?limit=101', {}, 400, 'malformed_request'],
      ['/v1/crossings?limit=0', {}, 400, 'malformed_request'],
      ['/v1/crossings?cursor=abc', {}, 400, 'malformed_request'],
      ['/v1/crossings?plate=%25%27', {}, 400, 'malformed_request'],
      ['/v1/crossings?from=yesterday', {}, 400, 'malformed_request'],
      ['/v1/log/receipts/999999', {}, 404, 'not_found'],
      ['/v1/log/receipts/-1', {}, 400, 'malformed_request'],
      ['/v1/log/receipts/1.5', {}, 400, 'malformed_request'],
      ['/v1/ports/elsewhere/epochs', {}, 404, 'not_found'],
      ['/v1/nothing', {}, 404, 'not_found'],
      ['/v1/session/link', { method: 'POST', body: '{"token":"x"}' }, 401, 'link_not_valid'],
      ['/v1/session/link', { method: 'POST', body: '{"token":7}' }, 400, 'malformed_request'],
      ['/v1/session/link', { method: 'POST', body: '{"token":' }, 400, 'malformed_request'],
      [
        '/v1/lanes',
        { method: 'POST', body: '{"id":"../x","name":"X","direction":"in"}' },
        400,
        'malformed_request',
      ],
      [
        '/v1/lanes',
        { method: 'POST', body: '{"id":"in-1","name":"X","direction":"in"}' },
        409,
        'already_exists',
      ],
      ['/v1/shift', { method: 'PUT', body: '{"lane":"nowhere"}' }, 404, 'not_found'],
    ]
    for (const [address, init, status, code] of asks) {
      const answer = await everybody.request(address, init)
      const about = `${init.method ?? 'GET'} ${address} ${JSON.stringify(init.body ?? '')}`
      expect(answer.headers.get('content-type'), about).toBe('application/problem+json')
      const problem = (await answer.json()) as Record<string, unknown>
      expect(problem, about).toMatchObject({ status, code, type: `urn:sallyport:problem:${code}` })
      expect(answer.status, about).toBe(status)
      expect(String(problem['detail']).length, about).toBeGreaterThan(10)
    }
  })
})
