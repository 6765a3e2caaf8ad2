/** Verdicts on plates. Rows are only added; of a crossing's verdicts the last link of the chain counts. */

import { foldPlateText } from '@sallyport/core/plate'
import type { VerdictKind } from '@sallyport/core/review'
import type { Insertable, Selectable } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type VerdictRow = Selectable<Database['verdict']> & { readonly account_name: string }

function withNames(db: Db) {
  return db
    .selectFrom('verdict')
    .innerJoin('account', 'account.id', 'verdict.account')
    .selectAll('verdict')
    .select('account.name as account_name')
}

export async function verdictsById(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, VerdictRow>> {
  if (ids.length === 0) return new Map()
  const rows = await withNames(db).where('verdict.id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** Every verdict on a crossing that the log has, oldest first. */
export async function verdictsOf(db: Db, crossing: string): Promise<readonly VerdictRow[]> {
  return withNames(db)
    .where('verdict.crossing', '=', crossing)
    .where('verdict.state', '=', 'logged')
    .orderBy('verdict.log_index')
    .execute()
}

/** The end of the crossing's chain, logged or still pending; null when nobody said anything. */
export async function headOf(db: Db, crossing: string): Promise<VerdictRow | null> {
  const row = await withNames(db)
    .where('verdict.crossing', '=', crossing)
    .where('verdict.state', '<>', 'failed')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('verdict as next')
            .select('next.id')
            .whereRef('next.supersedes', '=', 'verdict.id')
            .where('next.state', '<>', 'failed'),
        ),
      ),
    )
    .executeTakeFirst()
  return row ?? null
}

/** False when somebody else holds this place in the chain already. */
export async function insertVerdict(
  db: Db,
  verdict: Insertable<Database['verdict']>,
): Promise<boolean> {
  const done = await db
    .insertInto('verdict')
    .values(verdict)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

/**
 * The log has the verdict: from here on it counts, and the crossing no longer waits (or waits again). One
 * whose crossing was erased meanwhile went with it, and puts nothing back.
 */
export async function takeEffect(
  db: Db,
  { id, crossing, received_at, kind, text }: EffectiveVerdict,
  logIndex: number,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('verdict')
      .set({ state: 'logged', log_index: logIndex })
      .where('id', '=', id)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return
    await transaction
      .updateTable('crossing')
      .set({
        verdict: kind === 'withdrawn' ? null : id,
        verdict_folded: text === null ? null : foldPlateText(text),
      })
      .where('id', '=', crossing)
      .where('received_at', '=', received_at)
      .execute()
    await transaction.deleteFrom('review_claim').where('crossing', '=', crossing).execute()
  })
}

export type EffectiveVerdict = {
  readonly id: string
  readonly crossing: string
  readonly received_at: Date
  readonly kind: VerdictKind
  readonly text: string | null
}

/** The log did not take it: its place in the chain is free again. */
export async function noteVerdictFailed(db: Db, id: string): Promise<void> {
  await db.updateTable('verdict').set({ state: 'failed' }).where('id', '=', id).execute()
}

/** Verdicts whose log entry is not known: a crash, or a database that went away, fell between. */
export async function pendingVerdicts(db: Db): Promise<readonly VerdictRow[]> {
  return withNames(db).where('verdict.state', '=', 'pending').orderBy('verdict.log_from').execute()
}
