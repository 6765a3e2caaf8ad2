/** Faces and travellers of a scope, to tell its people apart, and what was found. */

import type { ScopedPicture } from '@sallyport/core/scope/counts'
import { grades, type ScopePart } from '@sallyport/core/scope/question'
import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import { countLimits } from './limits.ts'
import { type PartsWindow, partsSql } from './parts-sql.ts'

/** A picture in a scope, with what is known of the plate of its crossing. */
export type CountedPicture = Pick<ScopedPicture, 'grade' | 'capture' | 'class' | 'crossing'> & {
  readonly who: string | null
}

/** At most `limit` pictures, each once, under its worst grade. */
export async function scopedPictures(
  db: Db,
  parts: readonly ScopePart[],
  window: PartsWindow,
  limit: number,
): Promise<readonly CountedPicture[]> {
  return db.transaction().execute(async (transaction) => {
    await sql`set local statement_timeout = ${sql.lit(countLimits.countMsMax)}`.execute(transaction)
    const { rows } = await sql<Omit<CountedPicture, 'grade'> & { readonly grade: number }>`
      with part as (${partsSql(parts, window)})
      select capture, crossing, min(grade) as grade, max(class) as class, max(who) as who
      from part group by capture, crossing order by capture limit ${limit}`.execute(transaction)
    return rows.map((row) => ({ ...row, grade: grades[row.grade] ?? 'ciphertext_only' }))
  })
}

/** A face that this model described and whose picture is there. */
export type ComparableFace = {
  readonly capture: string
  readonly template: Buffer
  readonly kek: string
  readonly header: Buffer
}

/** Which of these pictures can be compared, by their ids. */
export async function comparableAmong(
  db: Db,
  model: string,
  captures: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ capture: string }>`
    select f.capture ${comparableFrom(model, captures)} order by f.capture`.execute(db)
  return rows.map(({ capture }) => capture)
}

/** Sealed templates of these pictures. */
export async function sealedTemplates(
  db: Db,
  model: string,
  captures: readonly string[],
): Promise<readonly ComparableFace[]> {
  const { rows } = await sql<ComparableFace>`
    select f.capture, f.template, k.kek, k.header ${comparableFrom(model, captures)}
    order by f.capture`.execute(db)
  return rows
}

function comparableFrom(model: string, captures: readonly string[]) {
  return sql`from face f
    join capture k on k.id = f.capture and k.received_at = f.received_at
    where f.capture = any(${[...captures]}::uuid[]) and f.template is not null and f.model = ${model}
      and f.log_index is not null and k.shredding is null and k.kek is not null`
}

/** A traveller whom people confirmed, and the picture of the face that they confirmed them by. */
export type ConfirmedTraveller = {
  readonly crossing: string
  readonly capture: string
  /** The document, or the entry that they are looked for by. */
  readonly identity: string
}

/** Of these crossings: by the window and secondary, and by two people who judged a match of one looked for. */
export async function confirmedTravellers(
  db: Db,
  crossings: readonly string[],
): Promise<readonly ConfirmedTraveller[]> {
  const { rows } = await sql<ConfirmedTraveller>`
    select p.crossing, f.capture, p.key as identity
    from stay_passage p join face f on f.id = p.id and f.received_at = p.received_at
    where p.crossing = any(${[...crossings]}::uuid[]) and p.key like 'document:%'
    union
    select h.crossing, h.capture, case when s.document_number is null then 'sought:' || s.id
      else 'document:' || coalesce(s.document_issuer, 'XXX') || ':' || s.document_number end
    from traveller_hit h join traveller_sought s on s.id = h.entry
    where h.crossing = any(${[...crossings]}::uuid[]) and h.state = 'confirmed'
    order by 1, 2, 3`.execute(db)
  return rows
}

/** The rows of people of a scope; null where no faces were compared. */
export async function scopePeopleText(db: Db, scope: string): Promise<string | null> {
  const row = await db
    .selectFrom('scope_faces')
    .select('rows')
    .where('scope', '=', scope)
    .executeTakeFirst()
  return row?.rows ?? null
}
