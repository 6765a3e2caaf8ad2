/** Rows that the log names, changed behind the hub's back: fsck says which, and is still when they are right. */

import path from 'node:path'

import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let list: string

const file = [
  "UNB+UNOA:4+DEMOFERRY+DEMOPORT+261122:0910+0001'",
  "UNH+PAX001+PAXLST:D:05B:UN:IATA+DF042/261122+01:F'",
  "BGM+745'TDT+20+DF042+1'",
  "LOC+87+NQB'DTM+232:2611221130:201'",
  "NAD+FL+++ERIKSSON:ANNA'DOC+P+L898902C3'",
  "CNT+42:1'UNT+9+PAX001'UNZ+1+0001'",
].join('\n')

beforeAll(async () => {
  hub = await startTestHub({ now: () => new Date('2026-11-22T09:30:00Z') })
  const supervisor = await hub.signIn(['supervisor'])
  const body = { format: 'paxlst', file: Buffer.from(file).toString('base64'), accepts: 1 }
  const answer = await supervisor.request('/v1/passenger-lists', {
    method: 'POST',
    body: JSON.stringify(body),
  })
  expect(answer.status, await answer.clone().text()).toBe(201)
  const responder = await hub.signIn(['responder'])
  const search = await responder.request('/v1/leak-searches', {
    method: 'POST',
    body: JSON.stringify({ reference: 'case 12', sources: ['a folder'] }),
  })
  expect(search.status, await search.clone().text()).toBe(201)
  await hub.hub.parts.alarms.raise('camera_gone', {}, 'a test')
  const row = await hub.hub.parts.db
    .selectFrom('passenger_list')
    .select('id')
    .executeTakeFirstOrThrow()
  list = row.id
}, 60_000)
afterAll(() => hub.remove())

async function found(): Promise<readonly string[]> {
  const { db, vault, journal } = hub.hub.parts
  const log = folderTiles(path.join(hub.data, 'log'))
  const { findings, counts } = await fsck({ db, vault, log, vkey: journal.vkey })
  expect(counts.namedRows).toBeGreaterThanOrEqual(3)
  return findings.map(({ code, subject }) => `${code} ${subject}`)
}

const change = (statement: ReturnType<typeof sql>) => statement.execute(hub.hub.parts.db)

test('what the hub wrote agrees', async () => {
  expect(await found()).toEqual([])
})

test('a traveller who was removed from a list, or put into it', async () => {
  const { db } = hub.hub.parts
  const travellers = await db.selectFrom('expected_traveller').selectAll().execute()
  await db.deleteFrom('expected_traveller').execute()
  expect(await found()).toEqual([`row_differs ${list}`])
  const [traveller] = travellers
  if (traveller === undefined) throw new Error('somebody is expected')
  await db.insertInto('expected_traveller').values(traveller).execute()
  expect(await found()).toEqual([])
})

test('another file, or another person who brought it', async () => {
  await change(sql`update passenger_list set sha256 = decode(repeat('ab', 32), 'hex') || sha256`)
  expect(await found()).toEqual([`row_differs ${list}`])
  await change(sql`update passenger_list set sha256 = substring(sha256 from 33)`)
  await hub.signIn(['auditor'])
  const accounts = await hub.hub.parts.db.selectFrom('account').select('id').execute()
  const by = await hub.hub.parts.db
    .selectFrom('passenger_list')
    .select('imported_by')
    .executeTakeFirstOrThrow()
  const another = accounts.find(({ id }) => id !== by.imported_by)
  await change(sql`update passenger_list set imported_by = ${another?.id}::uuid`)
  expect(await found()).toEqual([`row_differs ${list}`])
  await change(sql`update passenger_list set imported_by = ${by.imported_by}::uuid`)
})

test.each(['alarm', 'passenger_list', 'leak_search'])(
  'a row of %s under an entry that is not its own',
  async (table) => {
    await change(sql`update ${sql.table(table)} set log_index = log_index - 1`)
    const said = await found()
    expect(said.length).toBeGreaterThan(0)
    expect(said.every((one) => one.startsWith('row_not_in_log '))).toBe(true)
    await change(sql`update ${sql.table(table)} set log_index = log_index + 1`)
    expect(await found()).toEqual([])
  },
)

test('who gave up the rest of a day, and why the key of one was destroyed', async () => {
  const { db, ends } = hub.hub.parts
  // Without a device that might hold something, the day before is over at once.
  const [key] = await hub.hub.parts.epochs.kept()
  expect(key).toBeUndefined()
  await hub.hub.parts.epochs.makeAhead(new Date('2026-11-21T09:30:00Z'))
  await ends.upkeep()
  expect(await found()).toEqual([])
  const ended = await db.selectFrom('epoch_end').select(['day', 'how']).executeTakeFirstOrThrow()
  expect(ended).toEqual({ day: '2026-11-21', how: 'closed' })
  await db.updateTable('epoch_end').set({ how: 'declared_lost' }).execute()
  expect(await found()).toEqual(['row_differs ended test-port 2026-11-21'])
  await change(sql`update epoch_end set how = 'closed', log_index = log_index - 1`)
  expect(await found()).toEqual(['row_not_in_log ended test-port 2026-11-21'])
  await change(sql`update epoch_end set log_index = log_index + 1`)
})
