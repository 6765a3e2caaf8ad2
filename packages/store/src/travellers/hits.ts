/** Faces that may be of somebody who is looked for, until two people have judged them. */

import { travellerHitState } from '@sallyport/core/faces/traveller-watch'
import type { HitState } from '@sallyport/core/watch-decisions'
import { type Insertable, type Selectable, sql, type Transaction } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'
import { claimMs } from '../watch-entries.ts'

export type NewTravellerHit = Insertable<Database['traveller_hit']>
export type TravellerHitRow = Selectable<Database['traveller_hit']>
export type TravellerVerdictRow = Selectable<Database['traveller_verdict']> & {
  readonly account_name: string
}

/** Keeps hits with the rows of their crossings, in the same transaction. */
export async function insertTravellerHits(
  transaction: Transaction<Database>,
  hits: readonly NewTravellerHit[],
): Promise<void> {
  if (hits.length > 0) await transaction.insertInto('traveller_hit').values(hits).execute()
}

/** Hits that nobody was told of yet and whose face stands in the log; oldest first. */
export async function unloggedTravellerHits(
  db: Db,
  limit: number,
): Promise<readonly TravellerHitRow[]> {
  return db
    .selectFrom('traveller_hit')
    .innerJoin('face', (join) =>
      join
        .onRef('face.capture', '=', 'traveller_hit.capture')
        .onRef('face.received_at', '=', 'traveller_hit.received_at'),
    )
    .selectAll('traveller_hit')
    .where('traveller_hit.log_index', 'is', null)
    .where('face.log_index', 'is not', null)
    .orderBy('traveller_hit.at')
    .limit(limit)
    .execute()
}

export async function noteTravellerHitLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('traveller_hit').set({ log_index: logIndex }).where('id', '=', id).execute()
}

/** Hits of these crossings that the log has, oldest first. */
export async function travellerHitsOf(
  db: Db,
  crossings: readonly string[],
): Promise<readonly TravellerHitRow[]> {
  return crossings.length === 0
    ? []
    : hitQuery(db)
        .where('crossing', 'in', [...crossings])
        .orderBy('at')
        .execute()
}

export async function travellerHitById(db: Db, id: string): Promise<TravellerHitRow | null> {
  return (await hitQuery(db).where('id', '=', id).executeTakeFirst()) ?? null
}

/** Newest first: those that wait for people, or those that were judged. */
export async function listTravellerHits(
  db: Db,
  judged: boolean,
  limit: number,
  before: { readonly at: Date; readonly id: string } | null,
): Promise<readonly TravellerHitRow[]> {
  let query = hitQuery(db).where('state', judged ? '!=' : '=', 'unconfirmed')
  if (before !== null)
    query = query.where(sql<boolean>`(at, id) < (${before.at}, ${before.id}::uuid)`)
  return query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

function hitQuery(db: Db) {
  return db.selectFrom('traveller_hit').selectAll().where('log_index', 'is not', null)
}

/** What was said of these hits and counts, in the order of the log. */
export async function travellerVerdicts(
  db: Db | Transaction<Database>,
  hits: readonly string[],
): Promise<readonly TravellerVerdictRow[]> {
  if (hits.length === 0) return []
  return db
    .selectFrom('traveller_verdict')
    .innerJoin('account', 'account.id', 'traveller_verdict.account')
    .selectAll('traveller_verdict')
    .select('account.name as account_name')
    .where('hit', 'in', [...hits])
    .where('log_index', 'is not', null)
    .orderBy('log_index')
    .execute()
}

export type TravellerJudgement = Omit<Insertable<Database['traveller_verdict']>, 'log_index'>

/**
 * Keeps who judges and how, before the log has it. False when this person's verdict counts already or is
 * being given; one that nothing came of is taken over.
 */
export async function claimTravellerVerdict(db: Db, by: TravellerJudgement): Promise<boolean> {
  const { hit: _hit, account: _account, ...said } = by
  const claimed = await db
    .insertInto('traveller_verdict')
    .values({ ...by, log_index: null })
    .onConflict((conflict) =>
      conflict
        .columns(['hit', 'account'])
        .doUpdateSet(said)
        .where('traveller_verdict.log_index', 'is', null)
        .where('traveller_verdict.at', '<', new Date(by.at.getTime() - claimMs)),
    )
    .executeTakeFirst()
  return claimed.numInsertedOrUpdatedRows === 1n
}

/** The log did not take it: it was never said. */
export async function releaseTravellerVerdict(
  db: Db,
  { hit, account }: Pick<TravellerJudgement, 'hit' | 'account'>,
): Promise<void> {
  await db
    .deleteFrom('traveller_verdict')
    .where('hit', '=', hit)
    .where('account', '=', account)
    .where('log_index', 'is', null)
    .execute()
}

/** The log has the verdict: it counts. Answers where the hit stands by all of them. */
export async function noteTravellerVerdict(
  db: Db,
  { hit, account }: Pick<TravellerJudgement, 'hit' | 'account'>,
  logIndex: number,
): Promise<HitState> {
  return db.transaction().execute(async (transaction) => {
    // Two verdicts at once: the second waits for the first, and counts both.
    await transaction
      .selectFrom('traveller_hit')
      .select('id')
      .where('id', '=', hit)
      .forUpdate()
      .execute()
    await transaction
      .updateTable('traveller_verdict')
      .set({ log_index: logIndex })
      .where('hit', '=', hit)
      .where('account', '=', account)
      .execute()
    const state = travellerHitState(await travellerVerdicts(transaction, [hit]))
    await transaction.updateTable('traveller_hit').set({ state }).where('id', '=', hit).execute()
    return state
  })
}

/** Forgets what was suspected of the faces of a crossing, with the faces themselves. */
export async function forgetTravellerHits(
  transaction: Transaction<Database>,
  crossing: string,
): Promise<void> {
  await transaction.deleteFrom('traveller_hit').where('crossing', '=', crossing).execute()
}

/** Whether this person opened each of these pictures beside a crossing. */
export async function hasOpenedEach(
  db: Db,
  account: string,
  crossing: string,
  captures: readonly string[],
): Promise<boolean> {
  const rows = await db
    .selectFrom('opening')
    .select('capture')
    .distinct()
    .where('crossing', '=', crossing)
    .where('account', '=', account)
    .where('outcome', '=', 'opened')
    .where('log_index', 'is not', null)
    .where('capture', 'in', [...captures])
    .execute()
  return rows.length === new Set(captures).size
}
