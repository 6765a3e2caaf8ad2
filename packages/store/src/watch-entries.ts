/** Entries of the watch list. A row is in force from its log index to its expiry or withdrawal. */

import { type PlateText } from '@sallyport/core/plate'
import { skeletonOf, type WatchedPlate } from '@sallyport/core/watch'
import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type NewWatchEntry = Insertable<Database['watch_entry']>
export type WatchEntryRow = Selectable<Database['watch_entry']> & {
  readonly made_by_name: string
  readonly withdrawn_by_name: string | null
}

/** Rows of one insert: a statement takes at most 65,535 values. */
const insertRows = 2_000

/** Keeps entries that are not in force yet: all or none. */
export async function insertWatchEntries(db: Db, rows: readonly NewWatchEntry[]): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (let from = 0; from < rows.length; from += insertRows)
      await transaction
        .insertInto('watch_entry')
        .values(rows.slice(from, from + insertRows))
        .execute()
  })
}

/** The log has them: from now on they are in force. All or none. */
export async function noteWatchEntriesLogged(
  db: Db,
  logged: readonly { readonly id: string; readonly logIndex: number }[],
): Promise<void> {
  await sql`update watch_entry set log_index = logged.log_index
    from unnest(${logged.map(({ id }) => id)}::uuid[], ${logged.map(({ logIndex }) => logIndex)}::bigint[])
      as logged (id, log_index)
    where watch_entry.id = logged.id`.execute(db)
}

/** Every entry that is in force at `now`, without who made it and why. */
export async function watchEntriesInForce(db: Db, now: Date): Promise<readonly WatchedPlate[]> {
  const rows = await db
    .selectFrom('watch_entry')
    .select(['id', 'plate', 'jurisdiction', 'tolerance', 'expires_at'])
    .where('log_index', 'is not', null)
    .where('withdrawal_log_index', 'is', null)
    .where('expires_at', '>', now)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    plate: row.plate as PlateText,
    jurisdiction: row.jurisdiction,
    tolerance: row.tolerance,
    expiresAt: row.expires_at,
  }))
}

export type WatchEntryState = 'in_force' | 'expired' | 'withdrawn'

/** Newest first. `plate` is any part of a plate; alike characters count as one. */
export async function listWatchEntries(
  db: Db,
  filter: { readonly state?: WatchEntryState | undefined; readonly plate?: string | undefined },
  page: {
    readonly limit: number
    readonly before: { readonly at: Date; readonly id: string } | null
    readonly now: Date
  },
): Promise<readonly WatchEntryRow[]> {
  const { limit, before, now } = page
  let query = entryQuery(db)
  if (filter.state === 'withdrawn')
    query = query.where('watch_entry.withdrawal_log_index', 'is not', null)
  else if (filter.state !== undefined)
    query = query
      .where('watch_entry.withdrawal_log_index', 'is', null)
      .where('watch_entry.expires_at', filter.state === 'expired' ? '<=' : '>', now)
  if (filter.plate !== undefined)
    query = query.where(
      sql<boolean>`translate(watch_entry.plate, 'ODQILTBSZG', '0001118526') like ${`%${skeletonOf(filter.plate)}%`}`,
    )
  if (before !== null)
    query = query.where(
      sql<boolean>`(watch_entry.made_at, watch_entry.id) < (${before.at}, ${before.id}::uuid)`,
    )
  return query
    .orderBy('watch_entry.made_at', 'desc')
    .orderBy('watch_entry.id', 'desc')
    .limit(limit)
    .execute()
}

/** Those of `ids` that have been in force, in no order. */
export async function watchEntriesById(
  db: Db,
  ids: readonly string[],
): Promise<readonly WatchEntryRow[]> {
  return ids.length === 0 ? [] : entryQuery(db).where('watch_entry.id', 'in', ids).execute()
}

/** Those in force at `now` for exactly one of these plates. */
export async function watchEntriesForPlates(
  db: Db,
  plates: readonly string[],
  now: Date,
): Promise<readonly Pick<WatchEntryRow, 'plate' | 'jurisdiction' | 'issuer'>[]> {
  const { rows } = await sql<Pick<WatchEntryRow, 'plate' | 'jurisdiction' | 'issuer'>>`
    select plate, jurisdiction, issuer from watch_entry
    where plate = any(${plates}::text[]) and log_index is not null
      and withdrawal_log_index is null and expires_at > ${now}`.execute(db)
  return rows
}

function entryQuery(db: Db) {
  return db
    .selectFrom('watch_entry')
    .innerJoin('account as maker', 'maker.id', 'watch_entry.made_by')
    .leftJoin('account as withdrawer', 'withdrawer.id', 'watch_entry.withdrawn_by')
    .selectAll('watch_entry')
    .select(['maker.name as made_by_name', 'withdrawer.name as withdrawn_by_name'])
    .where('watch_entry.log_index', 'is not', null)
}

export type Withdrawal = {
  readonly at: Date
  readonly account: string
  readonly reason: string
  readonly salt: Uint8Array
}

/** A claim of a withdrawal or judgement that nothing came of may be taken over after this long. */
export const claimMs = 60_000

/** Keeps who withdraws and why, before the log has it. False when it is withdrawn or being so. */
export async function claimWithdrawal(db: Db, id: string, by: Withdrawal): Promise<boolean> {
  const claimed = await db
    .updateTable('watch_entry')
    .set({
      withdrawn_at: by.at,
      withdrawn_by: by.account,
      withdrawn_reason: by.reason,
      withdrawal_salt: by.salt,
    })
    .where('id', '=', id)
    .where('log_index', 'is not', null)
    .where('withdrawal_log_index', 'is', null)
    .where((where) =>
      where.or([
        where('withdrawn_at', 'is', null),
        where('withdrawn_at', '<', new Date(by.at.getTime() - claimMs)),
      ]),
    )
    .executeTakeFirst()
  return claimed.numUpdatedRows === 1n
}

/** The log did not take it: the entry stays in force. */
export async function releaseWithdrawal(db: Db, id: string): Promise<void> {
  await db
    .updateTable('watch_entry')
    .set({
      withdrawn_at: null,
      withdrawn_by: null,
      withdrawn_reason: null,
      withdrawal_salt: null,
    })
    .where('id', '=', id)
    .where('withdrawal_log_index', 'is', null)
    .execute()
}

export async function noteWithdrawn(db: Db, id: string, logIndex: number): Promise<void> {
  await db
    .updateTable('watch_entry')
    .set({ withdrawal_log_index: logIndex })
    .where('id', '=', id)
    .execute()
}

/**
 * How often each plate that looks like `plate` was read since `since`, or decided by a person, most
 * often first. What looks listed beside the read is not counted.
 */
export async function countAlike(
  db: Db,
  plate: string,
  since: Date,
): Promise<readonly { readonly text: string; readonly crossings: number }[]> {
  const skeleton = skeletonOf(plate)
  const { rows } = await sql<{ text: string; crossings: number }>`
    select text, count(*) as crossings from (
      select id, plate_text as text from crossing
      where translate(plate_text, 'ODQILTBSZG', '0001118526') = ${skeleton}
        and received_at >= ${since} and kind = 'crossing' and log_index is not null
      union
      select crossing, text from verdict
      where translate(text, 'ODQILTBSZG', '0001118526') = ${skeleton}
        and received_at >= ${since} and state = 'logged'
    ) as seen group by text order by 2 desc, 1`.execute(db)
  return rows
}
