/** What people say of crossings at the window: rows are only added, and the standing is made of them. */

import type { ErrorFound, Said, Standing, Step, WindowState } from '@sallyport/core/window/window'
import { windowState } from '@sallyport/core/window/window'
import { type Insertable, type Selectable, sql, type Transaction } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

/** With whose it is: the name of the account, or the one that was stated at a lane. */
export type WindowStepRow = Selectable<Database['window_step']> & {
  readonly account_name: string | null
  readonly stated_name: string | null
  readonly on_shift: readonly string[] | null
  readonly arrived_at: Date | null
}
export type WindowStandingRow = Selectable<Database['window_standing']>

function withNames(db: Db | Transaction<Database>) {
  return db
    .selectFrom('window_step')
    .leftJoin('account', 'account.id', 'window_step.account')
    .leftJoin('lane_verdict', 'lane_verdict.id', 'window_step.id')
    .selectAll('window_step')
    .select([
      'account.name as account_name',
      'lane_verdict.stated_name',
      'lane_verdict.on_shift',
      'lane_verdict.arrived_at',
    ])
}

/** Every step of these crossings that the log has, by crossing and place. */
export async function windowSteps(
  db: Db | Transaction<Database>,
  crossings: readonly string[],
): Promise<readonly WindowStepRow[]> {
  if (crossings.length === 0) return []
  return withNames(db)
    .where('window_step.crossing', 'in', [...crossings])
    .where('window_step.state', '=', 'logged')
    .orderBy('window_step.crossing')
    .orderBy('window_step.place')
    .execute()
}

/** A row as core takes it. */
export function asStep(row: Selectable<Database['window_step']>): Step {
  const { id, place, at, account } = row
  return { id, place, at, account, said: saidOf(row) }
}

function saidOf({ kind, code, wrong }: Pick<WindowStepRow, 'kind' | 'code' | 'wrong'>): Said {
  // The table refuses a kind with another's code left out; which code it is was parsed at the edge.
  if (kind === 'closed') return { kind, outcome: code, wrong } as Said
  if (kind === 'referred') return { kind, reason: code } as Said
  return (kind === 'looked' ? { kind, finding: code } : { kind }) as Said
}

/** The columns that a said thing fills. */
export function columnsOf(said: Said): {
  readonly kind: Said['kind']
  readonly code: WindowStepRow['code']
  readonly wrong: ErrorFound[]
} {
  switch (said.kind) {
    case 'referred':
      return { kind: said.kind, code: said.reason, wrong: [] }
    case 'looked':
      return { kind: said.kind, code: said.finding, wrong: [] }
    case 'closed':
      return { kind: said.kind, code: said.outcome, wrong: [...said.wrong] }
    case 'admitted':
    case 'opted_out':
    case 'undone':
      return { kind: said.kind, code: null, wrong: [] }
  }
}

/** False when somebody else holds this place already. */
export async function insertWindowStep(
  db: Db,
  step: Insertable<Database['window_step']>,
): Promise<boolean> {
  const done = await db
    .insertInto('window_step')
    .values(step)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

/** The step of a crossing whose log entry is not known; at most one. */
export async function pendingStepOf(db: Db, crossing: string): Promise<WindowStepRow | null> {
  const row = await withNames(db)
    .where('window_step.crossing', '=', crossing)
    .where('window_step.state', '=', 'pending')
    .executeTakeFirst()
  return row ?? null
}

/** Steps whose log entry is not known: a crash fell between. */
export async function pendingWindowSteps(db: Db): Promise<readonly WindowStepRow[]> {
  return withNames(db)
    .where('window_step.state', '=', 'pending')
    .orderBy('window_step.log_from')
    .execute()
}

/** The log did not take it: its place is free again. What a lane said goes, for the lane brings it again. */
export async function noteStepFailed(db: Db, id: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .deleteFrom('window_step')
      .where('id', '=', id)
      .where('account', 'is', null)
      .execute()
    await transaction.deleteFrom('lane_verdict').where('id', '=', id).execute()
    await transaction
      .updateTable('window_step')
      .set({ state: 'failed' })
      .where('id', '=', id)
      .execute()
  })
}

/** The log has it: it counts, and the crossing stands where its steps say. */
export async function noteStepLogged(
  db: Db,
  { id, crossing }: Pick<WindowStepRow, 'id' | 'crossing'>,
  logIndex: number,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('window_step')
      .set({ state: 'logged', log_index: logIndex })
      .where('id', '=', id)
      .execute()
    await transaction
      .updateTable('lane_verdict')
      .set({ log_index: logIndex })
      .where('id', '=', id)
      .execute()
    await putStanding(transaction, crossing)
  })
}

async function putStanding(transaction: Transaction<Database>, crossing: string): Promise<void> {
  const found = await transaction
    .selectFrom('crossing')
    .select(['received_at', 'captured_at', 'lane'])
    .where('id', '=', crossing)
    .executeTakeFirst()
  if (found === undefined) return
  const state = windowState((await windowSteps(transaction, [crossing])).map(asStep))
  const row = { crossing, ...found, ...standingColumns(state) }
  await transaction
    .insertInto('window_standing')
    .values({ ...row, forgotten_at: null })
    .onConflict((conflict) => conflict.column('crossing').doUpdateSet(row))
    .execute()
}

/** What the columns of a standing are made of. */
export function standingColumns(state: WindowState) {
  const { standing, optedOut, verdict, last } = state
  if (last === null) throw new Error('a standing is made of steps')
  return {
    standing: standing.kind,
    place: last.place,
    changed_at: last.at,
    reason: reasonOf(standing),
    outcome: standing.kind === 'closed' ? standing.by.said.outcome : null,
    verdict_at: verdict?.at ?? null,
    opted_out_at: optedOut?.at ?? null,
  }
}

function reasonOf(standing: Standing) {
  if (standing.kind === 'referred') return standing.by.said.reason
  return standing.kind === 'closed' ? standing.referred.said.reason : null
}

/** Referrals, newest first, from a place on. */
export async function listReferrals(
  db: Db,
  standing: 'referred' | 'closed',
  limit: number,
  before: { readonly at: Date; readonly id: string } | null,
): Promise<readonly WindowStandingRow[]> {
  let query = db.selectFrom('window_standing').selectAll().where('standing', '=', standing)
  if (before !== null)
    query = query.where(sql<boolean>`(changed_at, crossing) < (${before.at}, ${before.id}::uuid)`)
  return query.orderBy('changed_at', 'desc').orderBy('crossing', 'desc').limit(limit).execute()
}

/** How many referrals wait. */
export async function countReferrals(db: Db): Promise<number> {
  const row = await db
    .selectFrom('window_standing')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('standing', '=', 'referred')
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Crossings of travellers who opted out whose faces are not known to be gone. */
export async function unforgottenOptOuts(db: Db): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('window_standing')
    .select('crossing')
    .where('opted_out_at', 'is not', null)
    .where('forgotten_at', 'is', null)
    .execute()
  return rows.map(({ crossing }) => crossing)
}

export async function noteForgotten(db: Db, crossing: string, at: Date): Promise<void> {
  await db
    .updateTable('window_standing')
    .set({ forgotten_at: at })
    .where('crossing', '=', crossing)
    .execute()
}

/** Erases what was said of crossings whose reads are shredded, in the transaction that erases them. */
export async function forgetWindow(
  transaction: Transaction<Database>,
  crossings: readonly string[],
): Promise<void> {
  if (crossings.length === 0) return
  const gone = sql`any(${[...crossings]}::uuid[])`
  await sql`delete from window_step where crossing = ${gone}`.execute(transaction)
  await sql`delete from window_standing where crossing = ${gone}`.execute(transaction)
  await sql`delete from lane_verdict where crossing = ${gone}`.execute(transaction)
}
