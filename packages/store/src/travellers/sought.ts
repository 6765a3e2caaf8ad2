/** Travellers who are looked for. A row is in force from its log index until it ends; then its template is gone. */

import type { Insertable, Selectable } from 'kysely'
import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type NewSought = Insertable<Database['traveller_sought']>
type SoughtRow = Selectable<Database['traveller_sought']>

/** What searching needs: a photograph is read by itself, and only to be shown. */
const searched = [
  'id',
  'expires_at',
  'document_issuer',
  'document_number',
  'kek',
  'template',
  'photo_header',
] as const
export type OpenSought = Pick<SoughtRow, (typeof searched)[number]>

const listed = [
  'traveller_sought.id',
  'issuer',
  'reason',
  'expires_at',
  'traveller_sought.name',
  'born',
  'document_issuer',
  'document_number',
  'quality',
  'made_at',
  'made_by',
  'log_index',
  'ended_at',
  'ended_by',
  'ended_reason',
  'end_log_index',
] as const
export type ListedSought = Omit<
  SoughtRow,
  | 'model'
  | 'kek'
  | 'template'
  | 'photo_header'
  | 'photo_body'
  | 'photo_sha256'
  | 'terms_salt'
  | 'made_salt'
  | 'end_salt'
> & {
  readonly made_by_name: string
  readonly ended_by_name: string | null
}

/** Keeps an entry that is not in force yet. */
export async function insertSought(db: Db, row: NewSought): Promise<void> {
  await db.insertInto('traveller_sought').values(row).execute()
}

export async function noteSoughtLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db
    .updateTable('traveller_sought')
    .set({ log_index: logIndex })
    .where('id', '=', id)
    .execute()
}

/** Entries that the log has and that are not ended, those past their time as well. */
export async function openSought(db: Db): Promise<readonly OpenSought[]> {
  return db
    .selectFrom('traveller_sought')
    .select(searched)
    .where('log_index', 'is not', null)
    .where('end_log_index', 'is', null)
    .orderBy('made_at')
    .execute()
}

/**
 * What a failure left before its log entry was known was never in force: its template goes. The row stays,
 * for the log may have the entry after all. Answers their keys.
 */
export async function eraseUnloggedSought(db: Db, before: Date): Promise<readonly string[]> {
  const rows = await db
    .updateTable('traveller_sought')
    .set({ template: null, quality: null, photo_header: null, photo_body: null })
    .where('log_index', 'is', null)
    .where('template', 'is not', null)
    .where('made_at', '<', before)
    .returning('kek')
    .execute()
  return rows.map(({ kek }) => kek)
}

/** The sealed photograph of an entry; null once it is over. */
export async function soughtPhotograph(
  db: Db,
  id: string,
): Promise<Pick<SoughtRow, 'kek' | 'photo_header' | 'photo_body' | 'photo_sha256'> | null> {
  const row = await db
    .selectFrom('traveller_sought')
    .select(['kek', 'photo_header', 'photo_body', 'photo_sha256'])
    .where('id', '=', id)
    .where('log_index', 'is not', null)
    .where('end_log_index', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** The entry is over: its template and photograph go, that it was there stays. */
export async function endSought(
  db: Db,
  id: string,
  end: {
    readonly at: Date
    /** Null: its time was over. */
    readonly account: string | null
    readonly reason: string | null
    readonly salt: Uint8Array
    readonly logIndex: number
  },
): Promise<void> {
  await db
    .updateTable('traveller_sought')
    .set({
      template: null,
      quality: null,
      photo_header: null,
      photo_body: null,
      ended_at: end.at,
      ended_by: end.account,
      ended_reason: end.reason,
      end_salt: end.salt,
      end_log_index: end.logIndex,
    })
    .where('id', '=', id)
    .execute()
}

export type SoughtState = 'in_force' | 'expired' | 'withdrawn'

/** Newest first. */
export async function listSought(
  db: Db,
  state: SoughtState | undefined,
  page: {
    readonly limit: number
    readonly before: { readonly at: Date; readonly id: string } | null
    readonly now: Date
  },
): Promise<readonly ListedSought[]> {
  const { limit, before, now } = page
  let query = soughtQuery(db)
  if (state === 'withdrawn') query = query.where('ended_by', 'is not', null)
  else if (state !== undefined)
    query = query
      .where('ended_by', 'is', null)
      .where('expires_at', state === 'expired' ? '<=' : '>', now)
  if (before !== null)
    query = query.where(
      sql<boolean>`(traveller_sought.made_at, traveller_sought.id) < (${before.at}, ${before.id}::uuid)`,
    )
  return query
    .orderBy('traveller_sought.made_at', 'desc')
    .orderBy('traveller_sought.id', 'desc')
    .limit(limit)
    .execute()
}

/** Those of `ids` that have been in force, in no order. */
export async function soughtById(db: Db, ids: readonly string[]): Promise<readonly ListedSought[]> {
  return ids.length === 0
    ? []
    : soughtQuery(db)
        .where('traveller_sought.id', 'in', [...ids])
        .execute()
}

function soughtQuery(db: Db) {
  return db
    .selectFrom('traveller_sought')
    .innerJoin('account as maker', 'maker.id', 'traveller_sought.made_by')
    .leftJoin('account as ender', 'ender.id', 'traveller_sought.ended_by')
    .select(listed)
    .select(['maker.name as made_by_name', 'ender.name as ended_by_name'])
    .where('traveller_sought.log_index', 'is not', null)
}
