/** Signing in through the agency's own provider (OpenID Connect): begin, and take its answer. */

import { createRoute, z } from '@hono/zod-openapi'
import {
  hasProviderIdentity,
  insertProviderAttempt,
  providerAttempts,
  takeProviderAttempt,
} from '@sallyport/store/provider-sign-in'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

import { newToken, tokenHash } from '../ids.ts'
import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { accountOfClaims } from '../sign-in/provider-accounts.ts'
import { type App, type HubParts, json, jsonBody, personOf, problems, refuse } from './context.ts'
import * as schemas from './schemas.ts'
import { beginSession, sessionView } from './session-routes.ts'

export const signInProvider = z
  .object({
    name: z.string(),
    connected: z.boolean().openapi({ description: 'Whether it leads to the account signed in' }),
  })
  .openapi('SignInProvider')

/** Lives only between leaving for the provider and coming back. */
const attemptCookie = 'sallyport_attempt'
const cookiePath = '/v1/session/provider'

export function addProviderRoutes(app: App, parts: HubParts): void {
  const { provider } = parts

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/session/provider',
      summary: 'The agency’s own sign-in, where the hub has one',
      responses: {
        200: json(z.object({ provider: signInProvider.nullable() }), 'What people call it'),
        ...problems,
      },
    }),
    async (context) => {
      if (provider === null) return context.json({ provider: null }, 200)
      const person = await personOf(context, parts)
      const connected = person !== null && (await hasProviderIdentity(parts.db, person.id))
      return context.json({ provider: { name: provider.name, connected } }, 200)
    },
  )

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/session/provider/attempts',
      summary: 'Begin a sign-in at the agency’s provider, or connect the own account with it',
      request: { body: jsonBody(z.object({ connect: z.boolean().default(false) })) },
      responses: { 201: json(z.object({ url: z.string() }), 'Where to go'), ...problems },
    }),
    async (context) => {
      if (provider === null) return refuse(context, 'not_found', noProvider)
      const { connect } = context.req.valid('json')
      const person = connect ? await personOf(context, parts) : null
      if (connect && person === null)
        return refuse(context, 'not_signed_in', 'Sign in to the account that you want to connect.')
      const held = person === null ? null : await context.var.supervise(person)
      if (held !== null) return answer(context, held) as never
      if ((await providerAttempts(parts.db, parts.now())) >= limits.providerAttemptsMax)
        return refuse(context, 'busy', 'Too many people are signing in. Try again in some minutes.')
      const secret = newToken()
      const to = await provider.begin(secret)
      if (to.kind === 'refused') return refuse(context, to.code, to.detail)
      const lastsMs = limits.providerAttemptMinutes * 60_000
      await insertProviderAttempt(parts.db, {
        secretSha256: tokenHash(secret),
        account: person?.id ?? null,
        expiresAt: new Date(parts.now().getTime() + lastsMs),
      })
      setCookie(context, attemptCookie, secret, {
        path: cookiePath,
        httpOnly: true,
        sameSite: 'Strict',
        secure: parts.origin.startsWith('https:'),
        maxAge: lastsMs / 1000,
      })
      return context.json({ url: to.url }, 201)
    },
  )

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/session/provider',
      summary: 'Sign in with what the provider answered',
      request: {
        body: jsonBody(
          z.object({
            query: z.string().max(limits.providerQueryMax).openapi({
              description: 'Of the address that the provider sent the browser back to',
            }),
          }),
        ),
      },
      responses: { 200: json(schemas.session, 'Signed in'), ...problems },
    }),
    async (context) => {
      if (provider === null) return refuse(context, 'not_found', noProvider)
      const secret = getCookie(context, attemptCookie) ?? ''
      deleteCookie(context, attemptCookie, { path: cookiePath })
      const attempt = await takeProviderAttempt(parts.db, tokenHash(secret), parts.now())
      if (attempt === null)
        return refuse(
          context,
          'provider_answer_not_valid',
          'No sign-in was begun in this browser, it took too long, or it was answered already. Begin again from the sign-in page.',
        )
      // Who connects an account has to be its person until the end.
      if (attempt.account !== null && (await personOf(context, parts))?.id !== attempt.account)
        return refuse(context, 'not_signed_in', 'Somebody else is signed in here by now.')
      const answered = await provider.finish(secret, context.req.valid('json').query)
      if (answered.kind === 'refused') return refuse(context, answered.code, answered.detail)
      const found = await accountOfClaims(provider, answered, attempt.account, parts)
      if (found.kind === 'refused') return refuse(context, 'sign_in_refused', found.detail)
      await beginSession(context, found.account, parts)
      return context.json(await sessionView(found.account, parts), 200)
    },
  )
}

const noProvider = 'This hub has no provider. Use a passkey or a one-time link.'
