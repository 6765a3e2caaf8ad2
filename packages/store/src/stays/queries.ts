/** Reading stays: lists, those that are too long, and what may belong to one whose other side is missing. */

import type { StayState } from '@sallyport/core/stays/stay'
import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { StayRow } from './computed.ts'
import type { PassageRow } from './passages.ts'

/** Where a page ended. */
export type StayPlace = { readonly at: Date; readonly id: string }

export type StayFilter = {
  readonly states: readonly StayState[] | null
  /** Only those with a doubt, or only those without. */
  readonly doubted?: boolean | undefined
  readonly key?: string | undefined
}

/** Newest first, by the passage that a stay begins with. */
export async function listStays(
  db: Db,
  { states, doubted, key }: StayFilter,
  limit: number,
  before: StayPlace | null,
): Promise<readonly StayRow[]> {
  let query = db.selectFrom('stay').selectAll()
  if (states !== null) query = query.where('state', 'in', [...states])
  if (doubted !== undefined) query = query.where('doubted', '=', doubted)
  if (key !== undefined) query = query.where('key', '=', key)
  if (before !== null)
    query = query.where(sql<boolean>`(at, id) < (${before.at}, ${before.id}::uuid)`)
  return query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/**
 * Stays longer than their rule allows at `now`: of those still inside, or of those that left. The one
 * that is due the longest comes first, for those inside; for those that left, the one that is due last.
 */
export async function listOverstays(
  db: Db,
  where: 'inside' | 'left',
  now: Date,
  limit: number,
  after: StayPlace | null,
): Promise<readonly StayRow[]> {
  let query = db.selectFrom('stay').selectAll()
  if (where === 'inside') {
    query = query.where('until_at', 'is', null).where('due_at', '<=', now)
    if (after !== null)
      query = query.where(sql<boolean>`(due_at, id) > (${after.at}, ${after.id}::uuid)`)
    return query.orderBy('due_at').orderBy('id').limit(limit).execute()
  }
  query = query.where(sql<boolean>`until_at >= due_at`)
  if (after !== null)
    query = query.where(sql<boolean>`(due_at, id) < (${after.at}, ${after.id}::uuid)`)
  return query.orderBy('due_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export type StayCounts = {
  readonly states: Readonly<Record<string, number>>
  readonly doubted: number
  readonly over_inside: number
  readonly over_left: number
  /** Passages of which nobody knows surely who it was. */
  readonly unknown: number
}

export async function countStays(db: Db, now: Date): Promise<StayCounts> {
  const { rows } = await sql<{ state: string; count: number; doubted: number }>`
    select state, count(*) as count, count(*) filter (where doubted) as doubted
    from stay group by state`.execute(db)
  const others = await sql<{ over_inside: number; over_left: number; unknown: number }>`
    select (select count(*) from stay where until_at is null and due_at <= ${now}) as over_inside,
      (select count(*) from stay where until_at >= due_at) as over_left,
      (select count(*) from stay_passage where key is null) as unknown`.execute(db)
  const [other] = others.rows
  return {
    states: Object.fromEntries(rows.map(({ state, count }) => [state, count])),
    doubted: rows.reduce((sum, row) => sum + row.doubted, 0),
    over_inside: other?.over_inside ?? 0,
    over_left: other?.over_left ?? 0,
    unknown: other?.unknown ?? 0,
  }
}

export async function stayById(db: Db, id: string): Promise<StayRow | null> {
  return (await db.selectFrom('stay').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Every stay of a key, newest first, at most `limit`. */
export async function staysOfKey(db: Db, key: string, limit: number): Promise<readonly StayRow[]> {
  return listStays(db, { states: null, key }, limit, null)
}

/** The stays that these passages are in. */
export async function staysOfPassages(
  db: Db,
  passages: readonly string[],
): Promise<readonly StayRow[]> {
  if (passages.length === 0) return []
  return db
    .selectFrom('stay')
    .selectAll()
    .where(sql<boolean>`passages && ${[...passages]}::uuid[]`)
    .execute()
}

/** Stays with a missing side that a text of the index finds; `near` as core's `nearIndex` makes it. */
export async function staysNear(
  db: Db,
  near: readonly string[],
  limit: number,
): Promise<readonly StayRow[]> {
  return db
    .selectFrom('stay')
    .selectAll()
    .where(sql<boolean>`near && ${[...near]}::text[]`)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute()
}

/** Passages without a key that a text of the index finds. */
export async function unknownNear(
  db: Db,
  near: readonly string[],
  limit: number,
): Promise<readonly PassageRow[]> {
  return db
    .selectFrom('stay_passage')
    .selectAll()
    .where(sql<boolean>`near && ${[...near]}::text[]`)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute()
}

/** Passages that nobody knows, newest first; `state` of the list "unmatched". */
export async function unknownPassages(
  db: Db,
  limit: number,
  before: StayPlace | null,
): Promise<readonly PassageRow[]> {
  let query = db.selectFrom('stay_passage').selectAll().where('key', 'is', null)
  if (before !== null)
    query = query.where(sql<boolean>`(at, id) < (${before.at}, ${before.id}::uuid)`)
  return query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** How many passages of one direction between two instants nobody knows. */
export async function countUnknown(
  db: Db,
  direction: 'in' | 'out',
  from: Date,
  to: Date,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from stay_passage
    where key is null and direction = ${direction} and at >= ${from} and at < ${to}`.execute(db)
  return rows[0]?.count ?? 0
}

/** The time of the first passage that there is a record of; null when there is none. */
export async function firstPassageAt(db: Db): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`select min(at) as at from stay_passage`.execute(
    db,
  )
  return rows[0]?.at ?? null
}
