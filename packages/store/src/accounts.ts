/** People: accounts, one-time links, passkeys, sessions, shifts. Tokens are stored as hashes only. */

import type { Role } from '@sallyport/core/opening'
import type { Insertable, Selectable } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type AccountRow = Selectable<Database['account']>
export type PasskeyRow = Selectable<Database['passkey']>

export async function insertAccount(
  db: Db,
  account: {
    id: string
    name: string
    roles: readonly Role[]
    party?: string
    unit?: string
    now: Date
  },
): Promise<void> {
  await db
    .insertInto('account')
    .values({
      id: account.id,
      name: account.name,
      roles: [...account.roles],
      created_at: account.now,
      disabled_at: null,
      ...(account.party === undefined ? {} : { party: account.party }),
      ...(account.unit === undefined ? {} : { unit: account.unit }),
    })
    .execute()
}

export async function listAccounts(
  db: Db,
): Promise<readonly (AccountRow & { readonly passkeys: number })[]> {
  return db
    .selectFrom('account')
    .leftJoin('passkey', 'passkey.account', 'account.id')
    .selectAll('account')
    .select(({ fn }) => fn.count<number>('passkey.id').as('passkeys'))
    .groupBy('account.id')
    .orderBy('account.created_at')
    .execute()
}

export async function insertSignInLink(
  db: Db,
  link: { tokenSha256: Uint8Array; account: string; expiresAt: Date },
): Promise<void> {
  await db
    .insertInto('sign_in_link')
    .values({
      token_sha256: link.tokenSha256,
      account: link.account,
      expires_at: link.expiresAt,
      used_at: null,
    })
    .execute()
}

/** Uses a link once; null when it is unknown, used, expired or its account disabled. */
export async function useSignInLink(
  db: Db,
  tokenSha256: Uint8Array,
  now: Date,
): Promise<AccountRow | null> {
  const used = await db
    .updateTable('sign_in_link')
    .set({ used_at: now })
    .where('token_sha256', '=', Buffer.from(tokenSha256))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('account')
    .executeTakeFirst()
  return used === undefined ? null : activeAccount(db, used.account)
}

export async function activeAccount(db: Db, id: string): Promise<AccountRow | null> {
  const row = await db
    .selectFrom('account')
    .selectAll()
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

export async function insertSession(
  db: Db,
  session: Insertable<Database['session']>,
): Promise<void> {
  await db.insertInto('session').values(session).execute()
}

export async function sessionAccount(
  db: Db,
  tokenSha256: Uint8Array,
  now: Date,
): Promise<AccountRow | null> {
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account')
    .selectAll('account')
    .where('session.token_sha256', '=', Buffer.from(tokenSha256))
    .where('session.ended_at', 'is', null)
    .where('session.expires_at', '>', now)
    .where('account.disabled_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** When a session ends by itself; null when there is none. */
export async function sessionEnd(db: Db, tokenSha256: Uint8Array): Promise<Date | null> {
  const row = await db
    .selectFrom('session')
    .select('expires_at')
    .where('token_sha256', '=', Buffer.from(tokenSha256))
    .executeTakeFirst()
  return row?.expires_at ?? null
}

export async function endSession(db: Db, tokenSha256: Uint8Array, now: Date): Promise<void> {
  await db
    .updateTable('session')
    .set({ ended_at: now })
    .where('token_sha256', '=', Buffer.from(tokenSha256))
    .execute()
}

export async function passkeysOf(db: Db, account: string): Promise<readonly PasskeyRow[]> {
  return db.selectFrom('passkey').selectAll().where('account', '=', account).execute()
}

export async function passkeyById(db: Db, id: string): Promise<PasskeyRow | null> {
  return (
    (await db.selectFrom('passkey').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
  )
}

export async function insertPasskey(
  db: Db,
  passkey: Insertable<Database['passkey']>,
): Promise<void> {
  await db.insertInto('passkey').values(passkey).execute()
}

export async function notePasskeyUse(db: Db, id: string, counter: number): Promise<void> {
  await db.updateTable('passkey').set({ counter }).where('id', '=', id).execute()
}

export async function insertChallenge(
  db: Db,
  challenge: Insertable<Database['passkey_challenge']>,
): Promise<void> {
  await db.insertInto('passkey_challenge').values(challenge).execute()
}

/** A challenge answers once: it is deleted as it is looked up. */
export async function takeChallenge(
  db: Db,
  challenge: string,
  now: Date,
): Promise<{ readonly account: string | null } | null> {
  const row = await db
    .deleteFrom('passkey_challenge')
    .where('challenge', '=', challenge)
    .returning(['account', 'expires_at'])
    .executeTakeFirst()
  return row !== undefined && row.expires_at > now ? { account: row.account } : null
}

/** A shift under way elsewhere ends with it. */
export async function startShift(db: Db, shift: Insertable<Database['shift']>): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await endShiftIn(transaction, shift.account, shift.started_at)
    await transaction
      .insertInto('shift')
      .values(shift)
      .onConflict((conflict) =>
        conflict.column('account').doUpdateSet({ lane: shift.lane, started_at: shift.started_at }),
      )
      .execute()
  })
}

export async function endShift(db: Db, account: string, now: Date): Promise<void> {
  await db.transaction().execute((transaction) => endShiftIn(transaction, account, now))
}

async function endShiftIn(db: Db, account: string, now: Date): Promise<void> {
  const ended = await db
    .deleteFrom('shift')
    .where('account', '=', account)
    .returningAll()
    .executeTakeFirst()
  if (ended !== undefined)
    await db
      .insertInto('shift_past')
      .values({ ...ended, ended_at: now })
      .execute()
}

/** Names of everybody who was on shift at a lane then; a shift counts for `hoursMax` from its start. */
export async function onShiftAt(
  db: Db,
  { lane, at, hoursMax }: { readonly lane: string; readonly at: Date; readonly hoursMax: number },
): Promise<readonly string[]> {
  const from = new Date(at.getTime() - hoursMax * 3_600_000)
  const underWay = db
    .selectFrom('shift')
    .innerJoin('account', 'account.id', 'shift.account')
    .select('account.name')
    .where('shift.lane', '=', lane)
    .where('shift.started_at', '<=', at)
    .where('shift.started_at', '>', from)
  const over = db
    .selectFrom('shift_past')
    .innerJoin('account', 'account.id', 'shift_past.account')
    .select('account.name')
    .where('shift_past.lane', '=', lane)
    .where('shift_past.started_at', '<=', at)
    .where('shift_past.started_at', '>', from)
    .where('shift_past.ended_at', '>', at)
  const rows = await underWay.union(over).orderBy('name').execute()
  return rows.map(({ name }) => name)
}

export async function shiftOf(
  db: Db,
  account: string,
): Promise<{ readonly lane: string; readonly startedAt: Date } | null> {
  const row = await db
    .selectFrom('shift')
    .selectAll()
    .where('account', '=', account)
    .executeTakeFirst()
  return row === undefined ? null : { lane: row.lane, startedAt: row.started_at }
}

/** Deletes what can no longer be used: links, challenges and sessions long past. */
export async function sweepExpired(db: Db, now: Date): Promise<void> {
  const longAgo = new Date(now.getTime() - 30 * 86_400_000)
  await db.deleteFrom('passkey_challenge').where('expires_at', '<', now).execute()
  await db.deleteFrom('provider_attempt').where('expires_at', '<', now).execute()
  await db.deleteFrom('sign_in_link').where('expires_at', '<', longAgo).execute()
  await db.deleteFrom('session').where('expires_at', '<', longAgo).execute()
  await db.deleteFrom('shift_past').where('ended_at', '<', longAgo).execute()
}
