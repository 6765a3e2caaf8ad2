/** Sign-in through the agency's provider: attempts under way, and whose account a subject has. */

import type { Role } from '@sallyport/core/opening'

import { type AccountRow, insertAccount } from './accounts.ts'
import type { Db } from './postgres/database.ts'

export async function insertProviderAttempt(
  db: Db,
  attempt: { secretSha256: Uint8Array; account: string | null; expiresAt: Date },
): Promise<void> {
  await db
    .insertInto('provider_attempt')
    .values({
      secret_sha256: attempt.secretSha256,
      account: attempt.account,
      expires_at: attempt.expiresAt,
    })
    .execute()
}

/** How many attempts are under way. */
export async function providerAttempts(db: Db, now: Date): Promise<number> {
  const row = await db
    .selectFrom('provider_attempt')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** An attempt is answered once: it is deleted as it is looked up. Null when it is unknown or too old. */
export async function takeProviderAttempt(
  db: Db,
  secretSha256: Uint8Array,
  now: Date,
): Promise<{ readonly account: string | null } | null> {
  const row = await db
    .deleteFrom('provider_attempt')
    .where('secret_sha256', '=', Buffer.from(secretSha256))
    .returning(['account', 'expires_at'])
    .executeTakeFirst()
  return row !== undefined && row.expires_at > now ? { account: row.account } : null
}

/** The account of a subject, disabled or not. */
export async function accountOfSubject(
  db: Db,
  issuer: string,
  subject: string,
): Promise<AccountRow | null> {
  const row = await db
    .selectFrom('provider_identity')
    .innerJoin('account', 'account.id', 'provider_identity.account')
    .selectAll('account')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row ?? null
}

/** Whether an account is connected already. */
export async function hasProviderIdentity(db: Db, account: string): Promise<boolean> {
  const row = await db
    .selectFrom('provider_identity')
    .select('account')
    .where('account', '=', account)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether somebody of this name has an account, disabled or not, that no subject is connected with. */
export async function isUnconnectedName(db: Db, party: string, name: string): Promise<boolean> {
  const row = await db
    .selectFrom('account')
    .leftJoin('provider_identity', 'provider_identity.account', 'account.id')
    .select('account.id')
    .where('party', '=', party)
    .where(({ fn, eb }) => eb(fn('lower', ['name']), '=', name.toLowerCase()))
    .where('provider_identity.account', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Connects a subject with an account; false when either is connected already. */
export async function insertProviderIdentity(
  db: Db,
  identity: { issuer: string; subject: string; account: string; now: Date },
): Promise<boolean> {
  const { issuer, subject, account, now } = identity
  const stored = await db
    .insertInto('provider_identity')
    .values({ issuer, subject, account, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('account')
    .executeTakeFirst()
  return stored !== undefined
}

/** An account with its subject; false, and neither of them, when the subject has one already. */
export async function insertProviderAccount(
  db: Db,
  account: Parameters<typeof insertAccount>[1],
  identity: { issuer: string; subject: string },
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    await insertAccount(transaction, account)
    const { id, now } = account
    if (await insertProviderIdentity(transaction, { ...identity, account: id, now })) return true
    await transaction.deleteFrom('account').where('id', '=', id).execute()
    return false
  })
}

/** Sets what the provider's word is worth now; sessions under way follow at once. */
export async function changeAccount(
  db: Db,
  id: string,
  { name, roles, unit }: { name: string; roles: readonly Role[]; unit: string },
): Promise<void> {
  await db
    .updateTable('account')
    .set({ name, roles: [...roles], unit })
    .where('id', '=', id)
    .execute()
}
