/**
 * How long a scope takes over many openings and pictures: the largest party over 31 and 181 days, and what
 * its largest grant could have obtained.
 *
 *   npx tsx bench/incidents.ts [--openings 20000000] [--pictures 20000000] [--keep DIR] [--second]
 *
 * Rows are drawn in a database of its own: 181 days, 40 ports and 200 parties of unequal size, three
 * pictures a crossing, plates of vehicles that come back, one crossing in ten without a sure one. Before
 * anything is timed the counts of 7 days are compared with plain counting of the rows. With `--keep` they
 * are drawn once, and a later run asks the same rows; with `--second` the months are put aside as well, and
 * the second engine counts over them.
 */

import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { firstDifference } from '@sallyport/core/scope/agreement'
import { type ScopePart } from '@sallyport/core/scope/question'
import { countScopeRows } from '@sallyport/store/incidents/count-scope'
import { countMonths } from '@sallyport/store/incidents/months/count'
import { loadEngine, openEngine } from '@sallyport/store/incidents/months/engine'
import { exportSpan } from '@sallyport/store/incidents/months/export'
import { monthFilePath } from '@sallyport/store/incidents/months/files'
import { closedMonths, spanOfMonth } from '@sallyport/store/incidents/months/months'
import { ensurePartitions, migrate } from '@sallyport/store/migrate'
import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import { startEmbeddedServer } from '@sallyport/store/postgres/embedded'
import { sql } from 'kysely'

import { measure, printRows, type Row } from './measure.ts'

const { values } = parseArgs({
  options: {
    openings: { type: 'string', default: '20000000' },
    pictures: { type: 'string', default: '20000000' },
    keep: { type: 'string' },
    second: { type: 'boolean', default: false },
  },
})
const openings = Number(values.openings)
const crossings = Math.floor(Number(values.pictures) / 3)
const days = 181
const dayMs = 86_400_000
const end = new Date('2026-11-01T00:00:00Z')
const begin = new Date(end.getTime() - days * dayMs)
const zone = 'America/Chicago'

const directory = values.keep ?? (await mkdtemp(path.join(tmpdir(), 'sallyport-incidents-')))
await mkdir(directory, { recursive: true })
const server = await startEmbeddedServer({ directory: path.join(directory, 'db') })
const db = openDatabase(server.address)
try {
  await migrate(db)
  const drawn = await sql`select from port limit 1`.execute(db)
  if (drawn.rows.length === 0) await draw()
  const party: ScopePart = {
    source: 'openings',
    by: { party: 'party-0' },
    grade: 'released_in_clear',
  }
  const reach: ScopePart = {
    source: 'captures',
    by: {
      reach: {
        grant: '0'.repeat(32),
        version: 1,
        lanes: 'all',
        classes: ['scene', 'plate'],
        from: begin,
        until: end,
      },
    },
    grade: 'reachable_not_read',
  }
  await agree(party)
  const rows: Row[] = []
  rows.push(await scope('largest party, 31 days', [party], 31))
  rows.push(await scope('largest party, 181 days', [party], days))
  rows.push(await scope('could have obtained, largest port, 181 days', [reach], days))
  rows.push(await scope('party and its reach together, 181 days', [party, reach], days))
  if (values.second) await countBySecond([party, reach])
  printRows(`Scopes over ${openings} openings and ${crossings * 3} pictures`, rows, new Date())
} finally {
  await db.destroy()
  await server.stop()
  if (values.keep === undefined) await rm(directory, { recursive: true, force: true })
}

/** Puts every month aside, and counts the largest party and what it could have obtained by both engines. */
async function countBySecond(parts: readonly ScopePart[]): Promise<void> {
  const duckdb = await loadEngine()
  if (duckdb === null) throw new Error('DuckDB is not installed here')
  const folder = path.join(directory, 'months')
  const spill = path.join(folder, 'spill')
  await mkdir(spill, { recursive: true })
  const engine = await openEngine(duckdb, folder, spill)
  const folders: string[] = []
  for (const month of await closedMonths(db, new Date(end.getTime() + dayMs))) {
    const place = path.join(folder, month)
    const began = performance.now()
    const files = await exportSpan(db, spanOfMonth(month), place, engine)
    const seconds = Math.round((performance.now() - began) / 1000)
    const rows = files.map(({ name, rows: count }) => `${count} ${name}`).join(', ')
    const sizes = await Promise.all(files.map(({ name }) => stat(monthFilePath(place, name))))
    const bytes = sizes.reduce((sum, { size }) => sum + size, 0)
    console.log(`${month}: ${rows} in ${seconds} s, ${Math.round(bytes / 1e6)} MB`)
    folders.push(place)
  }
  for (const part of parts) {
    const window = { from: begin, to: end, port: 'port-0', zone }
    const began = performance.now()
    const second = await countMonths(engine, folders, [part], window)
    const ms = Math.round(performance.now() - began)
    const difference = firstDifference(await countScopeRows(db, [part], window), second)
    console.log(
      `second engine, ${part.source}, 181 days: ${second.total.pictures} pictures in ${ms} ms; ${difference === null ? 'agrees' : `DIFFERS in ${difference.figure}`}`,
    )
  }
  engine.close()
}

async function scope(name: string, parts: readonly ScopePart[], span: number): Promise<Row> {
  const from = new Date(end.getTime() - span * dayMs)
  const window = { from, to: end, port: 'port-0', zone }
  const began = performance.now()
  const { total } = await countScopeRows(db, parts, window)
  console.log(
    `${name}: ${total.pictures} pictures, ${total.people.low} to ${total.people.high} people, first run ${Math.round(performance.now() - began)} ms`,
  )
  return measure(name, 1, 5, () => countScopeRows(db, parts, window))
}

/** Counts 7 days twice. */
async function agree(part: ScopePart): Promise<void> {
  const from = new Date(end.getTime() - 7 * dayMs)
  const { total } = await countScopeRows(db, [part], { from, to: end, port: 'port-0', zone })
  const { rows } = await sql<{ capture: string; crossing: string; vehicle: number | null }>`
    select capture, crossing, vehicle from opening
    where party = 'party-0' and outcome = 'opened' and at >= ${from} and at < ${end}`.execute(db)
  const pictures = new Set(rows.map(({ capture }) => capture)).size
  const plates = new Set(rows.flatMap(({ vehicle }) => vehicle ?? [])).size
  if (pictures !== total.pictures || plates !== total.plates.low)
    throw new Error(`counted ${total.pictures}/${total.plates.low}, rows say ${pictures}/${plates}`)
}

async function draw(): Promise<void> {
  for (let month = 0; month <= 7; month++)
    await ensurePartitions(db, new Date(Date.UTC(2026, 4 + month, 1)))
  const account = '0'.repeat(31) + '1'
  await sql`insert into port (id, name, zone, created_at)
    select 'port-' || n, 'Port ' || n, ${zone}, ${begin} from generate_series(0, 39) n`.execute(db)
  await sql`insert into party (id, name, kind, parent, contact, added_at)
    select 'party-' || n, 'Party ' || n, 'prime', 'agency', '', ${begin} from generate_series(0, 199) n`.execute(
    db,
  )
  await sql`insert into account (id, name, roles, created_at) values (${account}, 'Bench', '{}', ${begin})`.execute(
    db,
  )
  const made = await withoutIndexes(async (long) => {
    const began = performance.now()
    await sql`create function bench_place(n bigint, sizes float, skew float) returns int
      language sql immutable as $$ select floor(sizes * power(
        ((('x' || substr(md5('p' || n::text), 1, 8))::bit(32)::bigint & 2147483647)::float / 2147483648), skew))::int $$`.execute(
      long,
    )
    await sql`insert into crossing (id, received_at, captured_at, port, lane, direction, device, sequence, kind,
        clock, source, manifest, signature, manifest_sha256, epoch_day, log_index, plate_kind, plate_text, plate_folded)
      select md5('c' || n)::uuid, at, at, 'port-' || bench_place(n, 40, 1.02), 'lane-' || n % 7, 'in',
        md5('d')::uuid, n, 'crossing', 'ok', 'synthetic', '', '', '', at::date, n,
        case when n % 10 = 0 then 'unsure' else 'read' end, plate, plate
      from (select n, ${begin}::timestamptz + n * (${days * dayMs}::float / ${crossings}) * interval '1 millisecond' as at,
        'P' || (n * 7919) % ${Math.max(1, Math.floor(crossings / 3))} as plate
        from generate_series(0, ${crossings - 1}::bigint) n) as drawn`.execute(long)
    await sql`insert into capture (id, received_at, crossing, class, bytes, sha256, header, epoch_day, segment, position)
      select md5('k' || n * 3 + part)::uuid, at, md5('c' || n)::uuid,
        (array['scene', 'plate', 'face'])[part + 1], 1, '', '', at::date, 0, n * 3 + part
      from (select n, ${begin}::timestamptz + n * (${days * dayMs}::float / ${crossings}) * interval '1 millisecond' as at
        from generate_series(0, ${crossings - 1}::bigint) n) as drawn, generate_series(0, 2) part`.execute(
      long,
    )
    await sql`insert into opening (id, at, capture, capture_class, crossing, account, purpose, outcome,
        commitment_salt, log_index, party, port, lane, day, vehicle)
      select md5('o' || n)::uuid, at, md5('k' || c * 3 + n % 3)::uuid,
        (array['scene', 'plate', 'face'])[n % 3 + 1], md5('c' || c)::uuid, ${account}::uuid, 'incident', 'opened', '', n,
        'party-' || bench_place(n * 31, 200, 1.2), 'port-' || bench_place(c, 40, 1.02), 'lane-' || c % 7,
        (at - interval '1 hour')::date,
        case when c % 10 = 0 then null else (c * 7919) % ${Math.max(1, Math.floor(crossings / 3))} end
      from (select n, (n * 104729) % ${crossings} as c,
        ${begin}::timestamptz + n * (${days * dayMs}::float / ${openings}) * interval '1 millisecond' as at
        from generate_series(0, ${openings - 1}::bigint) n) as drawn`.execute(long)
    // As the hub numbers the plates of what was opened.
    await sql`insert into vehicle (id, plate) select n, 'P' || n
      from generate_series(0, ${Math.max(1, Math.floor(crossings / 3)) - 1}::bigint) n`.execute(
      long,
    )
    return Math.round((performance.now() - began) / 1000)
  })
  console.log(`${openings} openings and ${crossings * 3} pictures drawn in ${made} s`)
}

/** Fills tables faster than their indexes could follow; one connection without a time limit. */
async function withoutIndexes<T>(fill: (long: Db) => Promise<T>): Promise<T> {
  const done = await db.connection().execute(async (long) => {
    await sql`set statement_timeout = 0`.execute(long)
    await sql`set maintenance_work_mem = '512MB'`.execute(long)
    // Every opening would be compared with the one account.
    await sql`set session_replication_role = replica`.execute(long)
    const { rows } = await sql<{ name: string; definition: string }>`
      select i.relname as name, pg_get_indexdef(i.oid) as definition from pg_index x
      join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
      where t.relname in ('opening', 'crossing', 'capture') and not x.indisunique
        and pg_get_indexdef(i.oid) not like '%gin%'`.execute(long)
    for (const { name } of rows) await sql`drop index ${sql.id(name)}`.execute(long)
    // Random ids are in no order: a key that follows them row by row takes longer than all the rest.
    for (const table of ['opening', 'crossing', 'capture'])
      await sql`alter table ${sql.id(table)} drop constraint ${sql.id(`${table}_pkey`)} cascade`.execute(
        long,
      )
    const result = await fill(long)
    for (const [table, columns] of [
      ['opening', 'id'],
      ['crossing', 'id, received_at'],
      ['capture', 'id, received_at'],
    ] as const)
      await sql.raw(`alter table ${table} add primary key (${columns})`).execute(long)
    // Of a partitioned table it is told for the parent alone; all its partitions need one.
    for (const { definition } of rows)
      await sql.raw(definition.replace(' ON ONLY ', ' ON ')).execute(long)
    await sql`vacuum analyze vehicle`.execute(long)
    await sql`vacuum analyze opening`.execute(long)
    await sql`vacuum analyze crossing`.execute(long)
    await sql`vacuum analyze capture`.execute(long)
    await sql`reset all`.execute(long)
    return result
  })
  return done
}
