/** A second engine counts scopes over the files of months, and says the same: over drawn rows and questions. */

import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { firstDifference } from '@sallyport/core/scope/agreement'
import { grades, type ScopePart } from '@sallyport/core/scope/question'
import { countScopeRows } from '@sallyport/store/incidents/count-scope'
import { countMonths } from '@sallyport/store/incidents/months/count'
import { type Engine, loadEngine, openEngine } from '@sallyport/store/incidents/months/engine'
import { exportSpan } from '@sallyport/store/incidents/months/export'
import { changedFile, type MonthFile, monthFilePath } from '@sallyport/store/incidents/months/files'
import { spanOfMonth } from '@sallyport/store/incidents/months/months'
import type { PartsWindow } from '@sallyport/store/incidents/parts-sql'
import { migrate } from '@sallyport/store/migrate'
import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { makeDatabase, type TestDatabase } from '../support/database.ts'
import {
  drawScopeRows,
  first,
  hashOf,
  idOf,
  lanes,
  parties,
  ports,
  recipients,
  zone,
} from '../support/scope-rows.ts'

/** An optional dependency: the lock has it for Linux on x64. */
const duckdb = await loadEngine()
let database: TestDatabase
let db: Db
let folder: string
let engine: Engine
const files = new Map<string, readonly MonthFile[]>()
const months = ['2026-08-01', '2026-09-01', '2026-10-01']
const dayMs = 86_400_000

describe.skipIf(duckdb === null)('two engines (skipped where DuckDB is not installed)', () => {
  beforeAll(async () => {
    database = await makeDatabase()
    db = openDatabase({ kind: 'url', url: database.url })
    await migrate(db)
    await drawScopeRows(db)
    folder = await mkdtemp(path.join(tmpdir(), 'sallyport-months-'))
    if (duckdb === null) throw new Error('DuckDB is not here')
    await mkdir(path.join(folder, 'spill'))
    engine = await openEngine(duckdb, folder, path.join(folder, 'spill'))
    for (const month of months)
      files.set(month, await exportSpan(db, spanOfMonth(month), folderOf(month), engine))
  })
  afterAll(async () => {
    engine?.close()
    await db.destroy()
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  })

  const folderOf = (month: string) => path.join(folder, month)

  async function both(parts: readonly ScopePart[], window: PartsWindow) {
    return [
      await countScopeRows(db, parts, window),
      await countMonths(engine, months.map(folderOf), parts, window),
    ] as const
  }

  const instant = fc
    .oneof(
      fc.constantFrom(0, 2 * dayMs, 32 * dayMs, 62 * dayMs),
      fc.integer({ min: -dayMs, max: 63 * dayMs }),
    )
    .map((ms) => new Date(first.getTime() + ms))
  const grade = fc.constantFrom(...grades)
  const capture = fc.integer({ min: 0, max: 899 }).map(hashOf)
  const reach = fc.record({
    grant: fc.constant(idOf('grant', 0)),
    version: fc.constant(1),
    lanes: fc.oneof(fc.constant('all' as const), fc.subarray([...lanes])),
    classes: fc.subarray(['scene', 'plate', 'face']),
    from: instant,
    until: instant,
  })
  const openingsBy = fc.oneof(
    fc.constant('anybody' as const),
    fc.record({ party: fc.constantFrom(...parties, 'nobody') }),
    fc.record({ account: fc.integer({ min: 0, max: 3 }).map((n) => idOf('account', n)) }),
    fc.record({ grant: fc.integer({ min: 0, max: 2 }).map((n) => idOf('grant', n)) }),
    fc.record({ sha256: capture }),
  )
  const releasesBy = fc.oneof(
    fc.constant('anybody' as const),
    fc.record({ party: fc.constantFrom(...parties) }),
    fc.record({ release: fc.integer({ min: 0, max: 3 }).map((n) => idOf('release', n)) }),
    fc.record({ sha256: capture }),
  )
  const capturesBy = fc.oneof(
    fc.record({ device: fc.integer({ min: 0, max: 2 }).map((n) => idOf('device', n)) }),
    fc.record({ lane: fc.constantFrom(...lanes) }),
    fc.record({
      epochDay: instant.map((at) => at.toISOString().slice(0, 10)),
      recipient: fc.constantFrom(null, ...recipients, `age1${'z'.repeat(58)}`),
    }),
    fc.record({ kek: fc.integer({ min: 0, max: 4 }).map((n) => idOf('kek', n)) }),
    fc.record({ sha256: capture }),
    fc.record({ reach }),
  )
  const part: fc.Arbitrary<ScopePart> = fc.oneof(
    fc.record({
      source: fc.constant('openings' as const),
      by: openingsBy,
      grade: fc.constant('released_in_clear' as const),
    }),
    fc.record({
      source: fc.constant('releases' as const),
      by: releasesBy,
      grade: fc.constant('released_in_clear' as const),
    }),
    fc.record({ source: fc.constant('captures' as const), by: capturesBy, grade }),
  )
  const question = fc.record({
    parts: fc.array(part, { minLength: 1, maxLength: 5 }),
    from: instant,
    to: instant,
    port: fc.constantFrom(...ports),
  })

  test('two engines say the same of any question, across the ends of months', async () => {
    let found = 0
    await fc.assert(
      fc.asyncProperty(question, async ({ parts, port, ...ends }) => {
        const [from, to] = ends.from < ends.to ? [ends.from, ends.to] : [ends.to, ends.from]
        const [rows, months] = await both(parts, { from, to, port, zone })
        found += rows.total.pictures
        expect(firstDifference(rows, months)).toBeNull()
      }),
      { numRuns: 25, seed: 20_261_122, endOnFailure: true },
    )
    // Questions that find nothing would show nothing.
    expect(found).toBeGreaterThan(200)
  })

  test('one key of a day is told from the other, and a month that was put aside before there were two counts by the day', async () => {
    const old = path.join(folder, 'old')
    const [of = '', ...others] = months.map(folderOf)
    await cp(of, old, { recursive: true })
    const captures = (where: string) => `'${monthFilePath(where, 'captures')}'`
    await engine.run(
      `copy (select * exclude (recipient) from ${captures(of)}) to ${captures(old)} (format parquet)`,
    )
    const window = { from: first, to: new Date(first.getTime() + 63 * dayMs), port: 'p', zone }
    const count = async (day: string, recipient: string | null, folders: readonly string[]) => {
      const by = { epochDay: day, recipient }
      const parts = [{ source: 'captures', by, grade: 'reachable_not_read' }] as const
      const [rows, counted] = [
        await countScopeRows(db, parts, window),
        await countMonths(engine, folders, parts, window),
      ]
      return [rows.total.pictures, counted.total.pictures]
    }
    const { rows } = await sql<{ day: string }>`select epoch_day::text as day from crossing
      where port = 'p' group by epoch_day having count(*) >= 3 order by 1`.execute(db)
    const days = rows.map(({ day }) => day)
    const sums = { day: 0, keys: 0 }
    for (const day of days) {
      const isOld = day < '2026-09-01'
      const [whole] = await count(day, null, months.map(folderOf))
      sums.day += whole ?? 0
      for (const recipient of recipients) {
        const [byRows, byMonths] = await count(day, recipient, [old, ...others])
        expect(byMonths).toBe(isOld ? whole : byRows)
        sums.keys += byRows ?? 0
      }
    }
    expect(sums.keys).toBeGreaterThan(0)
    expect(sums.day).toBeGreaterThan(sums.keys)
  })

  test('everything that was opened makes intervals of people and plates that both engines have', async () => {
    const window = { from: first, to: new Date(first.getTime() + 63 * dayMs), port: 'p', zone }
    const [rows, months] = await both(
      [{ source: 'openings', by: 'anybody', grade: 'released_in_clear' }],
      window,
    )
    expect(months).toEqual(rows)
    const { people, plates } = months.total
    expect(people.high).toBeGreaterThan(people.low)
    expect(people.identified).toBe(2)
    expect(plates.crossings_without).toBeGreaterThan(0)
  })

  test('a row that somebody changed after the month was exported is found, and which figure it moved', async () => {
    const window = { from: first, to: new Date(first.getTime() + 63 * dayMs), port: 'p', zone }
    const parts: readonly ScopePart[] = [
      { source: 'openings', by: { party: 'north-optics' }, grade: 'released_in_clear' },
    ]
    const hidden = await sql<{ id: string }>`select id from opening
    where party = 'north-optics' and outcome = 'opened' and capture_class = 'scene'
      and capture in (select capture from opening group by capture having count(*) = 1)
    order by id limit 1`.execute(db)
    const { id } = hidden.rows[0] ?? { id: '' }
    const change = (outcome: string) =>
      sql`update opening set outcome = ${outcome} where id = ${id}`.execute(db)
    await change('refused')
    const [rows, months] = await both(parts, window)
    await change('opened')
    const difference = firstDifference(rows, months)
    expect(difference?.figure).toBe('total.pictures')
    expect(Number(difference?.second) - Number(difference?.first)).toBe(1)
    const [again, same] = await both(parts, window)
    expect(firstDifference(again, same)).toBeNull()
  })

  test('the files say neither plates nor documents, and are for nobody else on the machine', async () => {
    for (const month of months)
      for (const { name, rows } of files.get(month) ?? []) {
        const file = monthFilePath(folderOf(month), name)
        expect((await stat(file)).mode & 0o777).toBe(0o600)
        const told = await engine.rows(
          `select t::varchar as text from read_parquet('${file}') as t`,
        )
        expect(told.length).toBe(rows)
        for (const { text } of told)
          expect(String(text)).not.toMatch(/ABC[01]|XYZ1|KLM2|QRS3|anna|bert|document/)
      }
  })

  test('a file of which one byte is another is not the one that was exported', async () => {
    const month = months[1] ?? ''
    const exported = files.get(month) ?? []
    expect(await changedFile(folderOf(month), exported)).toBeNull()
    const file = monthFilePath(folderOf(month), 'openings')
    const bytes = await readFile(file)
    await writeFile(file, Buffer.from(bytes.map((byte, at) => (at === 100 ? byte ^ 1 : byte))))
    expect(await changedFile(folderOf(month), exported)).toBe('openings')
    await writeFile(file, bytes)
    await rm(monthFilePath(folderOf(month), 'travellers'))
    expect(await changedFile(folderOf(month), exported)).toBe('travellers')
  })

  test('the engine reads nothing outside its folder and fetches nothing', async () => {
    await expect(engine.rows(`select * from read_csv('/etc/hostname')`)).rejects.toThrow(
      /disabled|permission/i,
    )
    await expect(engine.run('install httpfs')).rejects.toThrow()
  })
})

test('the second engine is here where the lock has it', () => {
  const isThere = duckdb !== null || process.platform !== 'linux' || process.arch !== 'x64'
  expect(isThere).toBe(true)
})
