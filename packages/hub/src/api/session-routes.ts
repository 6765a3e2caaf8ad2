/** Signing in and out: one-time link, passkeys, invitations. */

import { randomBytes } from 'node:crypto'

import { createRoute, z } from '@hono/zod-openapi'
import { purposesFor } from '@sallyport/core/opening'
import { commit } from '@sallyport/proof/entry'
import {
  type AccountRow,
  endSession,
  insertSession,
  listAccounts,
  passkeysOf,
  shiftOf,
  useSignInLink,
} from '@sallyport/store/accounts'
import { listParties } from '@sallyport/store/grants/parties'
import type { Context } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'

import { inviteAccount } from '../accounts.ts'
import { newToken, tokenHash } from '../ids.ts'
import { limits } from '../limits.ts'
import { endOfLink, linkForOneself } from '../own-link.ts'
import {
  type App,
  type HubParts,
  json,
  jsonBody,
  problems,
  refuse,
  sessionCookie,
  signedIn,
} from './context.ts'
import * as schemas from './schemas.ts'

export function addSessionRoutes(app: App, parts: HubParts): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/session/link',
      summary: 'Sign in with a one-time link',
      request: { body: jsonBody(z.object({ token: z.string().max(100) })) },
      responses: { 200: json(schemas.session, 'Signed in'), ...problems },
    }),
    async (context) => {
      const { token } = context.req.valid('json')
      const hash = tokenHash(token)
      // A session whose start cannot be logged does not start, and its link is not used up.
      const account = await parts.db.transaction().execute(async (transaction) => {
        const found = await useSignInLink(transaction, hash, parts.now())
        if (found !== null)
          await beginSession(context, found, { ...parts, db: transaction }, endOfLink(token))
        return found
      })
      if (account === null) {
        return refuse(
          context,
          'link_not_valid',
          'Links work once and for a day. Ask for a new one, or use your passkey.',
        )
      }
      return context.json(await sessionView(account, parts), 200)
    },
  )

  const ownLink = createRoute({
    method: 'post',
    path: '/v1/session/links',
    summary: 'A one-time link for oneself, for a terminal; its session ends when this one would',
    middleware: [signedIn(parts)] as const,
    responses: {
      201: json(z.object({ url: z.string(), expires_at: z.iso.datetime() }), 'The link'),
      ...problems,
    },
  })
  app.openapi(ownLink, async (context) => {
    const { url, expiresAt } = await linkForOneself(context.var.person, parts)
    return context.json({ url, expires_at: expiresAt.toISOString() }, 201)
  })

  const ownSession = createRoute({
    method: 'get',
    path: '/v1/session',
    summary: 'Who is signed in, and what they may do',
    middleware: [signedIn(parts)] as const,
    responses: { 200: json(schemas.session, 'The session'), ...problems },
  })
  app.openapi(ownSession, async (context) =>
    context.json(await sessionView(context.var.person, parts), 200),
  )

  const signOut = createRoute({
    method: 'delete',
    path: '/v1/session',
    summary: 'Sign out',
    middleware: [signedIn(parts)] as const,
    responses: { 204: { description: 'Signed out' }, ...problems },
  })
  app.openapi(signOut, async (context) => {
    await endSession(parts.db, context.var.person.tokenHash, parts.now())
    deleteCookie(context, sessionCookie, { path: '/' })
    return context.body(null, 204)
  })
  addAccountRoutes(app, parts)
}

function addAccountRoutes(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/accounts',
    summary: 'People with access',
    middleware: [signedIn(parts, ['supervisor'])] as const,
    responses: {
      200: json(z.object({ accounts: z.array(schemas.account) }), 'The accounts'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const accounts = (await listAccounts(parts.db)).map((row) => ({
      id: row.id,
      name: row.name,
      roles: row.roles,
      passkeys: row.passkeys,
      created_at: row.created_at.toISOString(),
      disabled: row.disabled_at !== null,
    }))
    return context.json({ accounts }, 200)
  })

  const invite = createRoute({
    method: 'post',
    path: '/v1/invitations',
    summary: 'Make an account and a one-time link for it',
    middleware: [signedIn(parts, ['supervisor'])] as const,
    request: { body: jsonBody(schemas.invitation) },
    responses: {
      201: json(
        z.object({ url: z.string(), expires_at: z.iso.datetime() }),
        'The link, shown once',
      ),
      ...problems,
    },
  })
  app.openapi(invite, async (context) => {
    const { name, roles, party = 'agency', unit = '' } = context.req.valid('json')
    if (!(await listParties(parts.db)).some(({ id }) => id === party))
      return refuse(context, 'not_found', `There is no party "${party}". Add it first.`)
    const link = await inviteAccount(name, roles, parts, { party, unit })
    return context.json({ url: link.url, expires_at: link.expiresAt.toISOString() }, 201)
  })
}

/** Starts a session and sets its cookie; the start stands in the log. It ends by `endMax` at the latest. */
export async function beginSession(
  context: Context,
  account: Pick<AccountRow, 'id'>,
  parts: HubParts,
  endMax: Date | null = null,
): Promise<void> {
  const token = newToken()
  const now = parts.now()
  const usualMs = limits.sessionHours * 3_600_000
  const lastsMs = Math.max(0, Math.min(usualMs, (endMax?.getTime() ?? Infinity) - now.getTime()))
  await parts.journal.append({
    v: 1,
    at: now.toISOString(),
    kind: 'session_started',
    by: commit(randomBytes(16), account.id),
  })
  await insertSession(parts.db, {
    token_sha256: tokenHash(token),
    account: account.id,
    started_at: now,
    expires_at: new Date(now.getTime() + lastsMs),
    ended_at: null,
  })
  setCookie(context, sessionCookie, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure: parts.origin.startsWith('https:'),
    maxAge: Math.floor(lastsMs / 1000),
  })
}

export async function sessionView(
  account: Pick<AccountRow, 'id' | 'name' | 'party'> & {
    readonly roles: readonly AccountRow['roles'][number][]
  },
  parts: HubParts,
) {
  const [passkeys, shift] = await Promise.all([
    passkeysOf(parts.db, account.id),
    shiftOf(parts.db, account.id),
  ])
  return {
    account: {
      id: account.id,
      name: account.name,
      roles: [...account.roles],
      party: account.party,
    },
    purposes: [...purposesFor(account.roles)],
    passkeys: passkeys.length,
    shift: shift === null ? null : { lane: shift.lane, started_at: shift.startedAt.toISOString() },
    port: { id: parts.port.id, name: parts.port.name, zone: parts.port.zone },
    synthetic: parts.synthetic,
    picture_lane: parts.pictureLane?.lane ?? null,
    log: { origin: parts.journal.origin, vkey: parts.journal.vkey },
  }
}
