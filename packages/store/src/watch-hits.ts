/** Possible matches: crossings whose plate an entry accepts, until a person has judged them. */

import type { HitVerdict } from '@sallyport/core/watch-decisions'
import { type Insertable, type Selectable, sql, type Transaction } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'
import { claimMs } from './watch-entries.ts'

export type NewWatchHit = Insertable<Database['watch_hit']>
export type WatchHitRow = Selectable<Database['watch_hit']> & {
  readonly judged_by_name: string | null
}

/** The database, or the transaction that stores the crossings. */
export type HitWriter = Transaction<Database> | Db

/** Keeps hits with the rows of their crossings; an entry hits a crossing once. */
export async function insertWatchHits(
  transaction: HitWriter,
  hits: readonly NewWatchHit[],
): Promise<void> {
  if (hits.length === 0) return
  await transaction
    .insertInto('watch_hit')
    .values(hits)
    .onConflict((conflict) => conflict.columns(['entry', 'crossing']).doNothing())
    .execute()
}

export type UnloggedHit = Pick<WatchHitRow, 'id' | 'entry' | 'crossing' | 'at' | 'commitment_salt'>

/** Hits that nobody was told of yet and whose crossing stands in the log; oldest first. */
export async function unloggedHits(db: Db, limit: number): Promise<readonly UnloggedHit[]> {
  return db
    .selectFrom('watch_hit')
    .innerJoin('crossing', (join) =>
      join
        .onRef('crossing.id', '=', 'watch_hit.crossing')
        .onRef('crossing.received_at', '=', 'watch_hit.received_at'),
    )
    .select([
      'watch_hit.id',
      'watch_hit.entry',
      'watch_hit.crossing',
      'watch_hit.at',
      'watch_hit.commitment_salt',
    ])
    .where('watch_hit.log_index', 'is', null)
    .where('crossing.log_index', 'is not', null)
    .orderBy('watch_hit.at')
    .limit(limit)
    .execute()
}

export async function noteHitLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('watch_hit').set({ log_index: logIndex }).where('id', '=', id).execute()
}

export async function watchHitById(db: Db, id: string): Promise<WatchHitRow | null> {
  return (await hitQuery(db).where('watch_hit.id', '=', id).executeTakeFirst()) ?? null
}

/** Newest first: those that wait for a person, or those that were judged. */
export async function listWatchHits(
  db: Db,
  filter: { readonly judged: boolean; readonly entry?: string | undefined },
  limit: number,
  before: { readonly at: Date; readonly id: string } | null,
): Promise<readonly WatchHitRow[]> {
  let query = hitQuery(db).where('watch_hit.state', filter.judged ? '!=' : '=', 'unconfirmed')
  if (filter.entry !== undefined) query = query.where('watch_hit.entry', '=', filter.entry)
  if (before !== null)
    query = query.where(
      sql<boolean>`(watch_hit.at, watch_hit.id) < (${before.at}, ${before.id}::uuid)`,
    )
  return query
    .orderBy('watch_hit.at', 'desc')
    .orderBy('watch_hit.id', 'desc')
    .limit(limit)
    .execute()
}

/** How many wait for a person. */
export async function countOpenHits(db: Db): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*) as open from watch_hit
    where state = 'unconfirmed' and log_index is not null`.execute(db)
  return rows[0]?.open ?? 0
}

function hitQuery(db: Db) {
  return db
    .selectFrom('watch_hit')
    .leftJoin('account', 'account.id', 'watch_hit.judged_by')
    .selectAll('watch_hit')
    .select('account.name as judged_by_name')
    .where('watch_hit.log_index', 'is not', null)
}

export type Judgement = {
  readonly at: Date
  readonly account: string
  readonly verdict: HitVerdict
  readonly note: string | null
  readonly salt: Uint8Array
}

/** Keeps who judges and how, before the log has it. False when it is judged or being judged. */
export async function claimJudgement(db: Db, id: string, by: Judgement): Promise<boolean> {
  const claimed = await db
    .updateTable('watch_hit')
    .set({
      verdict: by.verdict,
      judged_at: by.at,
      judged_by: by.account,
      judged_note: by.note,
      judgement_salt: by.salt,
    })
    .where('id', '=', id)
    .where('state', '=', 'unconfirmed')
    .where((where) =>
      where.or([
        where('judged_at', 'is', null),
        where('judged_at', '<', new Date(by.at.getTime() - claimMs)),
      ]),
    )
    .executeTakeFirst()
  return claimed.numUpdatedRows === 1n
}

/** The log did not take it: the hit waits again. */
export async function releaseJudgement(db: Db, id: string, by: Judgement): Promise<void> {
  await db
    .updateTable('watch_hit')
    .set({
      verdict: null,
      judged_at: null,
      judged_by: null,
      judged_note: null,
      judgement_salt: null,
    })
    .where('id', '=', id)
    .where('state', '=', 'unconfirmed')
    .where('judged_by', '=', by.account)
    .execute()
}

/** The log has the verdict: it holds. False when somebody else's took its place meanwhile. */
export async function noteJudged(
  db: Db,
  id: string,
  by: Judgement,
  logIndex: number,
): Promise<boolean> {
  const noted = await db
    .updateTable('watch_hit')
    .set({ state: by.verdict, judgement_log_index: logIndex })
    .where('id', '=', id)
    .where('state', '=', 'unconfirmed')
    .where('judged_by', '=', by.account)
    .executeTakeFirst()
  return noted.numUpdatedRows === 1n
}

export type EffectiveVerdict = {
  readonly crossing: string
  readonly receivedAt: Date
  readonly lane: string
  readonly text: string
  readonly jurisdiction: string | null
}

/** What people said that plates bear and holds now: of one crossing, or all said since an instant. */
export async function effectiveVerdicts(
  db: Db,
  which: { readonly crossing: string } | { readonly since: Date },
): Promise<readonly EffectiveVerdict[]> {
  const wanted =
    'crossing' in which
      ? sql`verdict.crossing = ${which.crossing}::uuid`
      : sql`verdict.state = 'logged' and verdict.at >= ${which.since}`
  const { rows } = await sql<EffectiveVerdict>`
    select crossing.id as crossing, crossing.received_at as "receivedAt", crossing.lane,
           verdict.text, verdict.jurisdiction
    from verdict join crossing
      on crossing.id = verdict.crossing and crossing.received_at = verdict.received_at
        and crossing.verdict = verdict.id
    where verdict.text is not null and ${wanted}`.execute(db)
  return rows
}

/** Whether this person has opened the plate or scene picture of a crossing. */
export async function hasLookedAt(db: Db, account: string, crossing: string): Promise<boolean> {
  const row = await db
    .selectFrom('opening')
    .select('id')
    .where('crossing', '=', crossing)
    .where('account', '=', account)
    .where('outcome', '=', 'opened')
    .where('log_index', 'is not', null)
    .where('capture_class', 'in', ['plate', 'scene'])
    .executeTakeFirst()
  return row !== undefined
}
