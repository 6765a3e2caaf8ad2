/** Originals that a contractor asked for, and what a person of the agency said. */

import type { Insertable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'
import type { SecondingRow } from './grants.ts'

export type WaitingSeconding = SecondingRow & {
  readonly asked_by_name: string
  readonly party: string
}

export async function insertSeconding(
  db: Db,
  seconding: Insertable<Database['seconding']>,
): Promise<void> {
  await db.insertInto('seconding').values(seconding).execute()
}

export async function secondingById(db: Db, id: string): Promise<SecondingRow | null> {
  const row = await db.selectFrom('seconding').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** Live asks of a party that nobody answered since `since`. */
export async function liveWaiting(
  db: Db,
  party: string,
  since: Date,
): Promise<readonly SecondingRow[]> {
  return db
    .selectFrom('seconding')
    .innerJoin('account', 'account.id', 'seconding.asked_by')
    .selectAll('seconding')
    .where('account.party', '=', party)
    .where('live', '=', true)
    .where('answered_at', 'is', null)
    .where('asked_at', '>=', since)
    .execute()
}

/** Those that wait for an answer, oldest first. */
export async function waitingSecondings(
  db: Db,
  since: Date,
  limit: number,
): Promise<readonly WaitingSeconding[]> {
  return db
    .selectFrom('seconding')
    .innerJoin('account', 'account.id', 'seconding.asked_by')
    .selectAll('seconding')
    .select(['account.name as asked_by_name', 'account.party'])
    .where('answered_at', 'is', null)
    .where('asked_at', '>=', since)
    .orderBy('asked_at')
    .limit(limit)
    .execute()
}

/** Those that somebody asked for since `since`, newest first. */
export async function secondingsOf(
  db: Db,
  account: string,
  since: Date,
  limit: number,
): Promise<readonly SecondingRow[]> {
  return db
    .selectFrom('seconding')
    .selectAll()
    .where('asked_by', '=', account)
    .where('asked_at', '>=', since)
    .orderBy('asked_at', 'desc')
    .limit(limit)
    .execute()
}

/** The answer, once; false when there is one already. */
export async function noteAnswered(
  db: Db,
  id: string,
  answer: {
    readonly at: Date
    readonly by: string
    readonly agreed: boolean
    readonly reason: string | null
    readonly logIndex: number
  },
): Promise<boolean> {
  const result = await db
    .updateTable('seconding')
    .set({
      answered_at: answer.at,
      answered_by: answer.by,
      agreed: answer.agreed,
      answer_reason: answer.reason,
      log_index: answer.logIndex,
    })
    .where('id', '=', id)
    .where('answered_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

type Wanted = {
  readonly capture: string
  readonly account: string
  readonly grant: string
  readonly purpose: string
  readonly since: Date
  /** Under supervision: a live approval of exactly this view and version, and no other agreement. */
  readonly live: { readonly view: string; readonly version: number } | null
}

/** An agreement that is still good for this opening; null when there is none. */
export async function agreementFor(db: Db, wanted: Wanted): Promise<SecondingRow | null> {
  const { live } = wanted
  let query = db
    .selectFrom('seconding')
    .selectAll()
    .where('capture', '=', wanted.capture)
    .where('asked_by', '=', wanted.account)
    .where('access_grant', '=', wanted.grant)
    .where('purpose', '=', wanted.purpose)
    .where('agreed', '=', true)
    .where('log_index', 'is not', null)
    .where('used_by', 'is', null)
    .where('answered_at', '>=', wanted.since)
    .where('live', '=', live !== null)
  if (live !== null)
    query = query.where('view', '=', live.view).where('grant_version', '=', live.version)
  return (await query.orderBy('answered_at').executeTakeFirst()) ?? null
}

/** Uses an agreement up; false when another opening was faster. */
export async function useAgreement(db: Db, id: string, opening: string): Promise<boolean> {
  const result = await db
    .updateTable('seconding')
    .set({ used_by: opening })
    .where('id', '=', id)
    .where('used_by', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
