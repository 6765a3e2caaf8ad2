/** Verdicts that lanes gave without the hub: kept as signed, in the log, over nobody's decision. */

import { newId } from '@sallyport/hub/ids'
import { endShift, startShift } from '@sallyport/store/accounts'
import { revokeDevice } from '@sallyport/store/lanes'
import { forgetWindow } from '@sallyport/store/window/steps'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { findingsOf } from '../support/findings.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { deliverLaneVerdict, madeLaneVerdict } from '../support/lane-verdict.ts'
import { passBy } from '../support/stays.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let hub: TestHub
let device: TestDevice
let other: TestDevice
let sue: Person
const now = new Date('2026-11-22T15:00:00Z')

beforeAll(async () => {
  hub = await startTestHub({ now: () => now })
  device = await enrolTestDevice(hub, 'in-1')
  other = await enrolTestDevice(hub, 'in-2')
  sue = await hub.signIn(['supervisor'])
})
afterAll(() => hub.remove())

const arrive = (plate: string) => passBy(hub, device, plate, now)
const deliver = (body: object) => deliverLaneVerdict(hub, device, body)
const made = (crossing: string, options: Parameters<typeof madeLaneVerdict>[2] = {}) =>
  madeLaneVerdict(device, crossing, { at: now, ...options })

async function windowOf(crossing: string) {
  return (await (await sue.request(`/v1/crossings/${crossing}/window`)).json()) as {
    standing: string
    seen: number
    steps: object[]
    beside: object[]
    opted_out: object | null
  }
}

async function say(crossing: string, body: object): Promise<number> {
  const answer = await sue.request(`/v1/crossings/${crossing}/window`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  return answer.status
}

const findings = async () => (await findingsOf(hub)).map(({ code }) => code)

test('what was said at the lane counts under the stated name, marked as such, and is taken once', async () => {
  const crossing = await arrive('LANE01')
  const body = made(crossing, { said: { says: 'referred', code: 'document', note: 'Torn page' } })
  const first = await deliver(body)
  expect(first).toMatchObject({ status: 201, place: 1 })
  expect(await deliver(body)).toEqual({ ...first, status: 200 })
  expect(await windowOf(crossing)).toMatchObject({
    standing: 'referred',
    seen: 1,
    beside: [],
    steps: [
      {
        kind: 'referred',
        code: 'document',
        note: 'Torn page',
        at: now.toISOString(),
        by: null,
        at_lane: { name: 'Ann Ruiz', arrived_at: now.toISOString() },
        log_index: first.log_index,
      },
    ],
  })
  const receipt = await hub.hub.parts.journal.receipt(first.log_index ?? -1)
  const entry = Buffer.from(receipt?.entry ?? []).toString()
  expect(entry).toContain('"kind":"lane_verdict"')
  expect(entry).not.toMatch(/Ruiz|Torn|document/)
})

test('whom the hub had on shift stands beside the stated name, also when the shift is over', async () => {
  const { db } = hub.hub.parts
  const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
  const shift = async (name: string, lane: string, [from, to]: readonly [number, number?]) => {
    const { id: account } = await db
      .insertInto('account')
      .values({ id: newId(), name, roles: ['officer'], created_at: now, disabled_at: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    await startShift(db, { account, lane, started_at: at(from) })
    if (to !== undefined) await endShift(db, account, at(to))
    return account
  }
  const moved = await shift('Bob Lee', 'in-1', [-60])
  await shift('Cy Left', 'in-1', [-90, -30])
  await shift('Di Yesterday', 'in-1', [-13 * 60])
  await shift('Eve Elsewhere', 'in-2', [-60])
  await startShift(db, { account: moved, lane: 'in-2', started_at: at(5) })

  const crossing = await arrive('LANE13')
  expect(await deliver(made(crossing))).toMatchObject({ status: 201 })
  const window = await windowOf(crossing)
  const onShift = { names: ['Bob Lee'], agrees: false }
  expect(window.steps).toMatchObject([{ at_lane: { name: 'Ann Ruiz', on_shift: onShift } }])

  const later = await arrive('LANE14')
  expect(await say(later, { says: 'admitted', seen: 0 })).toBe(201)
  const bob = made(later, { said: { says: 'referred', code: 'document', name: 'LEE Bob' } })
  expect(await deliver(bob)).toMatchObject({ status: 201, place: null })
  const { beside } = await windowOf(later)
  expect(beside).toMatchObject([{ name: 'LEE Bob', on_shift: { ...onShift, agrees: true } }])
})

test('a correction at the lane is a second step, and opting out drops the faces', async () => {
  const crossing = await arrive('LANE02')
  expect(await deliver(made(crossing))).toMatchObject({ place: 1 })
  const referred = { says: 'referred', code: 'declaration' } as const
  expect(await deliver(made(crossing, { said: referred }))).toMatchObject({ place: 2 })
  expect(await deliver(made(crossing, { said: { says: 'opted_out' } }))).toMatchObject({ place: 3 })
  const view = await windowOf(crossing)
  expect(view).toMatchObject({ standing: 'referred', seen: 3 })
  expect(view.opted_out).not.toBeNull()
  const { forgotten_at } = await hub.hub.parts.db
    .selectFrom('window_standing')
    .select('forgotten_at')
    .where('crossing', '=', crossing)
    .executeTakeFirstOrThrow()
  expect(forgotten_at).not.toBeNull()
  expect(await say(crossing, { says: 'admitted', seen: 3 })).toBe(201)
})

test('what was decided at the hub stays: the lane’s is shown beside it, with an alarm', async () => {
  const crossing = await arrive('LANE03')
  expect(await say(crossing, { says: 'admitted', seen: 0 })).toBe(201)
  const body = made(crossing, { said: { says: 'referred', code: 'document', note: 'No stamp' } })
  const first = await deliver(body)
  expect(first).toMatchObject({ status: 201, place: null })
  expect(await deliver(body)).toEqual({ ...first, status: 200 })
  expect(await windowOf(crossing)).toMatchObject({
    standing: 'admitted',
    seen: 1,
    steps: [{ kind: 'admitted', at_lane: null }],
    beside: [{ kind: 'referred', code: 'document', note: 'No stamp', name: 'Ann Ruiz' }],
  })
  const { alarms } = (await (await sue.request('/v1/alarms?open=true')).json()) as {
    alarms: { kind: string }[]
  }
  expect(alarms.map(({ kind }) => kind)).toContain('lane_verdict_conflict')
})

test('two verdicts on one crossing at one moment have two places or one of them comes again', async () => {
  const crossing = await arrive('LANE04')
  const bodies = [
    made(crossing),
    made(crossing, { said: { says: 'referred', code: 'other' } }),
    made(crossing, { said: { says: 'opted_out' } }),
  ]
  const answers = await Promise.all(bodies.map(deliver))
  for (const [at, { status }] of answers.entries())
    if (status !== 201) expect(await deliver(bodies[at] ?? {})).toMatchObject({ status: 201 })
  const { seen, steps, beside } = await windowOf(crossing)
  expect(steps).toHaveLength(seen)
  expect(steps.length + beside.length).toBe(3)
})

test.each([
  ['another key', { seed: new Uint8Array(32).fill(9) }, 403, 'bad_signature'],
  [
    'another lane',
    { change: (one: object) => ({ ...one, lane: 'in-2' }) as never },
    403,
    'wrong_lane',
  ],
  [
    'another name than the one signed for',
    { sealed: { name: 'Bob Lee' } },
    422,
    'body_hash_mismatch',
  ],
  ['a reason that is none', { said: { says: 'referred', code: 'ugly' } }, 400, 'malformed_request'],
  ['a referral without a reason', { said: { says: 'referred' } }, 400, 'malformed_request'],
  ['nobody’s name', { said: { name: ' ' } }, 400, 'malformed_request'],
  ['a word that only secondary has', { said: { says: 'closed' } }, 400, 'malformed_request'],
] as const)('%s is refused, and nothing is kept', async (_, options, status, code) => {
  const crossing = await arrive('LANE05')
  expect(await deliver(made(crossing, options as never))).toMatchObject({ status, code })
  expect(await windowOf(crossing)).toMatchObject({ seen: 0, beside: [] })
})

test('a crossing that is not here, one of another device, another day’s key: refused', async () => {
  const crossing = await arrive('LANE06')
  expect(await deliver(made('f'.repeat(32)))).toMatchObject({ status: 404, code: 'not_found' })
  const foreign = await passBy(hub, other, 'LANE07', now)
  expect(await deliver(made(foreign))).toMatchObject({ status: 403, code: 'wrong_lane' })
  const body = made(crossing)
  expect(await deliver({ ...body, epoch: { ...body.epoch, day: '2020-01-01' } })).toMatchObject({
    code: 'unknown_epoch',
  })
  expect(await deliver({ ...body, seal: 'AAAA' })).toMatchObject({ code: 'seal_not_for_epoch' })
})

test('a step that the log has and whose row a crash left pending counts at the next word', async () => {
  const crossing = await arrive('LANE08')
  const { db } = hub.hub.parts
  const body = made(crossing)
  const first = await deliver(body)
  await db.deleteFrom('window_standing').where('crossing', '=', crossing).execute()
  await db
    .updateTable('window_step')
    .set({ state: 'pending', log_index: null })
    .where('crossing', '=', crossing)
    .execute()
  await db
    .updateTable('lane_verdict')
    .set({ log_index: null })
    .where('crossing', '=', crossing)
    .execute()
  expect(await deliver(body)).toEqual({ ...first, status: 200 })
  expect(await windowOf(crossing)).toMatchObject({ standing: 'admitted' })
})

test('rows that the log never had are gone after a start, and the lane brings the verdict again', async () => {
  const crossing = await arrive('LANE09')
  const { db } = hub.hub.parts
  const body = made(crossing)
  const first = await deliver(body)
  const past = hub.hub.parts.journal.size()
  await db
    .updateTable('window_step')
    .set({ state: 'pending', log_index: null, log_from: past })
    .where('crossing', '=', crossing)
    .execute()
  await db
    .updateTable('lane_verdict')
    .set({ log_index: null, log_from: past })
    .where('crossing', '=', crossing)
    .execute()
  await db.deleteFrom('window_standing').where('crossing', '=', crossing).execute()
  await hub.restart()
  expect(await windowOf(crossing)).toMatchObject({ seen: 0 })
  const again = await deliver(body)
  expect(again).toMatchObject({ status: 201, place: 1 })
  expect(again.log_index).not.toBe(first.log_index)
})

test('fsck believes rows as they are, and finds a verdict of a lane that somebody changed', async () => {
  expect(await findings()).toEqual([])
  const { db } = hub.hub.parts
  await db
    .updateTable('lane_verdict')
    .set({ stated_name: 'Bob Lee' })
    .where('kind', '=', 'opted_out')
    .execute()
  await db
    .updateTable('window_step')
    .set({ code: 'other' })
    .where('code', '=', 'declaration')
    .execute()
  expect(new Set(await findings())).toEqual(new Set(['window_step_differs']))
})

test('when the reads of a crossing are shredded nothing of what the lane said is left', async () => {
  const { db } = hub.hub.parts
  const [one, two] = [await arrive('LANE11'), await arrive('LANE12')]
  await deliver(made(one, { said: { note: 'Torn page' } }))
  await say(two, { says: 'admitted', seen: 0 })
  await deliver(made(two))
  await db.transaction().execute((transaction) => forgetWindow(transaction, [one, two]))
  for (const table of ['lane_verdict', 'window_step', 'window_standing'] as const) {
    const left = await db.selectFrom(table).select('crossing').execute()
    expect(left.filter(({ crossing }) => [one, two].includes(crossing))).toEqual([])
  }
})

test('a revoked device says nothing any more', async () => {
  const crossing = await arrive('LANE10')
  await revokeDevice(hub.hub.parts.db, device.id, 'stolen', now)
  expect(await deliver(made(crossing))).toMatchObject({ status: 403, code: 'device_revoked' })
})
