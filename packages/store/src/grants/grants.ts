/** Grants in their versions, their use, and second persons. */

import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type GrantRow = Selectable<Database['access_grant']>
export type SecondingRow = Selectable<Database['seconding']>

export async function insertGrant(
  db: Db,
  grant: Insertable<Database['access_grant']>,
): Promise<void> {
  await db.insertInto('access_grant').values(grant).execute()
}

/** The log has the proposal. */
export async function noteGrantLogged(
  db: Db,
  { id, version }: Pick<GrantRow, 'id' | 'version'>,
  logIndex: number,
): Promise<void> {
  await db
    .updateTable('access_grant')
    .set({ log_index: logIndex })
    .where('id', '=', id)
    .where('version', '=', version)
    .execute()
}

/** Every version that the log has, newest proposal first. */
export async function listGrants(db: Db): Promise<readonly GrantRow[]> {
  return db
    .selectFrom('access_grant')
    .selectAll()
    .where('log_index', 'is not', null)
    .orderBy('proposed_at', 'desc')
    .orderBy('version', 'desc')
    .execute()
}

/** Every version of one grant that the log has, newest first. */
export async function grantVersions(db: Db, id: string): Promise<readonly GrantRow[]> {
  return db
    .selectFrom('access_grant')
    .selectAll()
    .where('id', '=', id)
    .where('log_index', 'is not', null)
    .orderBy('version', 'desc')
    .execute()
}

/** The second signature; false when somebody was faster or the proposal is gone. */
export async function noteSigned(
  db: Db,
  { id, version }: Pick<GrantRow, 'id' | 'version'>,
  signature: { readonly at: Date; readonly by: string; readonly logIndex: number },
): Promise<boolean> {
  const result = await db
    .updateTable('access_grant')
    .set({
      signed_at: signature.at,
      signed_by: signature.by,
      signed_log_index: signature.logIndex,
    })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('signed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Ends every version of a grant at once; false when none was open. */
export async function noteRevoked(
  db: Db,
  id: string,
  revocation: { readonly at: Date; readonly by: string; readonly reason: string },
): Promise<boolean> {
  const result = await db
    .updateTable('access_grant')
    .set({
      revoked_at: revocation.at,
      revoked_by: revocation.by,
      revoked_reason: revocation.reason,
    })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** What was shown under a grant on a day at the port (`YYYY-MM-DD`). */
export async function usedOn(
  db: Db,
  grant: string,
  day: string,
): Promise<{ readonly pictures: number; readonly bytes: number }> {
  const row = await db
    .selectFrom('grant_use')
    .select(['pictures', 'bytes'])
    .where('access_grant', '=', grant)
    .where('day', '=', day)
    .executeTakeFirst()
  return { pictures: row?.pictures ?? 0, bytes: Number(row?.bytes ?? 0) }
}

export type Quota = { readonly pictures: number; readonly bytes: number }

/**
 * Takes one picture of `bytes` from a day's quota, in one statement that commits by itself: two who
 * ask at once cannot both take the last one, and a crash after it gives nothing back. False when the
 * quota does not hold it.
 */
export async function reserveUse(
  db: Db,
  use: { readonly grant: string; readonly day: string; readonly bytes: number },
  quota: Quota,
): Promise<boolean> {
  if (quota.pictures < 1 || use.bytes > quota.bytes) return false
  const { rows } = await sql<{ pictures: number }>`
    insert into grant_use (access_grant, day, pictures, bytes)
      values (${use.grant}, ${use.day}::date, 1, ${use.bytes})
    on conflict (access_grant, day) do update
      set pictures = grant_use.pictures + 1, bytes = grant_use.bytes + excluded.bytes
      where grant_use.pictures + 1 <= ${quota.pictures}
        and grant_use.bytes + excluded.bytes <= ${quota.bytes}
    returning pictures`.execute(db)
  return rows.length === 1
}

/** Use by day, newest first, over the days that a page shows. */
export async function listUse(
  db: Db,
  grant: string,
  days: number,
): Promise<readonly { readonly day: string; readonly pictures: number; readonly bytes: number }[]> {
  const rows = await db
    .selectFrom('grant_use')
    .select([sql<string>`to_char(day, 'YYYY-MM-DD')`.as('day'), 'pictures', 'bytes'])
    .where('access_grant', '=', grant)
    .orderBy('grant_use.day', 'desc')
    .limit(days)
    .execute()
  return rows.map(({ day, pictures, bytes }) => ({ day, pictures, bytes: Number(bytes) }))
}
