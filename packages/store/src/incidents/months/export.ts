/**
 * Writes the rows that scopes count as Parquet, sorted by what a scope asks for. Plates are there as the
 * numbers that openings have of them, travellers as salted hashes: without the database the files say
 * only which are the same.
 */

import { chmod, mkdir, open } from 'node:fs/promises'

import { syncDirectory } from '@sallyport/proof/node/sync-directory'
import { type RawBuilder, sql, type Transaction } from 'kysely'

import type { Db } from '../../postgres/database.ts'
import type { Database } from '../../schema.ts'
import { surePlate } from '../parts-sql.ts'
import { settleVehicles } from '../vehicles.ts'
import type { ColumnType, Engine } from './engine.ts'
import { quoted } from './engine.ts'
import {
  type MonthFile,
  type MonthFileName,
  monthFileNames,
  monthFilePath,
  sha256OfFile,
} from './files.ts'
import { monthLimits } from './limits.ts'

/** Received, opened or made from the one inclusive to the other exclusive. */
export type Span = { readonly from: Date; readonly until: Date }

type Source = {
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly rows: (span: Span) => RawBuilder<unknown>
  /** How the columns are kept, in the order of `columns`. */
  readonly kept: string
  readonly sorted: string
}

const micros = (at: RawBuilder<unknown>) => sql`(extract(epoch from ${at}) * 1000000)::bigint`
const text = (id: RawBuilder<unknown>) => sql`${id}::text`
const hex = (bytes: RawBuilder<unknown>) => sql`encode(${bytes}, 'hex')`
/** That of the day which the manifest names; empty where it names none, for files of before have no column. */
const recipientOf = sql`coalesce(substring(encode(c.manifest, 'escape') from '"recipient":"([0-9a-z]+)"'), '')`
const time = (name: string) => `make_timestamp(${name}) as ${name}`

const sources: Readonly<Record<MonthFileName, Source>> = {
  captures: {
    columns: {
      capture: 'text',
      class: 'text',
      crossing: 'text',
      port: 'text',
      lane: 'text',
      device: 'text',
      received_at: 'big',
      captured_at: 'big',
      epoch_day: 'text',
      recipient: 'text',
      kek: 'text',
      sha256: 'text',
      shredded_at: 'big',
      vehicle: 'big',
    },
    rows: ({ from, until }) => sql`
      select ${text(sql`k.id`)} as capture, k.class, ${text(sql`c.id`)} as crossing, c.port, c.lane,
        ${text(sql`c.device`)} as device, ${micros(sql`k.received_at`)} as received_at,
        ${micros(sql`c.captured_at`)} as captured_at, ${text(sql`k.epoch_day`)} as epoch_day,
        ${recipientOf} as recipient,
        ${text(sql`k.kek`)} as kek, ${hex(sql`k.sha256`)} as sha256,
        ${micros(sql`k.shredded_at`)} as shredded_at, v.id as vehicle
      from capture k join crossing c on c.id = k.crossing and c.received_at = k.received_at
      left join vehicle v on v.plate = ${surePlate}
      where k.received_at >= ${from} and k.received_at < ${until}
        and c.received_at >= ${from} and c.received_at < ${until} and k.class <> 'reads'`,
    kept: `capture::uuid as capture, class, crossing::uuid as crossing, port, lane,
      device::uuid as device, ${time('received_at')}, ${time('captured_at')},
      epoch_day::date as epoch_day, recipient, kek::uuid as kek, unhex(sha256) as sha256,
      ${time('shredded_at')}, vehicle`,
    sorted: 'port, received_at, capture',
  },
  openings: {
    columns: {
      at: 'big',
      capture: 'text',
      class: 'text',
      crossing: 'text',
      account: 'text',
      access_grant: 'text',
      party: 'text',
      port: 'text',
      lane: 'text',
      day: 'text',
      vehicle: 'big',
    },
    rows: ({ from, until }) => sql`
      select ${micros(sql`at`)} as at, ${text(sql`capture`)} as capture, capture_class as class,
        ${text(sql`crossing`)} as crossing, ${text(sql`account`)} as account,
        ${text(sql`access_grant`)} as access_grant, party, port, lane, ${text(sql`day`)} as day, vehicle
      from opening where at >= ${from} and at < ${until}
        and outcome = 'opened' and capture_class <> 'reads'`,
    kept: `make_timestamp("at") as "at", capture::uuid as capture, class, crossing::uuid as crossing,
      account::uuid as account, access_grant::uuid as access_grant, party, port, lane,
      day::date as day, vehicle`,
    sorted: 'party, "at", capture',
  },
  releases: {
    columns: {
      made_at: 'big',
      release: 'text',
      party: 'text',
      sha256: 'text',
      copy_sha256: 'text',
      capture: 'text',
      class: 'text',
      crossing: 'text',
      port: 'text',
      lane: 'text',
      captured_at: 'big',
      body_sha256: 'text',
      vehicle: 'big',
    },
    rows: ({ from, until }) => sql`
      select ${micros(sql`r.made_at`)} as made_at, ${text(sql`r.id`)} as release, r.party,
        ${hex(sql`f.sha256`)} as sha256, ${hex(sql`f.copy_sha256`)} as copy_sha256,
        ${text(sql`k.id`)} as capture, k.class, ${text(sql`c.id`)} as crossing, c.port, c.lane,
        ${micros(sql`c.captured_at`)} as captured_at, ${hex(sql`k.sha256`)} as body_sha256,
        v.id as vehicle
      from releases r join release_files f on f.release = r.id and f.capture is not null
      join capture k on k.id = f.capture
      join crossing c on c.id = k.crossing and c.received_at = k.received_at
      left join vehicle v on v.plate = ${surePlate}
      where r.made_at >= ${from} and r.made_at < ${until}`,
    kept: `${time('made_at')}, release::uuid as release, party, unhex(sha256) as sha256,
      unhex(copy_sha256) as copy_sha256, capture::uuid as capture, class,
      crossing::uuid as crossing, port, lane, ${time('captured_at')},
      unhex(body_sha256) as body_sha256, vehicle`,
    sorted: 'party, made_at, capture',
  },
  travellers: {
    columns: { crossing: 'text', traveller: 'big' },
    // 52 bits: below 2^53, as the numbers of plates.
    rows: ({ from, until }) => sql`
      select ${text(sql`p.crossing`)} as crossing,
        ('x' || substr(encode(sha256((select traveller_salt from scope_cursor)
          || convert_to(max(p.key), 'UTF8')), 'hex'), 1, 13))::bit(52)::bigint as traveller
      from stay_passage p where p.key like 'document:%'
        and p.received_at >= ${from} and p.received_at < ${until} group by p.crossing`,
    kept: 'crossing::uuid as crossing, traveller',
    sorted: 'crossing',
  },
}

/** Writes the files into `folder`, readable by nobody else, and waits until they are on the disk. */
export async function exportSpan(
  db: Db,
  span: Span,
  folder: string,
  engine: Engine,
): Promise<readonly MonthFile[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await settleVehicles(db)
  await numberPlates(db, span)
  const files: MonthFile[] = []
  await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      await sql`set local statement_timeout = ${sql.lit(monthLimits.exportMsMax)}`.execute(
        transaction,
      )
      for (const name of monthFileNames)
        files.push(await exportFile(transaction, { name, span, folder, engine }))
    })
  await syncDirectory(folder)
  return files
}

type Ask = {
  readonly name: MonthFileName
  readonly span: Span
  readonly folder: string
  readonly engine: Engine
}

async function exportFile(
  transaction: Transaction<Database>,
  { name, span, folder, engine }: Ask,
): Promise<MonthFile> {
  const { columns, rows, kept, sorted } = sources[name]
  const names = Object.keys(columns)
  const types = Object.values(columns)
  const table = `draft_${name}`
  await engine.run(
    `create table ${table} (${names.map((column, at) => `"${column}" ${types[at] === 'text' ? 'varchar' : 'bigint'}`).join(', ')})`,
  )
  await sql`declare month_rows no scroll cursor for ${rows(span)}`.execute(transaction)
  let count = 0
  for (;;) {
    const page = await sql<Record<string, string | number | null>>`
      fetch ${sql.lit(monthLimits.rowsAtOnce)} from month_rows`.execute(transaction)
    await engine.append(
      table,
      types,
      page.rows.map((row) => names.map((column) => row[column] ?? null)),
    )
    count += page.rows.length
    if (page.rows.length < monthLimits.rowsAtOnce) break
  }
  await sql`close month_rows`.execute(transaction)
  const file = monthFilePath(folder, name)
  await engine.run(`copy (select ${kept} from ${table} order by ${sorted})
    to ${quoted(file)} (format parquet, compression zstd)`)
  await engine.run(`drop table ${table}`)
  await chmod(file, 0o600)
  await synced(file)
  return { name, sha256: await sha256OfFile(file), rows: count }
}

async function synced(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Draws a number for each sure plate of the span that has none yet, as openings have it. */
async function numberPlates(db: Db, { from, until }: Span): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`set local statement_timeout = ${sql.lit(monthLimits.exportMsMax)}`.execute(
      transaction,
    )
    const plates = sql`select distinct ${surePlate} as plate from crossing c
      where c.received_at >= ${from} and c.received_at < ${until}
      union select distinct ${surePlate} from releases r
        join release_files f on f.release = r.id join capture k on k.id = f.capture
        join crossing c on c.id = k.crossing and c.received_at = k.received_at
        where r.made_at >= ${from} and r.made_at < ${until}`
    for (;;) {
      // 52 random bits of a version 4 UUID; one that is taken already is drawn again.
      const drawn = await sql`insert into vehicle (id, plate)
        select ('x' || substr(hex, 1, 12) || substr(hex, 14, 1))::bit(52)::bigint, plate
        from (select plate, replace(gen_random_uuid()::text, '-', '') as hex from (${plates}) as sure
          where plate is not null and not exists (select from vehicle v where v.plate = sure.plate)) as drawn
        on conflict do nothing`.execute(transaction)
      if ((drawn.numAffectedRows ?? 0n) === 0n) return
    }
  })
}
