/** Retention erases rows while stays are computed of them and people say what their plates are. */

import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { openJournal } from '@sallyport/hub/journal'
import { createStays } from '@sallyport/hub/stays/stays'
import { generateSigningKey } from '@sallyport/proof/node/ed25519'
import { ensurePartitions, migrate } from '@sallyport/store/migrate'
import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import { eraseRows } from '@sallyport/store/retention/erase'
import { takeEffect } from '@sallyport/store/verdicts'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { makeDatabase, type TestDatabase } from '../support/database.ts'

const shreddings = 12
const plates = 40
const at = new Date('2026-10-05T12:00:00Z')
let database: TestDatabase
let db: Db
let folder: string

beforeEach(async () => {
  database = await makeDatabase()
  db = openDatabase({ kind: 'url', url: database.url })
  await migrate(db)
  await ensurePartitions(db, at)
  await drawCrossings()
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-erase-'))
}, 60_000)
afterEach(async () => {
  await db.destroy()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

/** An id that is the same in SQL: the MD5 of a name. */
const idOf = (name: string) => createHash('md5').update(name).digest('hex')

/** Every plate passes once in what each shredding erases: in, out, in, ... */
async function drawCrossings(): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // Devices, accounts and policies are nothing that is erased.
    await sql`set local session_replication_role = replica`.execute(transaction)
    const drawn = sql`(select s, p, s * ${plates}::int + p as n,
        ${at}::timestamptz + (s * ${plates}::int + p) * interval '1 minute' as at
      from generate_series(0, ${shreddings - 1}::int) s, generate_series(0, ${plates - 1}::int) p) as drawn`
    await sql`insert into crossing (id, received_at, captured_at, port, lane, direction, device, sequence, kind,
        clock, source, manifest, signature, manifest_sha256, epoch_day, log_index, plate_kind, plate_text, plate_folded)
      select md5('c' || n)::uuid, at, at, 'p', 'lane-1', case when s % 2 = 0 then 'in' else 'out' end,
        md5('d')::uuid, n, 'crossing', 'ok', 'camera', '', '', '', at::date, n, 'read', 'P' || p, 'P' || p
      from ${drawn}`.execute(transaction)
    await sql`insert into intake (device, sequence, manifest_sha256, crossing, received_at, log_index)
      select md5('d')::uuid, n, '', md5('c' || n)::uuid, at, n from ${drawn}`.execute(transaction)
    await sql`insert into capture (id, received_at, crossing, class, bytes, sha256, header, epoch_day, segment,
        position, shredding)
      select md5('k' || n)::uuid, at, md5('c' || n)::uuid, 'reads', 1, '', '', at::date, 0, n, md5('s' || s)::uuid
      from ${drawn}`.execute(transaction)
    await sql`insert into shredding (id, policy, class, day, kek, bodies, bytes, requested_at, log_from)
      select md5('s' || s)::uuid, md5('policy')::uuid, 'reads', ${at}::timestamptz::date, md5('kek' || s)::uuid,
        ${plates}::int, 1, ${at}, 0 from generate_series(0, ${shreddings - 1}::int) s`.execute(
      transaction,
    )
  })
}

test('stays that are computed of what is being erased wait for it, and none is left', async () => {
  const { privateKey: seed, publicKey } = generateSigningKey(randomBytes)
  const journal = await openJournal({
    directory: folder,
    origin: 'test.invalid/log',
    key: { seed, publicKey },
    sizeMin: 0,
    now: at,
  })
  const reported: string[] = []
  const report = (message: string) => void reported.push(message)
  const stays = createStays({ db, journal, now: () => at, report, zone: 'UTC', rules: [] })
  try {
    await stays.start()
    await stays.settled()
    expect(await count('stay')).toBe((plates * shreddings) / 2)
    let erasing = true
    const computing = (async () => {
      while (erasing) {
        await stays.recompute()
        await stays.settled()
      }
    })()
    for (let shredding = 0; shredding < shreddings; shredding++)
      await eraseRows(db, { id: idOf(`s${shredding}`), class: 'reads' }, at)
    erasing = false
    await computing
    await stays.settled()
    expect(reported).toEqual([])
    expect([await count('stay'), await count('stay_passage')]).toEqual([0, 0])
  } finally {
    await stays.drain()
    await journal.close()
  }
}, 120_000)

test('a verdict that takes effect on a crossing that is being erased puts no plate back', async () => {
  await db.transaction().execute(async (transaction) => {
    await sql`set local session_replication_role = replica`.execute(transaction)
    await sql`insert into verdict (id, crossing, received_at, at, account, kind, text, by_salt, text_salt, state, log_from)
      select md5('v' || sequence)::uuid, id, received_at, ${at}, md5('a')::uuid, 'corrected', 'SEEN' || sequence,
        '', '', 'pending', 0 from crossing`.execute(transaction)
  })
  for (let shredding = 0; shredding < shreddings; shredding++) {
    const numbers = Array.from({ length: plates }, (_, plate) => shredding * plates + plate)
    await Promise.all([
      ...numbers.map((number) =>
        takeEffect(
          db,
          {
            id: idOf(`v${number}`),
            crossing: idOf(`c${number}`),
            received_at: new Date(at.getTime() + number * 60_000),
            kind: 'corrected',
            text: `SEEN${number}`,
          },
          1000 + number,
        ),
      ),
      eraseRows(db, { id: idOf(`s${shredding}`), class: 'reads' }, at),
    ])
  }
  const { rows } = await sql`select id from crossing
    where verdict is not null or verdict_folded is not null or plate_folded is not null`.execute(db)
  expect(rows).toEqual([])
  // Every one of them is in the log, or will be: of those ids is kept that they were erased.
  expect([await count('verdict'), await count('shredded_row')]).toEqual([0, plates * shreddings])
}, 120_000)

async function count(table: 'stay' | 'stay_passage' | 'verdict' | 'shredded_row'): Promise<number> {
  const { rows } = await sql<{
    count: number
  }>`select count(*) as count from ${sql.table(table)}`.execute(db)
  return rows[0]?.count ?? -1
}
