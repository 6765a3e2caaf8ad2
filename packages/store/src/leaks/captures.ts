/** Stored pictures as a search for copies sees them: hashes, plates, places. */

import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'

export type HashedCapture = {
  readonly id: string
  readonly receivedAt: Date
  /** 32 bytes. */
  readonly hash: Buffer
}

/** Those with a hash of this algorithm that came in after `after`, oldest first. */
export async function hashedCaptures(
  db: Db,
  algorithm: string,
  after: { readonly receivedAt: Date; readonly id: string } | null,
  limit: number,
): Promise<readonly HashedCapture[]> {
  let query = db
    .selectFrom('capture')
    .select(['id', 'received_at', 'copy_hash'])
    .where('copy_hash', 'is not', null)
    .where('copy_algorithm', '=', algorithm)
  if (after !== null) {
    query = query
      .where('received_at', '>=', after.receivedAt)
      .where(sql<boolean>`(received_at, id) > (${after.receivedAt}, ${after.id}::uuid)`)
  }
  const rows = await query.orderBy('received_at').orderBy('id').limit(limit).execute()
  return rows.flatMap(({ id, received_at: receivedAt, copy_hash: hash }) =>
    hash === null ? [] : [{ id, receivedAt, hash }],
  )
}

/** Pictures that are stored and not shredded, whether or not they have a hash. */
export async function countCaptures(db: Db): Promise<number> {
  const row = await db
    .selectFrom('capture')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('class', '!=', 'reads')
    .where('shredded_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Of those ids the ones that are still there and not shredded. */
export async function existingAmong(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('capture')
    .select('id')
    .where('id', 'in', ids)
    .where('copy_hash', 'is not', null)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Ids of crossings whose plate, folded, is one of `texts`, newest first; what a person says of it counts, too. */
export async function crossingsWithPlates(
  db: Db,
  texts: readonly string[],
  limit: number,
): Promise<readonly string[]> {
  if (texts.length === 0) return []
  // Found first, then put in order: walking along the times of receipt until enough are found takes for ever.
  const { rows } = await sql<{ id: string }>`
    with named as materialized (
      select id, received_at from crossing
      where kind = 'crossing' and plate_folded = any(${texts}::text[])
      union
      select id, received_at from crossing
      where kind = 'crossing' and verdict_folded = any(${texts}::text[])
    )
    select id from named order by received_at desc limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/** Some stored pictures, by chance: what a self-test plants copies of. */
export async function someCaptures(
  db: Db,
  algorithm: string,
  count: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from capture
    where class = 'scene' and copy_algorithm = ${algorithm} and shredded_at is null
    order by random() limit ${count}`.execute(db)
  return rows.map(({ id }) => id)
}
