/** Passenger lists at a hub: taken whole or not at all, expected once, gone when they expire. */

import { commit, parseEntry } from '@sallyport/proof/entry'
import { sweepPassengerLists } from '@sallyport/store/passenger-lists'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let hub: TestHub
let supervisor: Person
let now = new Date('2026-11-22T09:30:00Z')

beforeAll(async () => {
  hub = await startTestHub({ now: () => now })
  supervisor = await hub.signIn(['supervisor'])
})
afterAll(() => hub.remove())

function ferry(name: string, count = 1): string {
  return [
    "UNB+UNOA:4+DEMOFERRY+DEMOPORT+261122:0910+0001'",
    "UNH+PAX001+PAXLST:D:05B:UN:IATA+DF042/261122+01:F'",
    "BGM+745'TDT+20+DF042+1'",
    "LOC+87+NQB'DTM+232:2611221130:201'",
    `NAD+FL+++${name}:ANNA'DOC+P+L898902C3'`,
    `CNT+42:${count}'UNT+9+PAX001'UNZ+1+0001'`,
  ].join('\n')
}

async function bring(text: string, more: Readonly<Record<string, unknown>> = {}) {
  const answer = await supervisor.request('/v1/passenger-lists', {
    method: 'POST',
    body: JSON.stringify({ format: 'paxlst', file: Buffer.from(text).toString('base64'), ...more }),
  })
  return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) }
}

async function lists(): Promise<readonly { id: string; reference: string }[]> {
  const answer = await supervisor.request('/v1/passenger-lists')
  return ((await answer.json()) as { lists: { id: string; reference: string }[] }).lists
}

test('a check imports nothing; what was checked is imported once, with its log entry', async () => {
  const text = ferry('ERIKSSON')
  expect(await bring(text)).toMatchObject({ status: 200, imported: false, travellers: 1 })
  expect(await lists()).toEqual([])
  expect(await bring(text, { accepts: 2 })).toMatchObject({
    status: 409,
    code: 'passenger_list_differs',
  })
  const made = await bring(text, { accepts: 1 })
  expect(made).toMatchObject({ status: 201, imported: true })
  expect(await bring(text, { accepts: 1 })).toMatchObject({ status: 409, code: 'already_exists' })
  const [list, ...others] = await lists()
  expect(others).toEqual([])
  const detail = await supervisor.request(`/v1/passenger-lists/${list?.id}`)
  expect(await detail.json()).toMatchObject({
    reference: 'DF042',
    expires_at: '2026-11-23T17:30:00.000Z',
    people_expected: [{ place: 1, surname: 'ERIKSSON', document_number: 'L898902C3' }],
  })
  const row = await hub.hub.parts.db
    .selectFrom('passenger_list')
    .selectAll()
    .executeTakeFirstOrThrow()
  const receipt = await hub.hub.parts.journal.receipt(row.log_index ?? -1)
  expect(parseEntry(receipt?.entry ?? new Uint8Array())).toMatchObject({
    entry: {
      kind: 'passenger_list_imported',
      list: row.id,
      travellers: 1,
      file: commit(row.file_salt, row.sha256.toString('hex')),
      by: commit(row.by_salt, row.imported_by),
    },
  })
})

test('a list whose counts are wrong says where, and leaves nothing behind', async () => {
  const before = await hub.hub.parts.db.selectFrom('expected_traveller').selectAll().execute()
  const refused = await bring(ferry('HALF', 2), { accepts: 2 })
  expect(refused).toMatchObject({
    status: 422,
    code: 'import_refused',
    errors: [{ line: 6, column: 1, detail: 'CNT 42 counts 2 passengers; there are 1' }],
  })
  expect(await hub.hub.parts.db.selectFrom('expected_traveller').selectAll().execute()).toEqual(
    before,
  )
})

test('a list that is only a part of it is taken as such, and the rest stands beside it', async () => {
  const before = await lists()
  const part = (name: string) => ferry(name).replace('+01:F', '+01:C')
  expect(await bring(part('PARTONE'), { accepts: 1 })).toMatchObject({ status: 201 })
  expect(await bring(part('PARTONE'), { accepts: 1 })).toMatchObject({ code: 'already_exists' })
  expect(await bring(part('PARTTWO'), { accepts: 1 })).toMatchObject({ status: 201 })
  const after = (await lists()).filter(({ id }) => !before.some((one) => one.id === id))
  expect(after).toMatchObject([{ partial: true }, { partial: true }])
})

test('a table with the voyage beside it', async () => {
  const head = { transport: 'road', reference: 'BUS7', arrivesAt: '2026-11-22T12:00' }
  const table = 'surname,born\nMustermann,1990-01-01\n'
  expect(await bring(table, { format: 'csv' })).toMatchObject({ code: 'import_refused' })
  expect(await bring(table, { format: 'csv', head, accepts: 1 })).toMatchObject({ status: 201 })
  expect((await lists()).map(({ reference }) => reference)).toContain('BUS7')
})

test('a list of yesterday is not taken, and one whose day is over is gone with its people', async () => {
  const taken = (await lists()).length
  now = new Date('2026-11-24T09:30:00Z')
  supervisor = await hub.signIn(['supervisor'])
  expect(await bring(ferry('LATE'))).toMatchObject({ status: 422, code: 'passenger_list_over' })
  expect(await lists()).toEqual([])
  const { db } = hub.hub.parts
  expect(await sweepPassengerLists(db, now)).toBe(taken)
  expect(await db.selectFrom('expected_traveller').selectAll().execute()).toEqual([])
})

test('officers see who is expected, and import nothing; who keeps lanes running sees nobody', async () => {
  const [officer, integrator] = [await hub.signIn(['officer']), await hub.signIn(['integrator'])]
  expect((await officer.request('/v1/passenger-lists')).status).toBe(200)
  expect((await integrator.request('/v1/passenger-lists')).status).toBe(403)
  const body = JSON.stringify({ format: 'paxlst', file: 'AAAA' })
  expect((await officer.request('/v1/passenger-lists', { method: 'POST', body })).status).toBe(403)
})
