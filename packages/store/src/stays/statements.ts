/** What people stated about passages. Rows are only added; the last link of a chain that the log has holds. */

import { type Insertable, type Selectable, sql, type Transaction } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type StatementRow = Selectable<Database['stay_statement']> & {
  readonly account_name: string
}

function withNames(db: Db | Transaction<Database>) {
  return db
    .selectFrom('stay_statement')
    .innerJoin('account', 'account.id', 'stay_statement.account')
    .selectAll('stay_statement')
    .select('account.name as account_name')
}

/** Statements in force that name one of these passages; withdrawn ones are not in force. */
export async function effectiveStatements(
  db: Db | Transaction<Database>,
  passages: readonly string[],
): Promise<readonly StatementRow[]> {
  if (passages.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select id from stay_statement as said
    where (passage = any(${[...passages]}::uuid[]) or other = any(${[...passages]}::uuid[]))
      and state = 'logged' and kind <> 'withdrawn'
      and not exists (select 1 from stay_statement as next
        where next.supersedes = said.id and next.state = 'logged')`.execute(db)
  if (rows.length === 0) return []
  return withNames(db)
    .where(
      'stay_statement.id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute()
}

/** Everything that was ever stated about these passages and that the log has, oldest first. */
export async function statementsAbout(
  db: Db,
  passages: readonly string[],
): Promise<readonly StatementRow[]> {
  if (passages.length === 0) return []
  return withNames(db)
    .where((where) =>
      where.or([
        where('stay_statement.passage', 'in', [...passages]),
        where('stay_statement.other', 'in', [...passages]),
      ]),
    )
    .where('stay_statement.state', '=', 'logged')
    .orderBy('stay_statement.log_index')
    .execute()
}

/** The end of a passage's chain, logged or still pending; null when nobody stated anything. */
export async function statementHead(
  db: Db,
  passage: string,
  kind: StatementRow['class'],
): Promise<StatementRow | null> {
  const row = await withNames(db)
    .where('stay_statement.passage', '=', passage)
    .where('stay_statement.class', '=', kind)
    .where('stay_statement.state', '<>', 'failed')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('stay_statement as next')
            .select('next.id')
            .whereRef('next.supersedes', '=', 'stay_statement.id')
            .where('next.state', '<>', 'failed'),
        ),
      ),
    )
    .executeTakeFirst()
  return row ?? null
}

/** False when somebody else holds this place in the chain already. */
export async function insertStatement(
  db: Db,
  statement: Insertable<Database['stay_statement']>,
): Promise<boolean> {
  const done = await db
    .insertInto('stay_statement')
    .values(statement)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

/** The log has it: it holds, and the keys of its passages are computed again. */
export async function noteStatementLogged(
  db: Db,
  { id, passage, other }: Pick<StatementRow, 'id' | 'passage' | 'other'>,
  logIndex: number,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const noted = await transaction
      .updateTable('stay_statement')
      .set({ state: 'logged', log_index: logIndex })
      .where('id', '=', id)
      .returning('supersedes')
      .executeTakeFirst()
    if (noted === undefined) return
    // What it supersedes may have bound an exit that is free again now.
    await sql`insert into stay_due (key, at)
      select distinct key, now() from stay_passage
      where key is not null and (id = any(${[passage, ...(other === null ? [] : [other])]}::uuid[])
        or id = (select other from stay_statement where id = ${noted.supersedes}::uuid))
      order by key
      on conflict (key) do update set at = excluded.at`.execute(transaction)
  })
}

/** The log did not take it: its place in the chain is free again. */
export async function noteStatementFailed(db: Db, id: string): Promise<void> {
  await db.updateTable('stay_statement').set({ state: 'failed' }).where('id', '=', id).execute()
}

/** Statements whose log entry is not known: a crash fell between. */
export async function pendingStatements(db: Db): Promise<readonly StatementRow[]> {
  return withNames(db)
    .where('stay_statement.state', '=', 'pending')
    .orderBy('stay_statement.log_from')
    .execute()
}
