/** Passkeys (WebAuthn Level 3), by SimpleWebAuthn. Challenges are rows that answer once. */

import { createRoute, z } from '@hono/zod-openapi'
import {
  activeAccount,
  insertChallenge,
  insertPasskey,
  notePasskeyUse,
  passkeyById,
  passkeysOf,
  takeChallenge,
} from '@sallyport/store/accounts'
import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'

import { limits } from '../limits.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as schemas from './schemas.ts'
import { beginSession, sessionView } from './session-routes.ts'

/** Defined by WebAuthn, made and read by the library. */
const anyJson = z.any()

/** The part of a browser's answer that is needed to look it up; the library checks the rest. */
const credential = z.looseObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,1400}$/),
  rawId: z.string(),
  type: z.literal('public-key'),
  response: z.looseObject({
    clientDataJSON: z.string().max(20_000),
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .optional(),
  }),
  clientExtensionResults: z.looseObject({}),
})

export function addPasskeyRoutes(app: App, parts: HubParts): void {
  const rpID = new URL(parts.origin).hostname
  const remember = (challenge: string, account: string | null) =>
    insertChallenge(parts.db, {
      challenge,
      account,
      expires_at: new Date(parts.now().getTime() + limits.challengeMinutes * 60_000),
    })

  const registrationOptions = createRoute({
    method: 'post',
    path: '/v1/passkeys/registration/options',
    summary: 'Options for a new passkey of the person signed in',
    middleware: [signedIn(parts)] as const,
    responses: { 200: json(anyJson, 'PublicKeyCredentialCreationOptionsJSON'), ...problems },
  })
  app.openapi(registrationOptions, async (context) => {
    const { id, name } = context.var.person
    const options = await generateRegistrationOptions({
      rpName: 'Sallyport',
      rpID,
      userName: name,
      userID: Buffer.from(id, 'hex'),
      attestationType: 'none',
      excludeCredentials: (await passkeysOf(parts.db, id)).map((passkey) => ({ id: passkey.id })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
    })
    await remember(options.challenge, id)
    return context.json(options, 200)
  })

  const registration = createRoute({
    method: 'post',
    path: '/v1/passkeys/registration/verify',
    summary: 'Register the passkey that the browser made',
    middleware: [signedIn(parts)] as const,
    request: { body: jsonBody(credential) },
    responses: { 200: json(schemas.session, 'Registered'), ...problems },
  })
  app.openapi(registration, async (context) => {
    const response = context.req.valid('json') as unknown as RegistrationResponseJSON
    const { person } = context.var
    const challenge = challengeOf(response)
    const known = challenge === null ? null : await takeChallenge(parts.db, challenge, parts.now())
    if (challenge === null || known?.account !== person.id) return notAccepted(context)
    const verified = await orNull(
      verifyRegistrationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: parts.origin,
        expectedRPID: rpID,
        requireUserVerification: false,
      }),
    )
    if (verified?.verified !== true || verified.registrationInfo === undefined)
      return notAccepted(context)
    const made = verified.registrationInfo.credential
    await insertPasskey(parts.db, {
      id: made.id,
      account: person.id,
      public_key: made.publicKey,
      counter: made.counter,
      transports: made.transports ?? [],
      created_at: parts.now(),
    })
    return context.json(await sessionView(person, parts), 200)
  })

  addAuthentication(app, parts, rpID, remember)
}

function addAuthentication(
  app: App,
  parts: HubParts,
  rpID: string,
  remember: (challenge: string, account: string | null) => Promise<void>,
): void {
  const authenticationOptions = createRoute({
    method: 'post',
    path: '/v1/passkeys/authentication/options',
    summary: 'Options for signing in with a passkey',
    responses: { 200: json(anyJson, 'PublicKeyCredentialRequestOptionsJSON'), ...problems },
  })
  app.openapi(authenticationOptions, async (context) => {
    const options = await generateAuthenticationOptions({ rpID, userVerification: 'preferred' })
    await remember(options.challenge, null)
    return context.json(options, 200)
  })

  const authentication = createRoute({
    method: 'post',
    path: '/v1/passkeys/authentication/verify',
    summary: 'Sign in with a passkey',
    request: { body: jsonBody(credential) },
    responses: { 200: json(schemas.session, 'Signed in'), ...problems },
  })
  app.openapi(authentication, async (context) => {
    const response = context.req.valid('json') as unknown as AuthenticationResponseJSON
    const challenge = challengeOf(response)
    const known = challenge === null ? null : await takeChallenge(parts.db, challenge, parts.now())
    const passkey = await passkeyById(parts.db, response.id)
    const account = passkey === null ? null : await activeAccount(parts.db, passkey.account)
    if (challenge === null || known === null || passkey === null || account === null)
      return notAccepted(context)
    const verified = await orNull(
      verifyAuthenticationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: parts.origin,
        expectedRPID: rpID,
        requireUserVerification: false,
        credential: {
          id: passkey.id,
          publicKey: new Uint8Array(passkey.public_key),
          counter: passkey.counter,
          transports: passkey.transports as AuthenticatorTransport[],
        },
      }),
    )
    if (verified?.verified !== true) return notAccepted(context)
    await notePasskeyUse(parts.db, passkey.id, verified.authenticationInfo.newCounter)
    await beginSession(context, account, parts)
    return context.json(await sessionView(account, parts), 200)
  })
}

function notAccepted(context: Parameters<typeof refuse>[0]): never {
  return refuse(
    context,
    'passkey_not_valid',
    'The passkey is not known here, or the attempt took too long. Try again, or use a one-time link.',
  )
}

/** The challenge that the browser says it answered. */
function challengeOf({
  response,
}: {
  readonly response: { readonly clientDataJSON: string }
}): string | null {
  try {
    const data: unknown = JSON.parse(
      Buffer.from(response.clientDataJSON, 'base64url').toString('utf8'),
    )
    const found =
      typeof data === 'object' && data !== null && 'challenge' in data ? data.challenge : null
    return typeof found === 'string' && /^[A-Za-z0-9_-]{1,200}$/.test(found) ? found : null
  } catch {
    return null
  }
}

/** The library throws on answers that are not in order: to us that is a refusal. */
async function orNull<T>(verification: Promise<T>): Promise<T | null> {
  return verification.catch(() => null)
}
