/** Contractors under supervision, and the words that live approvals are bound to. */

import type { Insertable, Selectable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type SupervisionRow = Selectable<Database['supervision']>

/** What the entry that sets it commits to. */
export function supervisionTerms({
  party,
  reason,
}: Pick<SupervisionRow, 'party' | 'reason'>): string {
  return JSON.stringify([party, reason])
}

/** What the entry of a live approval commits to: the one opening that it is for. */
export function liveAction(row: {
  readonly asked_by: string
  readonly capture: string
  readonly view: string | null
  readonly purpose: string
  readonly access_grant: string
  readonly grant_version: number | null
}): string {
  const { asked_by, capture, view, purpose, access_grant, grant_version } = row
  return JSON.stringify([asked_by, capture, view, purpose, access_grant, grant_version])
}

/** That in force for a party; null when it works without. */
export async function supervisionOf(db: Db, party: string): Promise<SupervisionRow | null> {
  const row = await db
    .selectFrom('supervision')
    .selectAll()
    .where('party', '=', party)
    .where('lifted_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** All that are in force. */
export async function supervisions(db: Db): Promise<readonly SupervisionRow[]> {
  return db
    .selectFrom('supervision')
    .selectAll()
    .where('lifted_at', 'is', null)
    .orderBy('set_at', 'desc')
    .execute()
}

/** False when the party is under supervision already. */
export async function insertSupervision(
  db: Db,
  row: Insertable<Database['supervision']>,
): Promise<boolean> {
  const result = await db
    .insertInto('supervision')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** The first of two who lift it. */
export async function noteLiftingAsked(db: Db, id: string, at: Date, by: string): Promise<void> {
  await db
    .updateTable('supervision')
    .set({ lifting_asked_at: at, lifting_asked_by: by })
    .where('id', '=', id)
    .where('lifting_asked_at', 'is', null)
    .execute()
}

/** The second of them; the log has it. */
export async function noteLifted(
  db: Db,
  id: string,
  lifted: {
    readonly at: Date
    readonly by: string
    readonly salt: Uint8Array
    readonly logIndex: number
  },
): Promise<void> {
  await db
    .updateTable('supervision')
    .set({
      lifted_at: lifted.at,
      lifted_by: lifted.by,
      lifted_salt: lifted.salt,
      lifted_log_index: lifted.logIndex,
    })
    .where('id', '=', id)
    .where('lifted_at', 'is', null)
    .execute()
}
