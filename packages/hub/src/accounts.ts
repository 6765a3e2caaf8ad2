/** Making accounts and the one-time links that open them. */

import { randomBytes } from 'node:crypto'

import type { Role } from '@sallyport/core/opening'
import { commit } from '@sallyport/proof/entry'
import { insertAccount, insertSignInLink, listAccounts } from '@sallyport/store/accounts'

import type { HubParts } from './api/context.ts'
import { newId, newToken, tokenHash } from './ids.ts'
import { limits } from './limits.ts'

export type SignInLink = { readonly url: string; readonly expiresAt: Date }

type Parts = Pick<HubParts, 'db' | 'journal' | 'now' | 'origin'>

/** Makes an account and a link for it. The creation stands in the log. */
export async function inviteAccount(
  name: string,
  roles: readonly Role[],
  parts: Parts,
  affiliation: { readonly party?: string; readonly unit?: string } = {},
): Promise<SignInLink> {
  const account = newId()
  const now = parts.now()
  await parts.journal.append({
    v: 1,
    at: now.toISOString(),
    kind: 'account_created',
    by: commit(randomBytes(16), account),
  })
  await insertAccount(parts.db, { ...affiliation, id: account, name, roles, now })
  return linkFor(account, parts)
}

/** A fresh one-time link for an existing account. */
export async function linkFor(account: string, { db, now, origin }: Parts): Promise<SignInLink> {
  const token = newToken()
  const expiresAt = new Date(now().getTime() + limits.signInLinkHours * 3_600_000)
  await insertSignInLink(db, { tokenSha256: tokenHash(token), account, expiresAt })
  // Behind '#': the token reaches no server log and no Referer header.
  return { url: `${origin}/sign-in#token=${token}`, expiresAt }
}

/**
 * The link that the hub prints at its start: for the first account, which is made when there is none.
 * Null once that account has a passkey, unless `always`.
 */
export async function firstLink(
  first: { readonly name: string; readonly roles: readonly Role[] },
  always: boolean,
  parts: Parts,
): Promise<SignInLink | null> {
  const [account] = await listAccounts(parts.db)
  if (account === undefined) return inviteAccount(first.name, first.roles, parts)
  return account.passkeys > 0 && !always ? null : linkFor(account.id, parts)
}
