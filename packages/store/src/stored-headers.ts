/** Headers of stored bodies: which are under a KEK, and those that a hub of before left under an epoch. */

import { sql } from 'kysely'

import type { Db } from './postgres/database.ts'

/** Whether any stored body needs a keystore to be opened. */
export async function anyUnderKek(db: Db): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`select
    exists (select from capture where kek is not null)
    or exists (select from evaluation where kek is not null) as any`.execute(db)
  return rows[0]?.any ?? false
}

/** One picture or label set that is still under its epoch. */
export type UnderEpoch = {
  readonly table: 'capture' | 'evaluation'
  readonly id: string
  readonly receivedAt: Date
  readonly class: string
  readonly day: string
  readonly header: Buffer
}

/** Those captures of `day`, if it is given, after `after` in order of receipt. */
export async function capturesUnderEpoch(
  db: Db,
  {
    day,
    after,
    limit,
  }: {
    readonly day: string | null
    readonly after: { readonly receivedAt: Date; readonly id: string } | null
    readonly limit: number
  },
): Promise<readonly UnderEpoch[]> {
  let query = db
    .selectFrom('capture')
    .select(['id', 'received_at', 'class', 'epoch_day', 'header'])
    .where('kek', 'is', null)
  if (day !== null) query = query.where('epoch_day', '=', day)
  if (after !== null)
    query = query.where(sql<boolean>`(received_at, id) > (${after.receivedAt}, ${after.id}::uuid)`)
  const rows = await query.orderBy('received_at').orderBy('id').limit(limit).execute()
  return rows.map((row) => ({
    table: 'capture',
    id: row.id,
    receivedAt: row.received_at,
    class: row.class,
    day: row.epoch_day,
    header: row.header,
  }))
}

/** Label sets of evaluations: few. */
export async function labelSetsUnderEpoch(db: Db): Promise<readonly UnderEpoch[]> {
  const rows = await db
    .selectFrom('evaluation')
    .select(['id', 'at', 'epoch_day', 'header'])
    .where('kek', 'is', null)
    .execute()
  return rows.map((row) => ({
    table: 'evaluation',
    id: row.id,
    receivedAt: row.at,
    class: 'label_set',
    day: row.epoch_day,
    header: row.header,
  }))
}

export type RewrappedHeader = Pick<UnderEpoch, 'table' | 'id' | 'receivedAt'> & {
  /** The header that is replaced: another one in the row is left alone. */
  readonly before: Uint8Array
  readonly header: Uint8Array
  readonly kek: string
}

/** Puts new headers into the rows, all or none. */
export async function replaceHeaders(db: Db, rewrapped: readonly RewrappedHeader[]): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (const table of ['capture', 'evaluation'] as const) {
      const rows = rewrapped.filter((one) => one.table === table)
      if (rows.length === 0) continue
      const at = sql.ref(table === 'capture' ? 'received_at' : 'at')
      await sql`update ${sql.table(table)} as stored set header = new.header, kek = new.kek
        from unnest(
          ${rows.map(({ id }) => id)}::uuid[],
          ${rows.map(({ receivedAt }) => receivedAt.toISOString())}::timestamptz[],
          ${rows.map(({ before }) => Buffer.from(before))}::bytea[],
          ${rows.map(({ header }) => Buffer.from(header))}::bytea[],
          ${rows.map(({ kek }) => kek)}::uuid[]
        ) as new (id, at, before, header, kek)
        where stored.id = new.id and stored.${at} = new.at and stored.header = new.before`.execute(
        transaction,
      )
    }
  })
}
