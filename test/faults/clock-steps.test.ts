/**
 * Clocks that step: the hub's by a day back and forth, a second before midnight and over the hour that
 * daylight saving takes away or gives twice; a lane's by days. Nothing is dropped, reordered in the log
 * or judged by a device's word, and what must be looked at is flagged.
 */

import { judgeClock, type ClockVerdict } from '@sallyport/core/clock'
import { fsck } from '@sallyport/store/fsck'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

const day = 86_400_000
/** Daylight saving ends in Chicago at 07:00 UTC of this day: 01:30 there happens twice. */
const begin = Date.parse('2026-11-01T06:30:00.000Z')
let clock = begin
let hub: TestHub
let device: TestDevice

beforeAll(async () => {
  hub = await startTestHub({ now: () => new Date(clock) })
  device = await enrolTestDevice(hub, 'in-1')
})
afterAll(() => hub.remove())

async function take(): Promise<{ crossing: string; index: number }> {
  const { bytes, manifest } = device.bundle()
  const answer = await deliver(hub, bytes)
  expect(answer.status, await answer.clone().text()).toBe(201)
  const { log_index } = (await answer.json()) as { log_index: number }
  return { crossing: manifest.crossing, index: log_index }
}

test('a day back, a day on, a second back over midnight: the log goes only forward, no sequence is odd', async () => {
  const steps = [
    0,
    -day,
    1_000,
    2 * day,
    -1,
    60 * 60_000,
    -2 * 60 * 60_000,
    17.5 * 60 * 60_000 - 1,
    1,
    -1,
  ]
  const taken = []
  for (const step of steps) {
    clock += step
    taken.push(await take())
  }
  const indexes = taken.map(({ index }) => index)
  expect(indexes).toEqual(indexes.toSorted((a, b) => a - b))
  expect(new Set(indexes).size).toBe(steps.length)
  const { db, vault, journal } = hub.hub.parts
  const alarms = await db.selectFrom('alarm').select('kind').execute()
  expect(alarms.map(({ kind }) => kind)).not.toContain('sequence_gap')
  const rows = await db.selectFrom('crossing').select(['clock', 'received_at']).execute()
  expect(new Set(rows.map(({ received_at: at }) => at.getTime())).size).toBeGreaterThan(5)
  expect((await fsck({ db, vault, log: journal.tiles, vkey: journal.vkey })).findings).toEqual([])
  clock = begin
})

test('a session lasts by the hub’s clock: a second before its end it holds, a second after it does not', async () => {
  const person = await hub.signIn(['auditor'])
  const { expires_at: until } = await hub.hub.parts.db
    .selectFrom('session')
    .select('expires_at')
    .orderBy('expires_at', 'desc')
    .executeTakeFirstOrThrow()
  clock = until.getTime() - 1_000
  expect((await person.request('/v1/openings')).status).toBe(200)
  clock = until.getTime() + 1_000
  expect((await person.request('/v1/openings')).status).toBe(401)
  clock = begin
})

test('the hour that happens twice: crossings of both stand apart, in the order of their receipt', async () => {
  clock = begin
  const first = await take()
  clock += 60 * 60_000
  const second = await take()
  const rows = await hub.hub.parts.db
    .selectFrom('crossing')
    .select(['id', 'received_at'])
    .where('id', 'in', [first.crossing, second.crossing])
    .orderBy('received_at')
    .execute()
  expect(rows.map(({ id }) => id)).toEqual([first.crossing, second.crossing])
  const zone = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Chicago', timeStyle: 'short' })
  const [early, late] = rows.map(({ received_at: at }) => zone.format(at))
  expect(early).toBe(late)
})

describe('a lane’s clock, as the hub last measured it', () => {
  const receivedAt = new Date(begin)
  test.each<[string, number | null, number, ClockVerdict]>([
    ['right', 0, 0, 'ok'],
    ['never measured', null, 0, 'ok'],
    ['five seconds ahead', -5_000, 0, 'ok'],
    ['a millisecond more', -5_001, 0, 'skewed'],
    ['five seconds behind', 5_000, 0, 'ok'],
    ['five minutes behind', 300_000, 0, 'skewed'],
    ['a millisecond more than five minutes', 300_001, 0, 'review'],
    ['a day ahead, found by its own capture', null, day, 'review'],
    ['a leap second ahead, by its capture', 0, 1_000, 'ok'],
    ['a capture that waited a month in the spool', 0, -30 * day, 'ok'],
  ])('%s', (_name, offsetMs, aheadMs, verdict) => {
    const capturedAt = new Date(receivedAt.getTime() + aheadMs)
    expect(judgeClock(offsetMs, capturedAt, receivedAt)).toBe(verdict)
  })
})
