/** What people of a supervised contractor want to do, and what a person of the agency said to it. */

import type { Insertable, Selectable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type SupervisedActRow = Selectable<Database['supervised_act']>
export type NamedActRow = SupervisedActRow & {
  readonly asked_by_name: string
  readonly party: string
}

/** What the entry of an answer commits to: the one request that it is for. */
export function actTerms(
  row: Pick<SupervisedActRow, 'asked_by' | 'act' | 'request' | 'body_sha256'>,
): string {
  const { asked_by, act, request, body_sha256 } = row
  return JSON.stringify([asked_by, act, request, body_sha256.toString('hex')])
}

export async function insertSupervisedAct(
  db: Db,
  row: Insertable<Database['supervised_act']>,
): Promise<void> {
  await db.insertInto('supervised_act').values(row).execute()
}

export async function supervisedActById(db: Db, id: string): Promise<SupervisedActRow | null> {
  const found = db.selectFrom('supervised_act').selectAll().where('id', '=', id)
  return (await found.executeTakeFirst()) ?? null
}

/**
 * Asked since `since`, oldest first: of one party, of one person, or all. Where there are more than `limit`,
 * the newest: what is over never hides what waits.
 */
export async function supervisedActs(
  db: Db,
  since: Date,
  limit: number,
  of: { readonly party?: string; readonly account?: string } = {},
): Promise<readonly NamedActRow[]> {
  let query = db
    .selectFrom('supervised_act')
    .innerJoin('account', 'account.id', 'supervised_act.asked_by')
    .selectAll('supervised_act')
    .select(['account.name as asked_by_name', 'account.party'])
    .where('asked_at', '>=', since)
  if (of.party !== undefined) query = query.where('account.party', '=', of.party)
  if (of.account !== undefined) query = query.where('asked_by', '=', of.account)
  return (await query.orderBy('asked_at', 'desc').limit(limit).execute()).toReversed()
}

/** The answer, once; false when there is one already. */
export async function noteActAnswered(
  db: Db,
  id: string,
  answer: {
    readonly at: Date
    readonly by: string
    readonly salt: Buffer
    readonly agreed: boolean
    readonly reason: string | null
    readonly logIndex: number
  },
): Promise<boolean> {
  const result = await db
    .updateTable('supervised_act')
    .set({
      answered_at: answer.at,
      answered_by: answer.by,
      answered_salt: answer.salt,
      agreed: answer.agreed,
      answer_reason: answer.reason,
      log_index: answer.logIndex,
    })
    .where('id', '=', id)
    .where('answered_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Uses an approval up; false when there is none, it is older than `since`, or another request was faster. */
export async function useApproval(
  db: Db,
  id: string,
  { since, at }: { readonly since: Date; readonly at: Date },
): Promise<boolean> {
  const result = await db
    .updateTable('supervised_act')
    .set({ used_at: at })
    .where('id', '=', id)
    .where('agreed', '=', true)
    .where('used_at', 'is', null)
    .where('answered_at', '>=', since)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
