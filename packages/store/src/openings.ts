/** Openings: who opened or was refused which capture, and under which index the log has it. */

import { type Insertable, type Selectable, sql } from 'kysely'

import { placeOfOpening } from './incidents/vehicles.ts'
import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type OpeningRow = Selectable<Database['opening']> & { readonly account_name: string }

/** What scopes count openings by is filled in here. */
type NewOpening = Omit<
  Insertable<Database['opening']>,
  'party' | 'port' | 'lane' | 'day' | 'vehicle'
>

export async function insertOpening(db: Db, opening: NewOpening): Promise<void> {
  const place = await placeOfOpening(db, opening)
  await db
    .insertInto('opening')
    .values({ ...opening, ...place })
    .execute()
}

/** The log has the opening: only now may its bytes be unsealed. */
export async function noteOpeningLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('opening').set({ log_index: logIndex }).where('id', '=', id).execute()
}

/** An opening whose bytes could not be delivered after all; its log entry stays. */
export async function noteOpeningFailed(db: Db, id: string, code: string): Promise<void> {
  await db.updateTable('opening').set({ outcome: 'failed', code }).where('id', '=', id).execute()
}

/** An opening that the log has; null when there is none. */
export async function openingById(
  db: Db,
  id: string,
): Promise<Selectable<Database['opening']> | null> {
  const row = await db
    .selectFrom('opening')
    .selectAll()
    .where('id', '=', id)
    .where('log_index', 'is not', null)
    .executeTakeFirst()
  return row ?? null
}

/** Newest first; `crossing` narrows to one. */
export async function listOpenings(
  db: Db,
  filter: {
    readonly crossing?: string
    readonly limit: number
    readonly before?: { readonly at: Date; readonly id: string } | null
  },
): Promise<readonly OpeningRow[]> {
  let query = db
    .selectFrom('opening')
    .innerJoin('account', 'account.id', 'opening.account')
    .selectAll('opening')
    .select('account.name as account_name')
  if (filter.crossing !== undefined) query = query.where('opening.crossing', '=', filter.crossing)
  if (filter.before) {
    query = query.where(
      sql<boolean>`(opening.at, opening.id) < (${filter.before.at}, ${filter.before.id}::uuid)`,
    )
  }
  return query
    .orderBy('opening.at', 'desc')
    .orderBy('opening.id', 'desc')
    .limit(filter.limit)
    .execute()
}

/** What opens the commitments of logged openings, by log index from `from` up to `to` exclusive. */
export async function openingCommitments(
  db: Db,
  from: number,
  to: number,
  limit: number,
): Promise<readonly { readonly index: number; readonly salt: Buffer; readonly account: string }[]> {
  const rows = await db
    .selectFrom('opening')
    .select(['log_index', 'commitment_salt', 'account'])
    .where('log_index', '>=', from)
    .where('log_index', '<', to)
    .orderBy('log_index')
    .limit(limit)
    .execute()
  return rows.map(({ log_index, commitment_salt, account }) => ({
    index: Number(log_index),
    salt: commitment_salt,
    account,
  }))
}
