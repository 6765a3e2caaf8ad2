/** What is held of a traveller, and who saw it. */

import { foldPlateText } from '@sallyport/core/plate'
import { type Insertable, sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type HeldCrossing = {
  readonly id: string
  readonly captured_at: Date
  readonly port: string
  readonly lane: string
  readonly direction: string
  /** Whether it was read surely, or a person said it. */
  readonly said_by: 'machine' | 'person'
}
export type HeldCapture = {
  readonly id: string
  readonly crossing: string
  readonly class: string
  readonly shredded_at: Date | null
}
export type SeenBy = {
  readonly crossing: string
  readonly capture_class: string
  readonly at: Date
  readonly purpose: string
  /** Whose person it was: names of officers stay with the agency. */
  readonly party: string
}

/** Crossings whose plate is surely this one, newest first; a guess would show somebody else's. */
export async function crossingsOfPlate(
  db: Db,
  plate: string,
  limit: number,
): Promise<readonly HeldCrossing[]> {
  const folded = foldPlateText(plate)
  const { rows } = await sql<HeldCrossing>`
    select id, captured_at, port, lane, direction,
      case when verdict_folded is null then 'machine' else 'person' end as said_by
    from crossing where verdict_folded = ${folded}
      or (verdict_folded is null and plate_kind = 'read' and plate_folded = ${folded})
    order by captured_at desc, id limit ${limit}`.execute(db)
  return rows
}

export async function capturesOfCrossings(
  db: Db,
  crossings: readonly string[],
): Promise<readonly HeldCapture[]> {
  const { rows } = await sql<HeldCapture>`
    select id, crossing, class, shredded_at from capture
    where crossing = any(${[...crossings]}::uuid[]) order by crossing, class`.execute(db)
  return rows
}

/** Openings and releases that showed something of these crossings, oldest first. */
export async function seenOf(db: Db, crossings: readonly string[]): Promise<readonly SeenBy[]> {
  const ids = sql`${[...crossings]}::uuid[]`
  const { rows } = await sql<SeenBy>`
    select crossing, capture_class, at, purpose, coalesce(party, 'agency') as party from opening
      where outcome = 'opened' and crossing = any(${ids})
    union all
    select k.crossing, k.class, r.made_at, r.purpose, r.party from releases r
      join release_files f on f.release = r.id join capture k on k.id = f.capture
      where r.made_at is not null and k.crossing = any(${ids})
    order by at`.execute(db)
  return rows
}

export async function insertSubjectRequest(
  db: Db,
  row: Insertable<Database['subject_request']>,
): Promise<void> {
  await db.insertInto('subject_request').values(row).execute()
}

export async function noteSubjectLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db
    .updateTable('subject_request')
    .set({ log_index: logIndex })
    .where('id', '=', id)
    .execute()
}
