/** A hub that died between a row and its log entry: what the next start makes of it. */

import { randomBytes } from 'node:crypto'

import { createAlarms } from '@sallyport/hub/alarms'
import { commit, parseEntry } from '@sallyport/proof/entry'
import { raiseAlarm } from '@sallyport/store/alarms'
import { fsck } from '@sallyport/store/fsck'
import { insertOpening } from '@sallyport/store/openings'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let device: TestDevice
beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
})
afterAll(() => hub.remove())

type Row = Parameters<typeof insertOpening>[1]

/** The row of an opening whose entry is not noted. */
async function unloggedOpening(change: Partial<Row>): Promise<Row> {
  const { parts } = hub.hub
  const { bytes, manifest } = device.bundle()
  expect((await deliver(hub, bytes)).status).toBe(201)
  const person = await hub.signIn(['supervisor'])
  const session = (await (await person.request('/v1/session')).json()) as {
    account: { id: string }
  }
  const row: Row = {
    id: randomBytes(16).toString('hex'),
    at: new Date(),
    capture: manifest.bodies[0]?.id ?? '',
    capture_class: 'scene',
    crossing: manifest.crossing,
    account: session.account.id,
    purpose: 'investigation',
    note: null,
    outcome: 'opened',
    code: null,
    commitment_salt: randomBytes(16),
    log_index: null,
    ...change,
  }
  await insertOpening(parts.db, row)
  return row
}

async function settledRow(id: string) {
  return hub.hub.parts.db
    .selectFrom('opening')
    .select(['outcome', 'code', 'log_index'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

async function entriesAbout(id: string): Promise<readonly Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = []
  for await (const { index, entry } of hub.hub.parts.journal.entries(0))
    if (JSON.stringify(entry).includes(id)) found.push({ index, ...entry })
  return found
}

test('killed before the entry of an opening: it failed, and the log has that it was asked for', async () => {
  const asked = await unloggedOpening({})
  const refused = await unloggedOpening({ outcome: 'refused', code: 'no_shift' })
  const full = await unloggedOpening({ outcome: 'failed', code: 'log_unavailable' })
  await hub.restart()
  for (const [row, outcome, code] of [
    [asked, 'failed', 'interrupted'],
    [refused, 'refused', 'no_shift'],
    [full, 'failed', 'log_unavailable'],
  ] as const) {
    const [entry, ...more] = await entriesAbout(row.id)
    expect(more).toEqual([])
    expect(entry).toMatchObject({
      kind: 'opening_refused',
      code,
      capture: row.capture,
      by: commit(row.commitment_salt, row.account),
    })
    expect(await settledRow(row.id)).toEqual({ outcome, code, log_index: entry?.['index'] })
  }
})

test('killed after the entry of an opening: its row finds the entry, nothing is logged twice', async () => {
  const { journal } = hub.hub.parts
  const row = await unloggedOpening({})
  const index = await journal.append({
    v: 1,
    at: new Date(row.at).toISOString(),
    kind: 'opening',
    opening: row.id,
    capture: row.capture,
    class: 'scene',
    sha256: 'ab'.repeat(32),
    purpose: row.purpose,
    by: commit(row.commitment_salt, row.account),
  })
  // Others may have been logged behind it before the hub died.
  await deliver(hub, device.bundle().bytes)
  await hub.restart()
  const settled = { outcome: 'failed', code: 'interrupted', log_index: index }
  expect(await settledRow(row.id)).toEqual(settled)
  const before = hub.hub.parts.journal.size()
  await hub.restart()
  // A start logs that the keystore was opened, and nothing else.
  expect(hub.hub.parts.journal.size()).toBe(before + 1)
  expect(await settledRow(row.id)).toEqual(settled)
})

test('killed between an alarm and its entry: the next start logs it once', async () => {
  const raise = (kind: 'camera_gone' | 'spool_filling') =>
    raiseAlarm(hub.hub.parts.db, {
      id: randomBytes(16).toString('hex'),
      kind,
      device: device.id,
      lane: device.lane,
      at: new Date(),
      detail: 'a test',
    })
  const [before, after] = [await raise('camera_gone'), await raise('spool_filling')]
  await hub.hub.parts.journal.append({
    v: 1,
    at: after.at.toISOString(),
    kind: 'alarm',
    alarm: after.id,
    alarm_kind: 'spool_filling',
    device: device.id,
  })
  await hub.restart()
  for (const [{ id, at }, kind] of [
    [before, 'camera_gone'],
    [after, 'spool_filling'],
  ] as const) {
    const [entry, ...more] = await entriesAbout(id)
    expect(more).toEqual([])
    expect(entry).toMatchObject({ alarm_kind: kind, at: at.toISOString(), device: device.id })
    const row = await hub.hub.parts.db
      .selectFrom('alarm')
      .select('log_index')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(row.log_index).toBe(entry?.['index'])
  }
})

test('an alarm that a full disk kept out of the log is logged by its next occurrence', async () => {
  const { parts } = hub.hub
  let full = true
  const journal = {
    ...parts.journal,
    append: (...entry: Parameters<typeof parts.journal.append>) =>
      full ? Promise.reject(new Error('disk full')) : parts.journal.append(...entry),
  }
  const alarms = createAlarms({ ...parts, journal, report: () => undefined })
  const raise = () => alarms.raise('clock_review', { device: device.id }, 'a test')
  await raise()
  full = false
  const before = parts.journal.size()
  await raise()
  // Each on its own and many at once: one entry.
  await Promise.all([raise(), raise(), raise()])
  expect(parts.journal.size()).toBe(before + 1)
  const receipt = await parts.journal.receipt(before)
  expect(parseEntry(receipt?.entry ?? new Uint8Array())).toMatchObject({
    entry: { kind: 'alarm', alarm_kind: 'clock_review' },
  })
})

test('all of it agrees afterwards, and nothing is left to settle', async () => {
  const { db, vault, journal } = hub.hub.parts
  const report = await fsck({ db, vault, log: journal.tiles, vkey: journal.vkey })
  expect(report.findings).toEqual([])
  for (const table of ['opening', 'alarm'] as const) {
    const left = await db.selectFrom(table).select('id').where('log_index', 'is', null).execute()
    expect(left, table).toEqual([])
  }
  expect(hub.reports).toEqual([])
})
