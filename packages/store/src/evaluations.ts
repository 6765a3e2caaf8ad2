/** Evaluations of the plate reader, and the verdicts that serve them as labels. */

import type { EvaluationTotals } from '@sallyport/core/evaluation'
import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type EvaluationRow = Selectable<Database['evaluation']> & { readonly account_name: string }

export type LabelFilter = {
  readonly lane?: string | undefined
  /** Of the verdict. */
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  /** Only plates that were read surely and drawn at random. */
  readonly sample?: boolean | undefined
  /** Only plates that a person could read. */
  readonly legible?: boolean
}

/** A verdict in effect, with the sealed picture that its giver looked at. */
export type Label = {
  readonly verdict: string
  readonly crossing: string
  readonly lane: string
  readonly capture: string
  readonly sha256: Buffer
  /** Null: unreadable. */
  readonly text: string | null
  readonly jurisdiction: string | null
  readonly textSalt: Buffer
}

/** The newest verdicts in effect that have a picture, at most `limit`. */
export async function listLabels(
  db: Db,
  { lane, from, to, sample = false, legible = false }: LabelFilter,
  limit: number,
): Promise<readonly Label[]> {
  let query = db
    .selectFrom('verdict')
    .innerJoin('crossing', (join) =>
      join
        .onRef('crossing.id', '=', 'verdict.crossing')
        .onRef('crossing.received_at', '=', 'verdict.received_at')
        .onRef('crossing.verdict', '=', 'verdict.id'),
    )
    .select([
      'verdict.id',
      'verdict.crossing',
      'crossing.lane',
      'verdict.capture',
      'verdict.picture_sha256',
      'verdict.text',
      'verdict.jurisdiction',
      'verdict.text_salt',
    ])
    .where('verdict.state', '=', 'logged')
    .where('verdict.capture', 'is not', null)
  if (lane !== undefined) query = query.where('crossing.lane', '=', lane)
  if (legible) query = query.where('verdict.text', 'is not', null)
  if (sample) query = query.where('crossing.sampled', '=', true)
  if (from !== undefined) query = query.where('verdict.at', '>=', from)
  if (to !== undefined) query = query.where('verdict.at', '<', to)
  const rows = await query
    .orderBy('verdict.at', 'desc')
    .orderBy('verdict.id', 'desc')
    .limit(limit)
    .execute()
  return rows.flatMap(({ id, capture, picture_sha256, text_salt, ...row }) =>
    capture === null || picture_sha256 === null
      ? []
      : [{ ...row, verdict: id, capture, sha256: picture_sha256, textSalt: text_salt }],
  )
}

export async function insertEvaluation(
  db: Db,
  evaluation: Insertable<Database['evaluation']>,
): Promise<void> {
  await db.insertInto('evaluation').values(evaluation).execute()
}

export async function noteEvaluationLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('evaluation').set({ log_index: logIndex }).where('id', '=', id).execute()
}

export async function noteEvaluationProgress(
  db: Db,
  id: string,
  { done, failed }: { readonly done: number; readonly failed: number },
): Promise<void> {
  await db
    .updateTable('evaluation')
    .set({ pictures_done: done, pictures_failed: failed })
    .where('id', '=', id)
    .execute()
}

export async function noteEvaluationDone(
  db: Db,
  id: string,
  totals: EvaluationTotals,
  models: { readonly detector: string; readonly reader: string },
): Promise<void> {
  await db
    .updateTable('evaluation')
    .set({ state: 'done', totals: JSON.stringify(totals), models: JSON.stringify(models) })
    .where('id', '=', id)
    .execute()
}

export async function noteEvaluationFailed(db: Db, id: string): Promise<void> {
  await db.updateTable('evaluation').set({ state: 'failed' }).where('id', '=', id).execute()
}

/** Those that were under way when the hub ended: they are not taken up again. */
export async function failRunningEvaluations(db: Db): Promise<void> {
  await db
    .updateTable('evaluation')
    .set({ state: 'failed' })
    .where('state', '=', 'running')
    .execute()
}

export async function evaluationById(db: Db, id: string): Promise<EvaluationRow | null> {
  return (await withNames(db).where('evaluation.id', '=', id).executeTakeFirst()) ?? null
}

/** Newest first. */
export async function listEvaluations(db: Db, limit: number): Promise<readonly EvaluationRow[]> {
  return withNames(db)
    .orderBy('evaluation.at', 'desc')
    .orderBy(sql`evaluation.id`, 'desc')
    .limit(limit)
    .execute()
}

function withNames(db: Db) {
  return db
    .selectFrom('evaluation')
    .innerJoin('account', 'account.id', 'evaluation.account')
    .selectAll('evaluation')
    .select('account.name as account_name')
}
