/** Retention policies: every version stays; the newest that the log has is in force. */

import type { Insertable, Selectable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type NewPolicy = Omit<Insertable<Database['retention_policy']>, 'log_index'>
export type PolicyRow = Selectable<Database['retention_policy']> & {
  readonly made_by_name: string
}

export async function insertPolicy(db: Db, row: NewPolicy): Promise<void> {
  await db
    .insertInto('retention_policy')
    .values({ ...row, log_index: null })
    .execute()
}

/** The log has it: it is in force. */
export async function notePolicyLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db
    .updateTable('retention_policy')
    .set({ log_index: logIndex })
    .where('id', '=', id)
    .execute()
}

/** The log never had it: nobody chose it. */
export async function dropPolicy(db: Db, id: string): Promise<void> {
  await db
    .deleteFrom('retention_policy')
    .where('id', '=', id)
    .where('log_index', 'is', null)
    .execute()
}

/** Versions that count, newest first. */
export async function listPolicies(db: Db, limit: number): Promise<readonly PolicyRow[]> {
  return policyQuery(db)
    .where('log_index', 'is not', null)
    .orderBy('log_index', 'desc')
    .limit(limit)
    .execute()
}

/** Null: none was chosen, and nothing is ever due. */
export async function policyInForce(db: Db): Promise<PolicyRow | null> {
  return (await listPolicies(db, 1))[0] ?? null
}

/** What a failure left between row and log. */
export async function unloggedPolicies(db: Db): Promise<readonly PolicyRow[]> {
  return policyQuery(db).where('log_index', 'is', null).execute()
}

function policyQuery(db: Db) {
  return db
    .selectFrom('retention_policy')
    .innerJoin('account', 'account.id', 'retention_policy.made_by')
    .selectAll('retention_policy')
    .select('account.name as made_by_name')
}
