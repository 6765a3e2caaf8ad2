/** What officers who leave a lane wrote for those who come, and who took it. */

import type { Standing } from '@sallyport/core/window/window'
import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type HandoverActRow = Selectable<Database['handover_act']> & {
  readonly account_name: string
}
export type HandoverRow = Selectable<Database['handover']> & {
  /** Those that the log has: `written`, and `taken` where somebody did. */
  readonly acts: readonly HandoverActRow[]
}

function actsWithNames(db: Db) {
  return db
    .selectFrom('handover_act')
    .innerJoin('account', 'account.id', 'handover_act.account')
    .selectAll('handover_act')
    .select('account.name as account_name')
}

/** The newest of a lane or of all, with the acts that the log has; one that was not logged is none. */
export async function listHandovers(
  db: Db,
  lane: string | null,
  limit: number,
): Promise<readonly HandoverRow[]> {
  let query = db
    .selectFrom('handover')
    .innerJoin('handover_act', 'handover_act.handover', 'handover.id')
    .selectAll('handover')
    .where('handover_act.act', '=', 'written')
    .where('handover_act.log_index', 'is not', null)
  if (lane !== null) query = query.where('handover.lane', '=', lane)
  return withActs(db, await query.orderBy('handover_act.at', 'desc').limit(limit).execute())
}

export async function handoverById(db: Db, id: string): Promise<HandoverRow | null> {
  const rows = await db.selectFrom('handover').selectAll().where('id', '=', id).execute()
  const [row] = await withActs(db, rows)
  return row === undefined || row.acts.length === 0 ? null : row
}

async function withActs(
  db: Db,
  rows: readonly Selectable<Database['handover']>[],
): Promise<readonly HandoverRow[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const acts = await actsWithNames(db)
    .where('handover_act.handover', 'in', ids)
    .where('handover_act.log_index', 'is not', null)
    .orderBy('handover_act.log_index')
    .execute()
  return rows.map((row) => ({
    ...row,
    referrals: idsOf(row.referrals),
    acts: acts.filter(({ handover }) => handover === row.id),
  }))
}

/** Within an array PostgreSQL's dashes stay. */
export function idsOf(referrals: readonly string[]): string[] {
  return referrals.map((id) => id.replaceAll('-', ''))
}

/** The referrals of a lane that wait in secondary, newest first. */
export async function openReferralsOf(
  db: Db,
  lane: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('window_standing')
    .select('crossing')
    .where('standing', '=', 'referred')
    .where('lane', '=', lane)
    .orderBy('changed_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ crossing }) => crossing)
}

/** Where these crossings stand now; those that were erased are left out. */
export async function standingsOf(
  db: Db,
  crossings: readonly string[],
): Promise<
  readonly {
    readonly crossing: string
    readonly plate: string | null
    readonly standing: Standing['kind']
  }[]
> {
  if (crossings.length === 0) return []
  const { rows } = await sql<{
    crossing: string
    plate: string | null
    standing: Standing['kind']
  }>`
    select window_standing.crossing, coalesce(verdict_folded, plate_text) as plate, standing
    from window_standing join crossing on crossing.id = window_standing.crossing
    where window_standing.crossing = any(${[...crossings]}::uuid[])`.execute(db)
  return rows
}

/** Stores what was written with its act; neither counts yet. */
export async function insertHandover(
  db: Db,
  row: Insertable<Database['handover']>,
  act: Omit<Insertable<Database['handover_act']>, 'act' | 'handover'>,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.insertInto('handover').values(row).execute()
    await transaction
      .insertInto('handover_act')
      .values({ ...act, handover: row.id, act: 'written' })
      .execute()
  })
}

/** False when somebody took it already, or is taking it. */
export async function insertTaking(
  db: Db,
  act: Omit<Insertable<Database['handover_act']>, 'act'>,
): Promise<boolean> {
  const done = await db
    .insertInto('handover_act')
    .values({ ...act, act: 'taken' })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

type ActKey = Pick<Selectable<Database['handover_act']>, 'handover' | 'act'>

export async function noteHandoverLogged(
  db: Db,
  { handover, act }: ActKey,
  logIndex: number,
): Promise<void> {
  await db
    .updateTable('handover_act')
    .set({ log_index: logIndex })
    .where('handover', '=', handover)
    .where('act', '=', act)
    .execute()
}

/** The log did not take it: it was never said. */
export async function dropHandoverAct(db: Db, { handover, act }: ActKey): Promise<void> {
  if (act === 'written') await db.deleteFrom('handover').where('id', '=', handover).execute()
  else
    await db
      .deleteFrom('handover_act')
      .where('handover', '=', handover)
      .where('act', '=', act)
      .where('log_index', 'is', null)
      .execute()
}

/** Acts whose log entry is not known: a crash fell between. */
export async function unloggedHandoverActs(
  db: Db,
): Promise<readonly Selectable<Database['handover_act']>[]> {
  return db.selectFrom('handover_act').selectAll().where('log_index', 'is', null).execute()
}

/** Erases what was written before `before`: notes are for the next officer, not for ever. */
export async function sweepHandovers(db: Db, before: Date): Promise<void> {
  await sql`delete from handover where id in (
    select handover from handover_act where act = 'written' and at < ${before})`.execute(db)
}
