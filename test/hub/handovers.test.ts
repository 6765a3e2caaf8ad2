/** A lane from one officer to the next: written, logged, taken once, and never half. */

import path from 'node:path'

import { parseEntry } from '@sallyport/proof/entry'
import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { passBy } from '../support/stays.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let hub: TestHub
let device: TestDevice
let ann: Person
let bob: Person
const clock = { now: new Date('2026-11-22T15:00:00Z') }

beforeAll(async () => {
  hub = await startTestHub({ now: () => clock.now })
  device = await enrolTestDevice(hub, 'in-1')
  ann = await hub.signIn(['officer'])
  bob = await hub.signIn(['officer'])
})
afterAll(() => hub.remove())

type Handover = {
  id: string
  lane: string
  note: string
  referrals: { crossing: string; plate: string | null; standing: string }[]
  written: { log_index: number }
  taken: { by: { name: string } } | null
}

async function post(person: Person, where: string, body?: object) {
  const init = body === undefined ? {} : { body: JSON.stringify(body) }
  const answer = await person.request(where, { method: 'POST', ...init })
  return { status: answer.status, ...((await answer.json()) as Handover & { code?: string }) }
}

const start = (person: Person) =>
  person.request('/v1/shift', { method: 'PUT', body: JSON.stringify({ lane: 'in-1' }) })

async function shiftOf(person: Person): Promise<{ lane: string } | null> {
  const session = (await (await person.request('/v1/session')).json()) as {
    shift: { lane: string } | null
  }
  return session.shift
}

async function refer(plate: string): Promise<string> {
  const crossing = await passBy(hub, device, plate, clock.now)
  const body = { says: 'referred', reason: 'document', seen: 0 }
  await post(ann, `/v1/crossings/${crossing}/window`, body)
  return crossing
}

async function listed(): Promise<readonly Handover[]> {
  const answer = await ann.request('/v1/handovers?lane=in-1')
  return ((await answer.json()) as { handovers: Handover[] }).handovers
}

test('what is open goes along, the shift ends, and the next officer starts where it was left', async () => {
  expect(await post(ann, '/v1/handovers', { note: 'Too early' })).toMatchObject({
    status: 403,
    code: 'no_shift',
  })
  await start(ann)
  const crossing = await refer('HAND01')
  const note = 'The barrier sticks; kick it.\nBlue van waits for its driver.'
  const written = await post(ann, '/v1/handovers', { note })
  expect(written).toMatchObject({
    status: 201,
    lane: 'in-1',
    note,
    referrals: [{ crossing, plate: 'HAND01', standing: 'referred' }],
    taken: null,
  })
  expect(await shiftOf(ann)).toBeNull()
  const taken = await post(bob, `/v1/handovers/${written.id}/taking`)
  expect(taken).toMatchObject({ status: 201, taken: { by: { name: 'Test officer' } } })
  expect(await shiftOf(bob)).toMatchObject({ lane: 'in-1' })
  expect(await post(ann, `/v1/handovers/${written.id}/taking`)).toMatchObject({
    status: 409,
    code: 'handover_over',
  })
  expect(await shiftOf(ann)).toBeNull()
  const receipt = await hub.hub.parts.journal.receipt(written.written.log_index)
  const entry = parseEntry(receipt?.entry ?? new Uint8Array())
  expect(entry).toMatchObject({ entry: { kind: 'handover', says: 'written' } })
  expect(JSON.stringify(entry)).not.toMatch(/barrier|in-1/)
})

test('two who take at one moment: one has it', async () => {
  await start(ann)
  const { id } = await post(ann, '/v1/handovers', { note: '' })
  const answers = await Promise.all(
    [ann, bob].map((one) => post(one, `/v1/handovers/${id}/taking`)),
  )
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
})

test('a crash between row and log: what the log has counts, what it has not was never written', async () => {
  const { db, journal } = hub.hub.parts
  await start(ann)
  const kept = await post(ann, '/v1/handovers', { note: 'In the log' })
  await db
    .updateTable('handover_act')
    .set({ log_index: null })
    .where('handover', '=', kept.id)
    .execute()
  await start(ann)
  const lost = await post(ann, '/v1/handovers', { note: 'Not in the log' })
  await db
    .updateTable('handover_act')
    .set({ log_index: null, log_from: journal.size() })
    .where('handover', '=', lost.id)
    .execute()
  await hub.restart()
  const ids = (await listed()).map(({ id }) => id)
  expect(ids).toContain(kept.id)
  expect(ids).not.toContain(lost.id)
})

test('refused: what is no note, who is no officer; after 30 days nothing is left', async () => {
  await start(ann)
  const bell = String.fromCharCode(7)
  expect(await post(ann, '/v1/handovers', { note: `Ring${bell}` })).toMatchObject({ status: 400 })
  expect(await post(ann, '/v1/handovers', { note: 'x'.repeat(501) })).toMatchObject({ status: 400 })
  const auditor = await hub.signIn(['auditor'])
  expect(await post(auditor, '/v1/handovers', { note: '' })).toMatchObject({ code: 'role_missing' })
  expect((await listed()).length).toBeGreaterThan(0)
  clock.now = new Date(clock.now.getTime() + 31 * 86_400_000)
  await hub.hub.parts.handovers.upkeep()
  expect(await hub.hub.parts.db.selectFrom('handover').selectAll().execute()).toEqual([])
  clock.now = new Date('2026-11-22T15:30:00Z')
})

test('fsck believes it as it is, and finds a note that somebody changed', async () => {
  const codes = async () => {
    const { db, vault, journal } = hub.hub.parts
    const log = folderTiles(path.join(hub.data, 'log'))
    return (await fsck({ db, vault, log, vkey: journal.vkey })).findings.map(({ code }) => code)
  }
  await start(ann)
  await post(ann, '/v1/handovers', { note: 'As it was' })
  expect(await codes()).toEqual([])
  await hub.hub.parts.db.updateTable('handover').set({ note: 'Other words' }).execute()
  expect(await codes()).toEqual(['window_step_differs'])
})
