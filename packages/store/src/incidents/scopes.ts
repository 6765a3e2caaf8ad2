/** Scopes as they were stated: rows are added and never changed. */

import type { Insertable, Selectable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type ScopeRow = Selectable<Database['scope']> & { readonly account_name: string }

/** `people` where faces were compared. False when another version revises the same one already. */
export async function insertScope(
  db: Db,
  scope: Insertable<Database['scope']>,
  people: Omit<Insertable<Database['scope_faces']>, 'scope'> | null,
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const done = await transaction
      .insertInto('scope')
      .values(scope)
      .onConflict((conflict) => conflict.column('revises').doNothing())
      .executeTakeFirst()
    const isNew = done.numInsertedOrUpdatedRows === 1n
    if (isNew && people !== null)
      await transaction
        .insertInto('scope_faces')
        .values({ scope: scope.id, ...people })
        .execute()
    return isNew
  })
}

/** The log has it: it may be relied on. */
export async function noteScopeLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('scope').set({ log_index: logIndex }).where('id', '=', id).execute()
}

/** The log refused it: nobody saw it. */
export async function dropScope(db: Db, id: string): Promise<void> {
  await db.deleteFrom('scope').where('id', '=', id).where('log_index', 'is', null).execute()
}

/** Only what the log has; null when there is no such scope. */
export async function scopeById(db: Db, id: string): Promise<ScopeRow | null> {
  const row = await ofLog(db).where('scope.id', '=', id).executeTakeFirst()
  return row ?? null
}

/** Newest first. */
export async function listScopes(
  db: Db,
  filter: { readonly incident?: string | undefined; readonly limit: number },
): Promise<readonly ScopeRow[]> {
  let query = ofLog(db)
  if (filter.incident !== undefined) query = query.where('incident', '=', filter.incident)
  return query.orderBy('scope.at', 'desc').orderBy('scope.id', 'desc').limit(filter.limit).execute()
}

/** What a crash left between row and log. */
export async function unloggedScopes(db: Db): Promise<readonly Selectable<Database['scope']>[]> {
  return db.selectFrom('scope').selectAll().where('log_index', 'is', null).execute()
}

function ofLog(db: Db) {
  return db
    .selectFrom('scope')
    .innerJoin('account', 'account.id', 'scope.account')
    .selectAll('scope')
    .select('account.name as account_name')
    .where('scope.log_index', 'is not', null)
}
