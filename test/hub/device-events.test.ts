/** What a device says of itself stands in the log, raises an alarm and is shown; held back, it is missed. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { drivePluggedIn, eventSigner, tell } from '../support/device-events.ts'
import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { findingsOf } from '../support/findings.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let device: TestDevice
let sign: ReturnType<typeof eventSigner>
beforeEach(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'lane-1')
  sign = eventSigner(device)
})
afterEach(() => hub.remove())

async function read(path: string): Promise<Record<string, unknown>[]> {
  const person = await hub.signIn(['integrator'])
  const body = (await (await person.request(path)).json()) as Record<string, unknown>
  return Object.values(body).find(Array.isArray) as Record<string, unknown>[]
}

const findings = () => findingsOf(hub)

async function logged() {
  const found = []
  for await (const { entry } of hub.hub.parts.journal.entries(0))
    if (entry.kind === 'device_event' || entry.kind === 'alarm') found.push(entry)
  return found
}

test('R6: a drive at a lane is in the log before the answer, raises an alarm and is listed', async () => {
  const taken = await tell(hub, device.id, sign(drivePluggedIn))
  expect(taken).toMatchObject({ status: 201, body: { sequence: 1 } })
  const [event, alarm] = await logged()
  expect(event).toMatchObject({ device: device.id, sequence: 1, what: 'media_inserted' })
  expect(alarm).toMatchObject({ alarm_kind: 'media_inserted', device: device.id })
  expect(await read('/v1/alarms?open=true')).toMatchObject([
    { kind: 'media_inserted', lane: 'lane-1', detail: expect.stringContaining('575834314538') },
  ])
  expect(await read('/v1/device-events')).toMatchObject([
    {
      ...{ device: device.id, lane: 'lane-1', sequence: 1, kind: 'media_inserted' },
      ...{ alarm: 'media_inserted', log_index: taken.body['log_index'] },
      detail: expect.stringContaining('WD Elements 25A2, 2.0 TB'),
    },
  ])
  expect(await findings()).toEqual([])
})

test('R28: the entry names a hash; what the drive says of itself does not stand in the log', async () => {
  await tell(hub, device.id, sign(drivePluggedIn))
  const text = JSON.stringify(await logged())
  expect(text).not.toContain('575834314538')
  expect(text).not.toContain('Elements')
})

test('sent again because the answer was lost: the same answer, one row, one alarm', async () => {
  const event = sign(drivePluggedIn)
  const [first, ...again] = [
    await tell(hub, device.id, event),
    ...(await Promise.all([1, 2, 3].map(() => tell(hub, device.id, event)))),
  ]
  for (const { status, body } of again) {
    expect(status).toBe(200)
    expect(body).toEqual(first?.body)
  }
  expect(await read('/v1/device-events')).toHaveLength(1)
  expect(await read('/v1/alarms?open=true')).toMatchObject([{ count: 1 }])
})

test('delivered twice at the same moment it is one event', async () => {
  const event = sign(drivePluggedIn)
  const answers = await Promise.all([1, 2, 3, 4].map(() => tell(hub, device.id, event)))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
  expect((await logged()).filter(({ kind }) => kind === 'device_event')).toHaveLength(1)
})

test('a power cut at every lane at once: each boot is taken and alarmed', async () => {
  const others = []
  for (let lane = 2; lane <= 25; lane += 1) others.push(await enrolTestDevice(hub, `lane-${lane}`))
  const boot = { kind: 'boot', watched_until: '2026-11-22T08:00:00.000Z' } as const
  const answers = await Promise.all(
    [device, ...others].map((one) => tell(hub, one.id, eventSigner(one)(boot))),
  )
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
  expect(await read('/v1/alarms?open=true')).toHaveLength(25)
})

test('an event that is held back is missed when the next one comes', async () => {
  await tell(hub, device.id, sign({ kind: 'clock_step', step_ms: 5000 }))
  sign(drivePluggedIn)
  const next = sign({ kind: 'media_removed', seen: 'happened', drive: 'sdb', serial: '' })
  expect((await tell(hub, device.id, next)).status).toBe(201)
  const alarms = await read('/v1/alarms?open=true')
  expect(alarms.find(({ kind }) => kind === 'device_events_missing')).toMatchObject({
    detail: 'Events 2 to 2 never came.',
  })
})

test('two events under one number: the second is refused, and somebody is told', async () => {
  await tell(hub, device.id, sign(drivePluggedIn))
  const other = eventSigner(device)({ kind: 'clock_step', step_ms: -9000 })
  expect(await tell(hub, device.id, other)).toMatchObject({
    status: 409,
    body: { code: 'sequence_conflict', last_sequence: 1, last_sha256: expect.any(String) },
  })
  const kinds = (await read('/v1/alarms?open=true')).map(({ kind }) => kind)
  expect(kinds).toContain('device_events_missing')
  expect(await read('/v1/device-events')).toHaveLength(1)
})

test('a lane that lost its memory of events says so, and somebody is told', async () => {
  await tell(hub, device.id, sign({ kind: 'memory_lost', kept: 3, known: 7 }))
  expect((await read('/v1/alarms?open=true'))[0]).toMatchObject({
    kind: 'device_events_missing',
    detail: expect.stringContaining('it was at 3, and goes on after 7'),
  })
})

test('an event that another key signed, or of another device or lane, is not taken', async () => {
  const foreign = sign(drivePluggedIn, (same) => same, new Uint8Array(32).fill(9))
  expect(await tell(hub, device.id, foreign)).toMatchObject({ body: { code: 'bad_signature' } })
  const elsewhere = sign(drivePluggedIn, (statement) => ({ ...statement, lane: 'lane-2' }))
  expect(await tell(hub, device.id, elsewhere)).toMatchObject({
    body: { code: 'malformed_request' },
  })
  const other = await enrolTestDevice(hub, 'lane-2')
  expect(await tell(hub, other.id, sign(drivePluggedIn))).toMatchObject({
    body: { code: 'bad_signature' },
  })
  expect(await read('/v1/device-events')).toEqual([])
})

test('a contractor sees no events of devices', async () => {
  expect((await hub.request('/v1/device-events')).status).toBe(401)
})

test.each([
  ['its kind', sql`kind = 'clock_step'`],
  ['its time', sql`observed_at = observed_at - interval '1 day'`],
  [
    'its statement',
    sql`statement = convert_to(replace(convert_from(statement, 'utf8'), 'WD', 'ZZ'), 'utf8')`,
  ],
  ['the device it is of', sql`device = (select id from device where lane = 'lane-2')`],
])('fsck finds a row of which somebody changed %s', async (_, change) => {
  await enrolTestDevice(hub, 'lane-2')
  await tell(hub, device.id, sign(drivePluggedIn))
  await sql`update device_event set ${change}`.execute(hub.hub.parts.db)
  expect(await findings()).toMatchObject([{ code: 'row_differs' }])
})
