/** Evaluations of contractors' models: what was asked, what was told, and how often a set was used. */

import { createHash } from 'node:crypto'

import type { CandidateReport } from '@sallyport/core/evaluation-candidate'
import type { FaceReport } from '@sallyport/core/evaluation-faces'
import type { CalibrationReport } from '@sallyport/core/faces/calibration-report'
import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type CandidateRow = Selectable<Database['candidate_evaluation']> & {
  readonly account_name: string
}

/** SHA-256, hex, of a report's JSON with its keys in order: rows keep no order of their own. */
export function reportSha256(report: CandidateReport | FaceReport | CalibrationReport): string {
  const text = JSON.stringify(report, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
  return createHash('sha256').update(text).digest('hex')
}

type Use = { readonly byOwner: number; readonly byAll: number }

/** How often a set was used, by one owner and by all. */
export async function usesOfSet(db: Db, set: string, owner: string): Promise<Use> {
  const row = await db
    .selectFrom('candidate_evaluation')
    .select([
      sql<number>`count(*) filter (where owner = ${owner})::int`.as('byOwner'),
      sql<number>`count(*)::int`.as('byAll'),
    ])
    .where('label_set', '=', set)
    .executeTakeFirstOrThrow()
  return row
}

/**
 * Adds a use of the row's set while it has been used less often than `most`; false when it has not. It
 * commits by itself: two that are asked for at once cannot both be the last.
 */
export async function reserveCandidate(
  db: Db,
  row: Insertable<Database['candidate_evaluation']>,
  most: Use,
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${row.label_set}))`.execute(transaction)
    const used = await usesOfSet(transaction, row.label_set, row.owner)
    if (used.byOwner >= most.byOwner || used.byAll >= most.byAll) return false
    await transaction.insertInto('candidate_evaluation').values(row).execute()
    return true
  })
}

export async function noteCandidateLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db
    .updateTable('candidate_evaluation')
    .set({ log_index: logIndex })
    .where('id', '=', id)
    .execute()
}

export async function noteCandidateDone(
  db: Db,
  id: string,
  report: CandidateReport | FaceReport,
  logIndex: number,
): Promise<void> {
  await db
    .updateTable('candidate_evaluation')
    .set({ state: 'done', report: JSON.stringify(report), report_log_index: logIndex })
    .where('id', '=', id)
    .execute()
}

/** Of the one named, or of all that were under way when the hub ended. */
export async function noteCandidateFailed(db: Db, id: string | null): Promise<void> {
  const running = db
    .updateTable('candidate_evaluation')
    .set({ state: 'failed' })
    .where('state', '=', 'running')
  await (id === null ? running : running.where('id', '=', id)).execute()
}

export async function candidateById(db: Db, id: string): Promise<CandidateRow | null> {
  return (await withNames(db).where('candidate_evaluation.id', '=', id).executeTakeFirst()) ?? null
}

/** Newest first; of one owner, or of all. */
export async function listCandidates(
  db: Db,
  owner: string | null,
  limit: number,
): Promise<readonly CandidateRow[]> {
  const all = withNames(db)
    .orderBy('candidate_evaluation.at', 'desc')
    .orderBy(sql`candidate_evaluation.id`, 'desc')
    .limit(limit)
  return (owner === null ? all : all.where('candidate_evaluation.owner', '=', owner)).execute()
}

function withNames(db: Db) {
  return db
    .selectFrom('candidate_evaluation')
    .innerJoin('account', 'account.id', 'candidate_evaluation.account')
    .selectAll('candidate_evaluation')
    .select('account.name as account_name')
}
