/** The schema: made once however many hubs start, and ready before the month begins. */

import { ensurePartitions, migrate } from '@sallyport/store/migrate'
import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { makeDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let db: Db

beforeEach(async () => {
  database = await makeDatabase()
  db = openDatabase({ kind: 'url', url: database.url })
})
afterEach(async () => {
  await db.destroy()
  await database.drop()
})

async function partitions(table: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select inhrelid::regclass::text as name from pg_inherits
    where inhparent = ${table}::regclass order by 1`.execute(db)
  return rows.map(({ name }) => name)
}

test('hubs that start at once apply each migration once', async () => {
  const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(db)))
  const names = applied.flat()
  expect(names.length).toBeGreaterThan(0)
  expect(new Set(names).size).toBe(names.length)
  expect(await migrate(db)).toEqual([])
})

test('months are ready ahead, over the end of a year, however often it is asked', async () => {
  await migrate(db)
  const newYearsEve = new Date('2027-12-31T23:59:59.999Z')
  await Promise.all([1, 2, 3].map(() => ensurePartitions(db, newYearsEve)))
  const months = ['2027_11', '2027_12', '2028_01', '2028_02']
  expect(await partitions('crossing')).toEqual(months.map((month) => `crossing_${month}`))
  expect(await partitions('capture')).toEqual(months.map((month) => `capture_${month}`))
})

test('the borders of a month are UTC, whatever the zone of the server', async () => {
  await migrate(db)
  await sql`set time zone 'Pacific/Auckland'`.execute(db)
  await ensurePartitions(db, new Date('2026-03-15T00:00:00Z'))
  await sql`set time zone 'UTC'`.execute(db)
  const { rows } = await sql<{ bound: string }>`
    select pg_get_expr(relpartbound, oid) as bound from pg_class
    where relname = 'crossing_2026_03'`.execute(db)
  expect(rows[0]?.bound).toMatch(
    /FROM \('2026-03-01 00:00:00\+00'\) TO \('2026-04-01 00:00:00\+00'\)/,
  )
})
