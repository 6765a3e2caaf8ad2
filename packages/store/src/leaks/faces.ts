/** Stored faces as a search for copies sees them: sealed templates and what opens them. */

import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'

export type DescribedFace = {
  readonly id: string
  readonly receivedAt: Date
  /** The picture of the face; its template is sealed for it. */
  readonly capture: string
  readonly template: Buffer
  readonly kek: string
  readonly header: Buffer
}

/** Those that this model described and whose picture is there, that came in after `after`, oldest first. */
export async function describedFaces(
  db: Db,
  model: string,
  after: { readonly receivedAt: Date; readonly id: string } | null,
  limit: number,
): Promise<readonly DescribedFace[]> {
  let query = db
    .selectFrom('face')
    .innerJoin('capture', (join) =>
      join
        .onRef('capture.id', '=', 'face.capture')
        .onRef('capture.received_at', '=', 'face.received_at'),
    )
    .select([
      'face.id',
      'face.received_at as receivedAt',
      'face.capture',
      'face.template',
      'capture.kek',
      'capture.header',
    ])
    .where('face.template', 'is not', null)
    .where('face.model', '=', model)
    .where('face.log_index', 'is not', null)
    .where('capture.shredding', 'is', null)
  if (after !== null)
    query = query.where(
      sql<boolean>`(face.received_at, face.id) > (${after.receivedAt}, ${after.id}::uuid)`,
    )
  const rows = await query.orderBy('face.received_at').orderBy('face.id').limit(limit).execute()
  return rows.flatMap(({ template, kek, ...row }) =>
    template === null || kek === null ? [] : [{ ...row, template, kek }],
  )
}

/** Of those pictures of faces the ones whose template is still kept. */
export async function facesKeptAmong(
  db: Db,
  captures: readonly string[],
): Promise<ReadonlySet<string>> {
  if (captures.length === 0) return new Set()
  const rows = await db
    .selectFrom('face')
    .select('capture')
    .where('capture', 'in', [...captures])
    .where('template', 'is not', null)
    .execute()
  return new Set(rows.map(({ capture }) => capture))
}

/** Some pictures of faces that can be found, by chance: what a self-test plants copies of. */
export async function someFaces(db: Db, count: number): Promise<readonly string[]> {
  const { rows } = await sql<{ capture: string }>`
    select capture from face where template is not null and log_index is not null
    order by random() limit ${count}`.execute(db)
  return rows.map(({ capture }) => capture)
}
