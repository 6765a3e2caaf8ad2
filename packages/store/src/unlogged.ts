/** Rows that a failure or a crash left without their log entry, and where in the log it may stand. */

import type { Selectable } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type UnloggedOpening = Selectable<Database['opening']>
export type UnloggedAlarm = Selectable<Database['alarm']>

/** Oldest first, at most `limit`. */
export async function unloggedOpenings(db: Db, limit: number): Promise<readonly UnloggedOpening[]> {
  return db
    .selectFrom('opening')
    .selectAll()
    .where('log_index', 'is', null)
    .orderBy('at')
    .limit(limit)
    .execute()
}

/** Oldest first, at most `limit`. */
export async function unloggedAlarms(db: Db, limit: number): Promise<readonly UnloggedAlarm[]> {
  return db
    .selectFrom('alarm')
    .selectAll()
    .where('log_index', 'is', null)
    .orderBy('at')
    .limit(limit)
    .execute()
}

/** What became of an opening after all, and the entry that says so. */
export async function noteOpeningSettled(
  db: Db,
  id: string,
  settled: Pick<UnloggedOpening, 'outcome' | 'code' | 'log_index'>,
): Promise<void> {
  await db.updateTable('opening').set(settled).where('id', '=', id).execute()
}

/** A row's entry cannot be earlier than what was logged this long before the row was made. */
const clockMarginMs = 3_600_000

/** The first log index at which the entry of a row made at `at` may stand. */
export async function firstLogIndexFor(db: Db, at: Date): Promise<number> {
  const row = await db
    .selectFrom('crossing')
    .select('log_index')
    .where('received_at', '<', new Date(at.getTime() - clockMarginMs))
    .where('log_index', 'is not', null)
    .orderBy('received_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (row?.log_index ?? -1) + 1
}
