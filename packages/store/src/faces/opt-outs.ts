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
}
