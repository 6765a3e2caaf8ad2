/** The rows behind the numbers of a scope, for a bundle. */

import { type Grade, grades, type ScopePart } from '@sallyport/core/scope/question'
import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import { type PartsWindow, partsSql } from './parts-sql.ts'

/** A picture in the scope and, where it was released in clear, one way by which it left. */
export type ScopeRowOfPicture = {
  readonly capture: string
  readonly crossing: string
  readonly grade: Grade
  readonly day: string
  readonly who: string | null
  readonly opening: string | null
  readonly release: string | null
}

/** At most `limit` pictures, by crossing; each once, under its worst grade. */
export async function scopeRows(
  db: Db,
  parts: readonly ScopePart[],
  window: PartsWindow,
  limit: number,
): Promise<readonly ScopeRowOfPicture[]> {
  const { rows } = await sql<Omit<ScopeRowOfPicture, 'grade'> & { readonly grade: number }>`
    with part as (${partsSql(parts, window, true)})
    select capture, crossing, min(grade) as grade, max(day) as day, max(who) as who,
      max(opening::text) filter (where opening is not null) as opening,
      max(release::text) filter (where release is not null) as release
    from part group by capture, crossing order by crossing, capture limit ${limit}`.execute(db)
  return rows.map((row) => ({
    ...row,
    grade: grades[row.grade] ?? 'ciphertext_only',
    opening: row.opening?.replaceAll('-', '') ?? null,
    release: row.release?.replaceAll('-', '') ?? null,
  }))
}

export type ScopeCrossing = {
  readonly id: string
  readonly manifest: Buffer
  readonly log_index: number
  readonly identity: string | null
}

/** Crossings that the log has, with who is known to have passed. */
export async function scopeCrossings(
  db: Db,
  ids: readonly string[],
): Promise<readonly ScopeCrossing[]> {
  const { rows } = await sql<ScopeCrossing>`
    select c.id, c.manifest, c.log_index,
      (select max(key) from stay_passage p where p.crossing = c.id and p.key like 'document:%') as identity
    from crossing c where c.id = any(${[...ids]}::uuid[]) and c.log_index is not null`.execute(db)
  return rows
}

export type ScopeOpening = {
  readonly id: string
  readonly log_index: number
  readonly account: string
  readonly party: string
  readonly commitment_salt: Buffer
}

export async function scopeOpenings(
  db: Db,
  ids: readonly string[],
): Promise<readonly ScopeOpening[]> {
  const { rows } = await sql<ScopeOpening>`
    select id, log_index, account, coalesce(party, '') as party, commitment_salt
    from opening where id = any(${[...ids]}::uuid[]) and log_index is not null`.execute(db)
  return rows
}
