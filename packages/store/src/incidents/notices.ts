/** Notices as they went out. */

import type { Insertable, Selectable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type NoticeRow = Selectable<Database['notice']>

/** False when another of this version was recorded at the same moment. */
export async function insertNotice(db: Db, row: Insertable<Database['notice']>): Promise<boolean> {
  const done = await db
    .insertInto('notice')
    .values(row)
    .onConflict((conflict) => conflict.columns(['incident', 'rule', 'version']).doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

export async function noteNoticeLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('notice').set({ log_index: logIndex }).where('id', '=', id).execute()
}

/** The log refused it: as far as the hub knows it was not sent. */
export async function dropNotice(db: Db, id: string): Promise<void> {
  await db.deleteFrom('notice').where('id', '=', id).where('log_index', 'is', null).execute()
}

export async function unloggedNotices(db: Db): Promise<readonly NoticeRow[]> {
  return db.selectFrom('notice').selectAll().where('log_index', 'is', null).execute()
}

/** Of an incident, in the order in which they went out. */
export async function noticesOf(db: Db, incident: string): Promise<readonly NoticeRow[]> {
  return db
    .selectFrom('notice')
    .selectAll()
    .where('incident', '=', incident)
    .where('log_index', 'is not', null)
    .orderBy('sent_at')
    .orderBy('version')
    .execute()
}
