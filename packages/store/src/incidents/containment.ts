/** What was cut off in incidents, and the rows that make it so. */

import type { ContainmentAct } from '@sallyport/proof/incident-entry'
import type { Insertable, Selectable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type StepRow = Selectable<Database['containment_step']>

/** False when the same is cut off already; where two people have to say it, when this one has. */
export async function insertStep(
  db: Db,
  step: Insertable<Database['containment_step']>,
): Promise<boolean> {
  const done = await db
    .insertInto('containment_step')
    .values(step)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

export async function noteStepLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db
    .updateTable('containment_step')
    .set({ log_index: logIndex })
    .where('id', '=', id)
    .execute()
}

/** The log refused it: it never was. */
export async function dropStep(db: Db, id: string): Promise<void> {
  await db
    .deleteFrom('containment_step')
    .where('id', '=', id)
    .where('log_index', 'is', null)
    .execute()
}

export async function unloggedSteps(db: Db): Promise<readonly StepRow[]> {
  return db.selectFrom('containment_step').selectAll().where('log_index', 'is', null).execute()
}

export async function stepById(db: Db, id: string): Promise<StepRow | null> {
  const row = await db
    .selectFrom('containment_step')
    .selectAll()
    .where('id', '=', id)
    .where('log_index', 'is not', null)
    .executeTakeFirst()
  return row ?? null
}

export async function stepsOf(db: Db, incident: string): Promise<readonly StepRow[]> {
  return db
    .selectFrom('containment_step')
    .selectAll()
    .where('incident', '=', incident)
    .where('log_index', 'is not', null)
    .orderBy('at')
    .orderBy('id')
    .execute()
}

/** What is cut off now, in the order in which it was. */
export async function stepsInForce(db: Db): Promise<readonly StepRow[]> {
  return db
    .selectFrom('containment_step')
    .selectAll()
    .where('log_index', 'is not', null)
    .where('lifted_at', 'is', null)
    .orderBy('at')
    .execute()
}

/** Steps of one act and target that are in force: who said the same. */
export async function wordsInForce(
  db: Db,
  act: ContainmentAct,
  target: string,
): Promise<readonly StepRow[]> {
  return (await stepsInForce(db)).filter((step) => step.act === act && step.target === target)
}

export async function noteLifted(
  db: Db,
  id: string,
  by: { readonly at: Date; readonly account: string; readonly logIndex: number },
): Promise<void> {
  await db
    .updateTable('containment_step')
    .set({ lifted_at: by.at, lifted_by: by.account, lifted_log_index: by.logIndex })
    .where('id', '=', id)
    .execute()
}

/** Whether something of this kind is cut off; of one target, or of any. */
export async function isContained(db: Db, act: ContainmentAct, target?: string): Promise<boolean> {
  let query = db
    .selectFrom('containment_step')
    .select('id')
    .where('act', '=', act)
    .where('log_index', 'is not', null)
    .where('lifted_at', 'is', null)
  if (target !== undefined) query = query.where('target', '=', target)
  return (await query.executeTakeFirst()) !== undefined
}

/** Cuts an account off with all its sessions, or lets it back in: then it signs in again. */
export async function setDisabled(db: Db, account: string, at: Date | null): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('account')
      .set({ disabled_at: at })
      .where('id', '=', account)
      .execute()
    if (at !== null)
      await transaction
        .updateTable('session')
        .set({ ended_at: at })
        .where('account', '=', account)
        .where('ended_at', 'is', null)
        .execute()
  })
}

/** Sessions of an account that still work at `now`. */
export async function liveSessions(db: Db, account: string, now: Date): Promise<number> {
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account', '=', account)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .where('account.disabled_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function setQuarantined(db: Db, device: string, at: Date | null): Promise<void> {
  await db.updateTable('device').set({ quarantined_at: at }).where('id', '=', device).execute()
}
