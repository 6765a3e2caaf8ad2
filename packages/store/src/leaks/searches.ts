/** Searches for leaked copies and what they found. */

import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type LeakSearchRow = Selectable<Database['leak_search']> & { readonly account_name: string }
export type LeakFileRow = Selectable<Database['leak_file']>

export async function insertLeakSearch(
  db: Db,
  search: Insertable<Database['leak_search']>,
): Promise<void> {
  await db.insertInto('leak_search').values(search).execute()
}

export async function noteLeakSearchLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('leak_search').set({ log_index: logIndex }).where('id', '=', id).execute()
}

export async function noteFacesDescribed(db: Db, id: string, faces: number | null): Promise<void> {
  await db.updateTable('leak_search').set({ faces_described: faces }).where('id', '=', id).execute()
}

export async function noteLeakSearchEnded(
  db: Db,
  id: string,
  ended: { readonly at: Date; readonly logIndex: number },
): Promise<void> {
  await db
    .updateTable('leak_search')
    .set({ state: 'ended', ended_at: ended.at, end_log_index: ended.logIndex })
    .where('id', '=', id)
    .execute()
}

export async function noteSelfTest(db: Db, id: string, result: unknown): Promise<void> {
  await db
    .updateTable('leak_search')
    .set({ self_test: JSON.stringify(result) })
    .where('id', '=', id)
    .execute()
}

export async function leakSearchById(db: Db, id: string): Promise<LeakSearchRow | null> {
  return (await searches(db).where('leak_search.id', '=', id).executeTakeFirst()) ?? null
}

export async function listLeakSearches(db: Db, limit: number): Promise<readonly LeakSearchRow[]> {
  return searches(db).orderBy('leak_search.at', 'desc').limit(limit).execute()
}

function searches(db: Db) {
  return db
    .selectFrom('leak_search')
    .innerJoin('account', 'account.id', 'leak_search.account')
    .selectAll('leak_search')
    .select('account.name as account_name')
}

/** Stores a finding under the next number of its search, which it returns. */
export async function insertLeakFile(
  db: Db,
  file: Insertable<Database['leak_file']>,
): Promise<void> {
  await db.insertInto('leak_file').values(file).execute()
}

export async function lastLeakFile(db: Db, search: string): Promise<number> {
  const row = await db
    .selectFrom('leak_file')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('search', '=', search)
    .executeTakeFirst()
  return row?.last ?? 0
}

/** In the order in which they were looked at, after `after`. */
export async function listLeakFiles(
  db: Db,
  search: string,
  { after, limit, verdict }: { after: number; limit: number; verdict?: LeakFileRow['verdict'] },
): Promise<readonly LeakFileRow[]> {
  let query = db
    .selectFrom('leak_file')
    .selectAll()
    .where('search', '=', search)
    .where('number', '>', after)
  if (verdict !== undefined) query = query.where('verdict', '=', verdict)
  return query.orderBy('number').limit(limit).execute()
}

export type LeakCounts = {
  readonly files: number
  readonly ours: number
  readonly unsure: number
  readonly attributed: number
}

export async function countLeakFiles(db: Db, search: string): Promise<LeakCounts> {
  const { rows } = await sql<LeakCounts>`
    select count(*)::int as files,
      count(*) filter (where verdict = 'ours')::int as ours,
      count(*) filter (where verdict = 'unsure')::int as unsure,
      count(*) filter (where party is not null)::int as attributed
    from leak_file where search = ${search}::uuid`.execute(db)
  const [counts] = rows
  if (counts === undefined) throw new Error('a count has a row')
  return counts
}
