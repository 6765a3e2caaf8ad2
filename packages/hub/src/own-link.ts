/**
 * One-time links that people make for themselves, to be signed in at a terminal, too. The session that one
 * starts ends no later than the session that asked for it: else a stolen session could renew itself for ever.
 */

import { insertSignInLink, sessionEnd } from '@sallyport/store/accounts'

import type { SignInLink } from './accounts.ts'
import type { HubParts } from './api/context.ts'
import { newToken, tokenHash } from './ids.ts'
import { limits } from './limits.ts'

/** Tokens have no `u`. What stands behind it is believed because the whole text is looked up by its hash. */
const form = /^[a-z0-9]{32}u(\d{1,12})$/

/** Makes a link for the account of a session that is valid. */
export async function linkForOneself(
  person: { readonly id: string; readonly tokenHash: Uint8Array },
  { db, now, origin }: Pick<HubParts, 'db' | 'now' | 'origin'>,
): Promise<SignInLink> {
  const end = await sessionEnd(db, person.tokenHash)
  if (end === null) throw new Error('who is signed in has a session')
  const token = `${newToken()}u${Math.floor(end.getTime() / 1000)}`
  const soon = now().getTime() + limits.ownLinkMinutes * 60_000
  const expiresAt = new Date(Math.min(soon, end.getTime()))
  await insertSignInLink(db, { tokenSha256: tokenHash(token), account: person.id, expiresAt })
  return { url: `${origin}/sign-in#token=${token}`, expiresAt }
}

/** When a session started with this link has to end at the latest; null: as usual. */
export function endOfLink(token: string): Date | null {
  const seconds = form.exec(token)?.[1]
  return seconds === undefined ? null : new Date(Number(seconds) * 1000)
}
