/** Incidents: reported without an account, known to those who need to, and cut off in one request. */

import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

type Body = Record<string, unknown>

let hub: TestHub
let device: TestDevice
let responder: Person
let inspector: Person

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  responder = await hub.signIn(['responder'])
  inspector = await hub.signIn(['auditor'])
})
afterAll(() => hub.remove())

async function send(
  person: Pick<Person, 'request'>,
  path: string,
  body: unknown = {},
  method = 'POST',
): Promise<{ readonly status: number; readonly body: Body }> {
  const answer = await person.request(path, { method, body: JSON.stringify(body) })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Body) }
}

async function idOf(person: Person): Promise<string> {
  const session = (await (await person.request('/v1/session')).json()) as {
    account: { id: string }
  }
  return session.account.id
}

async function open(person: Person, change: Body = {}): Promise<string> {
  const now = new Date().toISOString()
  const made = await send(person, '/v1/incidents', {
    title: 'Copies of a lane disk',
    suspected_at: now,
    known_at: now,
    ...change,
  })
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  return String(made.body['id'])
}

async function room(person: Person, incident: string): Promise<Body> {
  const answer = await person.request(`/v1/incidents/${incident}`)
  return { status: answer.status, ...((await answer.json()) as Body) }
}

function cut(person: Person, incident: string, cuts: readonly Body[]) {
  return send(person, `/v1/incidents/${incident}/containment`, { cuts })
}

const reported = {
  organisation: 'North Optics, subcontractor of Gate Works',
  contact: 'duty desk, +1 555 0100',
  suspected_at: '2026-05-13T09:00:00.000Z',
  what: 'A demand for money names pictures of lane in-1.',
}

test('a subcontractor without an account reaches the agency, and the clock begins when they knew', async () => {
  const taken = await send(hub, '/v1/reports', reported)
  expect(taken.status).toBe(201)
  expect(taken.body['receipt']).toMatch(/^R-[2-9A-Z]{5}-[2-9A-Z]{5}$/)
  const { incidents } = (await (await responder.request('/v1/incidents')).json()) as {
    incidents: Body[]
  }
  expect(incidents).toMatchObject([{ suspected_at: reported.suspected_at }])
  const found = await room(responder, String(incidents[0]?.['id']))
  expect(found['reports']).toMatchObject([{ receipt: taken.body['receipt'], what: reported.what }])
  const alarms = (await (await inspector.request('/v1/alarms?open=true')).json()) as {
    alarms: Body[]
  }
  expect(alarms.alarms).toMatchObject([{ kind: 'incident_reported' }])
  expect(JSON.stringify(alarms)).not.toContain('North Optics')
})

test('the log holds neither what was reported nor by whom', async () => {
  const { journal } = hub.hub.parts
  const kinds: string[] = []
  for await (const { entry } of journal.entries(0)) {
    kinds.push(entry.kind)
    expect(JSON.stringify(entry)).not.toMatch(/Optics|555 0100|money/)
  }
  expect(kinds).toContain('incident_reported')
})

test('a flood of reports is refused before it fills the rows, and a report from the future is', async () => {
  const late = { ...reported, suspected_at: new Date(Date.now() + 3_600_000).toISOString() }
  expect((await send(hub, '/v1/reports', late)).body).toMatchObject({ code: 'malformed_request' })
  let refused = 0
  for (let sent = 0; sent < 22; sent++)
    if ((await send(hub, '/v1/reports', reported)).status === 429) refused += 1
  expect(refused).toBe(3)
})

test('an incident is there for those who need to know and for the inspector, and for nobody else', async () => {
  const incident = await open(responder)
  const other = await hub.signIn(['responder'])
  expect(await room(responder, incident)).toMatchObject({ status: 200 })
  expect(await room(inspector, incident)).toMatchObject({ status: 200 })
  expect(await room(other, incident)).toMatchObject({ status: 404, code: 'not_found' })
  const member = `/v1/incidents/${incident}/members/${await idOf(other)}`
  expect((await send(responder, member, {}, 'PUT')).status).toBe(204)
  expect(await room(other, incident)).toMatchObject({ status: 200 })
})

test('an incident about the team that leads it: they are out at once, the inspector is not', async () => {
  const incident = await open(responder)
  const stated = await send(responder, '/v1/scopes', {
    suspicions: [{ kind: 'window' }],
    from: new Date(Date.now() - 86_400_000).toISOString(),
    to: new Date().toISOString(),
    why: 'first look',
    incident,
  })
  expect(stated.status, JSON.stringify(stated.body)).toBe(201)
  const about = `/v1/incidents/${incident}/about/${await idOf(responder)}`
  expect((await send(inspector, about, {}, 'PUT')).status).toBe(204)
  expect(await room(responder, incident)).toMatchObject({ status: 404 })
  const scope = String(stated.body['scope'])
  expect((await responder.request(`/v1/scopes/${scope}`)).status).toBe(404)
  expect((await responder.request(`/v1/scopes/${scope}/bundle`)).status).toBe(404)
  expect((await inspector.request(`/v1/scopes/${scope}`)).status).toBe(200)
  const list = (await (await responder.request('/v1/scopes')).json()) as { scopes: Body[] }
  expect(JSON.stringify(list)).not.toContain(scope)
  expect((await cut(responder, incident, [])).status).toBe(400)
  expect(await room(inspector, incident)).toMatchObject({ status: 200 })
})

test('a later version of a scope stays in the room of the first, and nobody outside gets one', async () => {
  const incident = await open(responder)
  const other = await hub.signIn(['responder'])
  const ask = {
    suspicions: [{ kind: 'window' }],
    from: new Date(Date.now() - 86_400_000).toISOString(),
    to: new Date().toISOString(),
    why: 'a look',
  }
  const first = await send(responder, '/v1/scopes', { ...ask, incident })
  const again = { ...ask, revises: first.body['scope'] }
  expect(await send(other, '/v1/scopes', again)).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
  const second = await send(responder, '/v1/scopes', again)
  expect(second).toMatchObject({ status: 201, body: { version: 2, incident } })
  expect((await other.request(`/v1/scopes/${String(second.body['scope'])}`)).status).toBe(404)
})

test('one request cuts off device, person, party and shredding, each confirmed by the part that obeys', async () => {
  const incident = await open(responder)
  await send(await hub.signIn(['supervisor']), '/v1/parties', {
    id: 'gate-works',
    kind: 'prime',
    parent: 'agency',
    name: 'Gate Works',
    contact: 'duty desk',
  })
  const suspect = await hub.signIn(['officer'])
  const target = await idOf(suspect)
  const done = await cut(responder, incident, [
    { act: 'account_disabled', target },
    { act: 'device_quarantined', target: device.id },
    { act: 'grants_suspended', target: 'gate-works' },
    { act: 'retention_frozen', target: 'test-port' },
    { act: 'device_quarantined', target: '0'.repeat(32) },
  ])
  expect(done.body['refused']).toMatchObject([{ code: 'not_found' }])
  const steps = done.body['steps'] as { id: string; act: string; effect: Body }[]
  expect(steps.map(({ effect }) => effect)).toMatchObject([
    { component: 'sign_in', confirmed: true },
    { component: 'intake', confirmed: true },
    { component: 'policy', confirmed: true },
    { component: 'retention', confirmed: true },
  ])
  expect((await suspect.request('/v1/session')).status).toBe(401)
  const { bytes } = device.bundle()
  expect((await deliver(hub, bytes)).status).toBe(503)
  expect(
    (await cut(responder, incident, [{ act: 'account_disabled', target }])).body,
  ).toMatchObject({
    steps: [],
    refused: [{ code: 'already_exists' }],
  })

  // A hub that starts again goes on with what is cut off.
  await hub.restart()
  expect((await deliver(hub, bytes)).status).toBe(503)

  for (const { id } of steps)
    expect((await send(responder, `/v1/containment/${id}/lifting`)).status).toBe(200)
  // What waited at the lane is taken; the person signs in again.
  expect((await deliver(hub, bytes)).status).toBe(201)
  expect((await suspect.request('/v1/session')).status).toBe(401)
  const { timeline } = await room(responder, incident)
  const kinds = (timeline as { kind: string }[]).map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'cut')).toHaveLength(4)
  expect(kinds.filter((kind) => kind === 'lifted')).toHaveLength(4)
})

test('nobody but an auditor gets rid of an auditor', async () => {
  const incident = await open(responder)
  const target = await idOf(inspector)
  expect(
    (await cut(responder, incident, [{ act: 'account_disabled', target }])).body,
  ).toMatchObject({
    steps: [],
    refused: [{ code: 'inspector_stays' }],
  })
  expect((await inspector.request('/v1/session')).status).toBe(200)
})

test('a key is not destroyed by one person, and what is declared lost cannot be taken back', async () => {
  const incident = await open(responder)
  const [day] = (await hub.hub.parts.epochs.kept()).map((kept) => kept.day)
  const done = await cut(responder, incident, [{ act: 'epoch_declared_lost', target: day }])
  // A day that is not over is not lost: lanes seal to its key.
  expect(done.body).toMatchObject({ steps: [], refused: [{ code: 'epoch_not_over' }] })
  expect((await hub.hub.parts.epochs.kept()).map((kept) => kept.day)).toContain(day)
})

test('notes and tasks stand in the order in which things happened', async () => {
  const incident = await open(responder)
  const path = `/v1/incidents/${incident}`
  await send(responder, `${path}/notes`, {
    text: 'Disk returned',
    happened_at: '2026-05-20T08:00:00Z',
  })
  await send(responder, `${path}/notes`, {
    text: 'Disk taken',
    happened_at: '2026-05-10T08:00:00Z',
  })
  const task = await send(responder, `${path}/tasks`, { what: 'Ask for the access list' })
  expect(
    (await send(responder, `${path}/tasks/${String(task.body['id'])}/completion`)).status,
  ).toBe(204)
  expect(
    (await send(responder, `${path}/tasks/${String(task.body['id'])}/completion`)).status,
  ).toBe(404)
  const { timeline, tasks } = await room(responder, incident)
  expect((timeline as { text: string }[]).slice(0, 2).map(({ text }) => text)).toEqual([
    'Disk taken',
    'Disk returned',
  ])
  expect(tasks).toMatchObject([
    { what: 'Ask for the access list', done_at: expect.any(String) as string },
  ])
})
