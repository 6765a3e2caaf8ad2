/** Work at a lane: two people of the agency, a window, a signed word to the lane, and alarms when it is not kept. */

import { upkeep } from '@sallyport/hub/upkeep'
import { verifyDutyOrder } from '@sallyport/proof/maintenance-order'
import { verify } from '@sallyport/proof/node/ed25519'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { eventSigner, tell } from '../support/device-events.ts'
import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { findingsOf } from '../support/findings.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

type Person = Awaited<ReturnType<TestHub['signIn']>>
let now: Date
let hub: TestHub
let device: TestDevice
let writer: Person
let second: Person
beforeEach(async () => {
  now = new Date('2026-11-22T09:00:00.000Z')
  hub = await startTestHub({ now: () => now })
  device = await enrolTestDevice(hub, 'lane-1')
  writer = await hub.signIn(['supervisor'])
  second = await hub.signIn(['integrator'])
})
afterEach(() => hub.remove())

async function post(person: Person, where: string, body: object = {}) {
  const answer = await person.request(where, { method: 'POST', body: JSON.stringify(body) })
  const text = await answer.text()
  const said = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  return { status: answer.status, said, code: said['code'] }
}

async function order(change: object = {}): Promise<string> {
  const made = await post(writer, '/v1/maintenance', {
    ...{ lane: 'lane-1', number: 'WO-2026-114', technician: 'J. Doe', party: 'agency' },
    ...{ from: '2026-11-22T08:00:00Z', until: '2026-11-22T12:00:00Z' },
    ...change,
  })
  expect(made.status, JSON.stringify(made.said)).toBe(201)
  return String(made.said['order'])
}

const begin = (id: string, by = second) => post(by, `/v1/maintenance/${id}/beginning`)
const end = (id: string, by = second) => post(by, `/v1/maintenance/${id}/ending`)

async function duty() {
  const answer = await hub.request(`/v1/devices/${device.id}/duty`)
  const said = (await answer.json()) as { document: string; signature: string }
  const bytes = Buffer.from(said.document, 'base64')
  const signature = Buffer.from(said.signature, 'hex')
  const trusted = verifyDutyOrder(hub.hub.parts.keys.agency.publicKey, bytes, signature, verify)
  if (trusted.kind === 'refused') throw new Error(trusted.detail)
  return trusted.statement
}

async function alarms() {
  const { alarms: open } = (await (await second.request('/v1/alarms?open=true')).json()) as {
    alarms: { kind: string; count: number }[]
  }
  return open.map(({ kind }) => kind)
}

const findings = () => findingsOf(hub)

test('R6: an order alone changes nothing; a second person lets it begin, and the log has all three', async () => {
  const id = await order()
  expect((await duty()).kind).toBe('service')
  expect(await begin(id, writer)).toMatchObject({ status: 403, code: 'maintenance_own_order' })
  expect((await duty()).kind).toBe('service')
  expect((await begin(id)).status).toBe(204)
  expect(await duty()).toMatchObject({ kind: 'maintenance', order: id, device: device.id })
  expect(await begin(id)).toMatchObject({ status: 409, code: 'maintenance_not_now' })
  expect((await end(id, writer)).status).toBe(204)
  expect((await duty()).kind).toBe('service')
  expect(await end(id)).toMatchObject({ status: 409, code: 'maintenance_not_now' })
  const kinds: string[] = []
  for await (const { entry } of hub.hub.parts.journal.entries(0))
    if (entry.kind.startsWith('maintenance')) kinds.push(entry.kind)
  expect(kinds).toEqual(['maintenance_ordered', 'maintenance_begun', 'maintenance_over'])
  expect(await findings()).toEqual([])
})

test('R28: number and technician do not stand in the log', async () => {
  await begin(await order())
  const entries: unknown[] = []
  for await (const { entry } of hub.hub.parts.journal.entries(0)) entries.push(entry)
  expect(JSON.stringify(entries)).not.toMatch(/WO-2026-114|Doe/)
})

test.each([
  ['before its window', '2026-11-22T07:59:59.000Z'],
  ['after its window', '2026-11-22T12:00:00.000Z'],
])('work does not begin %s', async (_, time) => {
  now = new Date('2026-11-22T07:00:00.000Z')
  const id = await order()
  now = new Date(time)
  expect(await begin(id)).toMatchObject({ status: 409, code: 'maintenance_not_now' })
  expect((await duty()).kind).toBe('service')
})

test('two orders at one lane: the second waits for the end of the first', async () => {
  const [one, other] = [await order(), await order({ number: 'WO-2' })]
  const answers = await Promise.all([begin(one), begin(other)])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409])
  await end(one)
  await end(other)
  expect((await duty()).kind).toBe('service')
})

test('work that goes on past its time raises one alarm, and the lane stays as it is', async () => {
  const id = await order()
  await begin(id)
  await upkeep(hub.hub.parts, new Map())
  expect(await alarms()).not.toContain('maintenance_overrun')
  now = new Date('2026-11-22T12:00:01.000Z')
  for (let round = 0; round < 3; round += 1) await upkeep(hub.hub.parts, new Map())
  expect((await alarms()).filter((kind) => kind === 'maintenance_overrun')).toHaveLength(1)
  expect((await duty()).kind).toBe('maintenance')
})

test('R6: a lane that delivers what it took in maintenance is found out', async () => {
  await begin(await order())
  const sign = eventSigner(device, () => now)
  const { order: id } = (await duty()) as { order: string }
  await tell(hub, device.id, sign({ kind: 'maintenance_began', order: id }))
  // Taken before, delivered now.
  const early = device.bundle({
    change: (manifest) => ({ ...manifest, captured_at: '2026-11-22T08:59:00.000Z' }),
  })
  now = new Date('2026-11-22T09:05:00.000Z')
  expect((await deliver(hub, early.bytes)).status).toBe(201)
  await upkeep(hub.hub.parts, new Map())
  expect(await alarms()).not.toContain('capture_in_maintenance')
  expect((await deliver(hub, device.bundle().bytes)).status).toBe(201)
  await upkeep(hub.hub.parts, new Map())
  expect(await alarms()).toContain('capture_in_maintenance')
})

test.each([
  ['a lane that is not there', { lane: 'lane-9' }, 404, 'not_found'],
  ['a party that is not there', { party: 'nobody' }, 404, 'not_found'],
  ['no technician', { technician: '' }, 400, 'malformed_request'],
  ['a week', { until: '2026-11-29T08:00:00Z' }, 400, 'malformed_request'],
  ['an end before the beginning', { until: '2026-11-22T07:00:00Z' }, 400, 'malformed_request'],
])('a work order with %s is refused', async (_, change, status, code) => {
  const refused = await post(writer, '/v1/maintenance', {
    ...{ lane: 'lane-1', number: 'WO-1', technician: 'J. Doe', party: 'agency' },
    ...{ from: '2026-11-22T08:00:00Z', until: '2026-11-22T12:00:00Z' },
    ...change,
  })
  expect(refused).toMatchObject({ status, code })
})

test.each([['officer'], ['auditor'], ['privacy']] as const)(
  'a %s writes and begins no work order',
  async (role) => {
    const id = await order()
    const person = await hub.signIn([role])
    expect(await begin(id, person)).toMatchObject({ status: 403, code: 'role_missing' })
  },
)

test.each([
  ['the technician', sql`technician = 'Somebody Else'`],
  ['the end of its window', sql`ends_at = ends_at + interval '1 day'`],
  [
    'who let it begin',
    sql`begun_by = (select id from account where id not in (made_by, begun_by) limit 1)`,
  ],
])('fsck finds an order of which somebody changed %s', async (_, change) => {
  await hub.signIn(['auditor'])
  await begin(await order())
  await sql`update maintenance_order set ${change}`.execute(hub.hub.parts.db)
  expect(await findings()).toMatchObject([{ code: 'row_differs' }])
})
