/** Tokens of integrators' programs, and the calls made with them. Secrets are stored as hashes only. */

import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type AccessTokenRow = Selectable<Database['access_token']> & {
  readonly account_name: string
  readonly calls: number
}

export type ValidToken = { readonly id: string; readonly account: string }

export async function insertAccessToken(
  db: Db,
  token: Insertable<Database['access_token']>,
): Promise<void> {
  await db.insertInto('access_token').values(token).execute()
}

/** Every token, the newest first, with the calls of the last 30 days before `now`. */
export async function listAccessTokens(db: Db, now: Date): Promise<readonly AccessTokenRow[]> {
  const since = new Date(now.getTime() - 30 * 86_400_000)
  return db
    .selectFrom('access_token')
    .innerJoin('account', 'account.id', 'access_token.account')
    .selectAll('access_token')
    .select('account.name as account_name')
    .select((query) =>
      query
        .selectFrom('reading')
        .whereRef('reading.token', '=', 'access_token.id')
        .where('reading.at', '>=', since)
        .select(({ fn }) => fn.countAll<number>().as('calls'))
        .$asScalar()
        .$notNull()
        .as('calls'),
    )
    .orderBy('access_token.created_at', 'desc')
    .orderBy('access_token.id')
    .execute()
}

/**
 * The token with this hash, while it may be used: not revoked, not expired, and whoever answers for
 * it still holds the role and is not disabled.
 */
export async function validAccessToken(
  db: Db,
  secretSha256: Uint8Array,
  now: Date,
): Promise<ValidToken | null> {
  const row = await db
    .selectFrom('access_token')
    .innerJoin('account', 'account.id', 'access_token.account')
    .select(['access_token.id', 'access_token.account'])
    .where('access_token.secret_sha256', '=', Buffer.from(secretSha256))
    .where('access_token.revoked_at', 'is', null)
    .where('access_token.expires_at', '>', now)
    .where('account.disabled_at', 'is', null)
    .where(sql<boolean>`'integrator' = any(account.roles)`)
    .executeTakeFirst()
  return row ?? null
}

export async function accessTokenById(
  db: Db,
  id: string,
): Promise<Selectable<Database['access_token']> | null> {
  const row = await db
    .selectFrom('access_token')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** False when there is no such token or it was revoked before. */
export async function revokeAccessToken(
  db: Db,
  id: string,
  by: { readonly account: string; readonly at: Date },
): Promise<boolean> {
  const done = await db
    .updateTable('access_token')
    .set({ revoked_at: by.at, revoked_by: by.account })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** A call begins: it is counted before it is carried out. */
export async function insertReading(
  db: Db,
  reading: {
    readonly id: string
    readonly token: string
    readonly at: Date
    readonly bytes: number
  },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('reading')
      .values({ ...reading, plates: null, ms: null, outcome: null, log_index: null })
      .execute()
    await transaction
      .updateTable('access_token')
      .set({ last_used_at: reading.at })
      .where('id', '=', reading.token)
      .execute()
  })
}

export async function noteReadingLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('reading').set({ log_index: logIndex }).where('id', '=', id).execute()
}

/** How a call ended: `read` or the code of its refusal; how many plates, never which. */
export async function noteReadingEnded(
  db: Db,
  id: string,
  ended: { readonly outcome: string; readonly plates: number | null; readonly ms: number | null },
): Promise<void> {
  await db.updateTable('reading').set(ended).where('id', '=', id).execute()
}

/** Calls of one token since an instant. */
export async function countReadings(db: Db, token: string, since: Date): Promise<number> {
  const { count } = await db
    .selectFrom('reading')
    .where('token', '=', token)
    .where('at', '>=', since)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
