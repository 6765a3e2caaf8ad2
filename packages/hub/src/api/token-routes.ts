/** Tokens for the plate reader: made by whoever answers for them, revoked by any keeper of lanes. */

import { randomBytes } from 'node:crypto'

import { createRoute, z } from '@hono/zod-openapi'
import { commit } from '@sallyport/proof/entry'
import {
  accessTokenById,
  type AccessTokenRow,
  insertAccessToken,
  listAccessTokens,
  revokeAccessToken,
} from '@sallyport/store/access-tokens'

import { newId, newToken, tokenHash } from '../ids.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as integration from './integration-schemas.ts'
import * as schemas from './schemas.ts'

const keepers = ['integrator', 'supervisor'] as const

export function addTokenRoutes(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/tokens',
    summary: 'Tokens for the plate reader, with who answers for them',
    middleware: [signedIn(parts, keepers)] as const,
    responses: {
      200: json(z.object({ tokens: z.array(integration.accessToken) }), 'The tokens'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const now = parts.now()
    const tokens = (await listAccessTokens(parts.db, now)).map((row) => tokenView(row, now))
    return context.json({ tokens }, 200)
  })

  const issue = createRoute({
    method: 'post',
    path: '/v1/tokens',
    summary: 'Make a token; whoever makes it answers for its use',
    middleware: [signedIn(parts, ['integrator'])] as const,
    request: { body: jsonBody(integration.newAccessToken) },
    responses: { 201: json(integration.issuedToken, 'The token, shown once'), ...problems },
  })
  app.openapi(issue, async (context) => {
    const { name, purpose, days } = context.req.valid('json')
    const { person } = context.var
    const now = parts.now()
    const id = newId()
    const secret = `spr_${newToken()}`
    const salt = randomBytes(16)
    const expiresAt = new Date(now.getTime() + days * 86_400_000)
    // The log first: a token that it does not know must never open anything.
    const index = await parts.journal.append({
      v: 1,
      at: now.toISOString(),
      kind: 'token_issued',
      token: id,
      by: commit(salt, person.id),
    })
    await insertAccessToken(parts.db, {
      id,
      account: person.id,
      name,
      purpose,
      secret_sha256: tokenHash(secret),
      created_at: now,
      expires_at: expiresAt,
      revoked_at: null,
      revoked_by: null,
      last_used_at: null,
      commitment_salt: salt,
      log_index: index,
    })
    return context.json({ id, token: secret, expires_at: expiresAt.toISOString() }, 201)
  })
  addRevocation(app, parts)
}

function addRevocation(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/tokens/{token}/revocation',
    summary: 'Revoke a token; calls under way get no answer any more',
    middleware: [signedIn(parts, keepers)] as const,
    request: { params: z.object({ token: schemas.id }) },
    responses: { 204: { description: 'Revoked' }, ...problems },
  })
  app.openapi(route, async (context) => {
    const { token: id } = context.req.valid('param')
    const found = await accessTokenById(parts.db, id)
    if (found === null) return refuse(context, 'not_found', 'There is no such token.')
    if (found.revoked_at !== null) return context.body(null, 204)
    const now = parts.now()
    // While the log is away the reader answers nobody, so the token is of no use until this succeeds.
    await parts.journal.append({
      v: 1,
      at: now.toISOString(),
      kind: 'token_revoked',
      token: id,
      by: commit(randomBytes(16), context.var.person.id),
    })
    await revokeAccessToken(parts.db, id, { account: context.var.person.id, at: now })
    return context.body(null, 204)
  })
}

function tokenView(row: AccessTokenRow, now: Date) {
  return {
    id: row.id,
    name: row.name,
    purpose: row.purpose,
    account: { id: row.account, name: row.account_name },
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    calls_30_days: Number(row.calls),
    state:
      row.revoked_at !== null
        ? ('revoked' as const)
        : row.expires_at <= now
          ? ('expired' as const)
          : ('active' as const),
  }
}
