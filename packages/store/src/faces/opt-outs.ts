/** Documents of those who opted out, as commitments: kept as long as what was confirmed before could count. */

import { commit } from '@sallyport/proof/entry'
import { sql, type Transaction } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'
import { keyOfEntry } from './frequent-crossers.ts'

/**
 * The keys of everybody who may be somebody of this crossing: each candidate's document, and whoever was
 * confirmed. Of several candidates nobody knows which one opted out, so all count.
 */
export async function keysOfCrossing(
  transaction: Transaction<Database>,
  crossing: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ key: string }>`
    select ${keyOfEntry} as key
    from face cross join lateral jsonb_array_elements(face.outcome -> 'candidates') as candidate
    join gallery_entry entry on entry.id = (candidate ->> 'entry')::uuid
    where face.crossing = ${crossing} and face.outcome ? 'candidates'
      and entry.document_number is not null
    union
    select key from stay_passage where crossing = ${crossing} and key like 'document:%'`.execute(
    transaction,
  )
  return rows.map(({ key }) => key)
}

/** Keeps commitments to these keys until then. `salt` serves where no other expires at that moment. */
export async function noteOptOuts(
  transaction: Transaction<Database>,
  keys: readonly string[],
  { salt, expiresAt }: { readonly salt: Uint8Array; readonly expiresAt: Date },
): Promise<void> {
  if (keys.length === 0) return
  const known = await transaction
    .selectFrom('frequent_opt_out')
    .select('salt')
    .where('expires_at', '=', expiresAt)
    .limit(1)
    .executeTakeFirst()
  const used = known?.salt ?? salt
  await transaction
    .insertInto('frequent_opt_out')
    .values(
      keys.map((key) => ({
        commitment: Buffer.from(commit(used, key), 'hex'),
        salt: used,
        expires_at: expiresAt,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Of when entries go: how long ago a crossing may be, and until when an opt-out of it may still come. */
export type Gone = { readonly salt: Uint8Array; readonly since: Date; readonly keptUntil: Date }

/**
 * Keeps commitments to the documents of those of these entries that a crossing since then may be, in the
 * transaction that deletes them: an opt-out of that crossing may come after its gallery has ended.
 */
export async function noteGoneEntries(
  transaction: Transaction<Database>,
  entries: readonly string[],
  { salt, since, keptUntil }: Gone,
): Promise<void> {
  if (entries.length === 0) return
  const { rows } = await sql<{ entry: string; key: string }>`
    select distinct entry.id as entry, ${keyOfEntry} as key
    from face cross join lateral jsonb_array_elements(face.outcome -> 'candidates') as candidate
    join gallery_entry entry on entry.id = (candidate ->> 'entry')::uuid
    where face.received_at >= ${since} and face.outcome ? 'candidates'
      and entry.id = any(${[...entries]}::uuid[]) and entry.document_number is not null`.execute(
    transaction,
  )
  if (rows.length === 0) return
  await transaction
    .insertInto('frequent_gone_entry')
    .values(
      rows.map(({ entry, key }) => ({
        entry,
        commitment: Buffer.from(commit(salt, key), 'hex'),
        salt,
        kept_until: keptUntil,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Of candidates of this crossing that went already what was kept of them counts as opted out. */
export async function noteGoneOptOuts(
  transaction: Transaction<Database>,
  crossing: string,
  expiresAt: Date,
): Promise<void> {
  await sql`insert into frequent_opt_out (commitment, salt, expires_at)
    select gone.commitment, gone.salt, ${expiresAt}
    from face cross join lateral jsonb_array_elements(face.outcome -> 'candidates') as candidate
    join frequent_gone_entry gone on gone.entry = (candidate ->> 'entry')::uuid
    where face.crossing = ${crossing} and face.outcome ? 'candidates'
    on conflict do nothing`.execute(transaction)
}

/** Those of `keys` to which a commitment is kept. */
export async function optedOutOf(
  db: Db,
  keys: readonly string[],
  now: Date,
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set()
  const rows = await db
    .selectFrom('frequent_opt_out')
    .select(['commitment', 'salt'])
    .where('expires_at', '>', now)
    .execute()
  const known = new Set(rows.map(({ commitment }) => commitment.toString('hex')))
  const salts = [...new Map(rows.map(({ salt }) => [salt.toString('hex'), salt])).values()]
  return new Set(keys.filter((key) => salts.some((salt) => known.has(commit(salt, key)))))
}

export async function sweepOptOuts(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('frequent_opt_out').where('expires_at', '<=', now).execute()
  await db.deleteFrom('frequent_gone_entry').where('kept_until', '<=', now).execute()
}
