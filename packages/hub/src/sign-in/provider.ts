/**
 * The agency's own sign-in: OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636), by openid-client.
 *
 * One issuer, pinned in the settings. The browser holds one secret; state, nonce and code verifier are derived from
 * it, so nothing of a sign-in under way is stored in clear, and an answer fits only the browser that asked.
 */

import { createHmac } from 'node:crypto'

import * as oidc from 'openid-client'

import { limits } from '../limits.ts'
import type { HubSettings } from '../settings.ts'
import { fetchFromProvider, isAway } from './provider-fetch.ts'

export type ProviderRefused = {
  readonly kind: 'refused'
  readonly code: 'provider_unreachable' | 'provider_answer_not_valid'
  readonly detail: string
}

/** Verified claims of the ID token. */
export type ProviderClaims = {
  readonly kind: 'claims'
  readonly subject: string
  readonly claims: Readonly<Record<string, unknown>>
}

export type Provider = {
  readonly issuer: string
  /** As people call it: "Sign in with …". */
  readonly name: string
  readonly rules: HubSettings['signInPeople']
  /** Where the browser that holds `secret` is sent. */
  begin(secret: string): Promise<{ readonly kind: 'to'; readonly url: string } | ProviderRefused>
  /** What the provider answered to that browser: the query of the address that it was sent back to. */
  finish(secret: string, query: string): Promise<ProviderClaims | ProviderRefused>
}

/** Where providers send browsers back to; a page of the console. */
export const redirectPath = '/sign-in/provider'

/** Never `none`, and nothing that a shared secret signs. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

type Parts = {
  readonly origin: string
  readonly now: () => Date
  readonly report: (message: string) => void
}

/** Null where the settings name none. */
export function createProvider(settings: HubSettings, parts: Parts): Provider | null {
  const { signInIssuer: issuer, signInClient: client } = settings
  if (issuer === undefined || client === undefined) return null
  const redirect = `${parts.origin}${redirectPath}`
  let known: { readonly metadata: oidc.ServerMetadata; readonly at: number } | null = null

  const discover = async (): Promise<oidc.ServerMetadata> => {
    const at = parts.now().getTime()
    if (known !== null && Math.abs(at - known.at) < limits.providerKnownMs) return known.metadata
    const found = await oidc.discovery(new URL(issuer), client, undefined, oidc.None(), {
      ...(issuer.startsWith('http:') ? { execute: [oidc.allowInsecureRequests] } : {}),
      [oidc.customFetch]: fetchFromProvider,
      timeout: limits.providerSecondsMax,
    })
    const metadata = { ...found.serverMetadata() } as oidc.ServerMetadata
    if (metadata.issuer !== issuer) throw new Error('the provider names another issuer')
    known = { metadata, at }
    return metadata
  }

  /** Made anew for every sign-in: keys that were exchanged since are read, and none is remembered for long. */
  const configure = async (): Promise<oidc.Configuration> => {
    const metadata = await discover()
    const offered = metadata.id_token_signing_alg_values_supported ?? ['RS256']
    const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const secret = settings.signInSecret
    const configuration = new oidc.Configuration(
      {
        ...metadata,
        id_token_signing_alg_values_supported: algorithms.filter((one) => offered.includes(one)),
      },
      client,
      { [oidc.clockSkew]: Math.round((parts.now().getTime() - Date.now()) / 1000) },
      secret === undefined
        ? oidc.None()
        : methods.includes('client_secret_basic')
          ? oidc.ClientSecretBasic(secret)
          : oidc.ClientSecretPost(secret),
    )
    configuration.timeout = limits.providerSecondsMax
    configuration[oidc.customFetch] = fetchFromProvider
    if (issuer.startsWith('http:')) oidc.allowInsecureRequests(configuration)
    oidc.enableNonRepudiationChecks(configuration)
    return configuration
  }

  return {
    issuer,
    name: settings.signInName,
    rules: settings.signInPeople,
    begin: (secret) =>
      orRefused(parts, async () => {
        const url = oidc.buildAuthorizationUrl(await configure(), {
          redirect_uri: redirect,
          scope: settings.signInScopes.join(' '),
          state: derived(secret, 'state'),
          nonce: derived(secret, 'nonce'),
          code_challenge: await oidc.calculatePKCECodeChallenge(derived(secret, 'verifier')),
          code_challenge_method: 'S256',
          ...(settings.signInAgain
            ? { prompt: 'login', max_age: String(limits.providerAttemptMinutes * 60) }
            : {}),
        })
        return { kind: 'to', url: url.href }
      }),
    finish: (secret, query) =>
      orRefused(parts, async () => {
        const back = new URL(redirect)
        back.search = query
        const tokens = await oidc.authorizationCodeGrant(await configure(), back, {
          expectedState: derived(secret, 'state'),
          expectedNonce: derived(secret, 'nonce'),
          pkceCodeVerifier: derived(secret, 'verifier'),
          idTokenExpected: true,
          ...(settings.signInAgain ? { maxAge: limits.providerAttemptMinutes * 60 } : {}),
        })
        const claims = tokens.claims()
        if (claims === undefined) throw new Error('an ID token was asked for')
        return { kind: 'claims', subject: claims.sub, claims }
      }),
  }
}

function derived(secret: string, what: 'state' | 'nonce' | 'verifier'): string {
  return createHmac('sha256', secret).update(`sallyport sign-in ${what}`).digest('base64url')
}

/** The library throws at whatever is not in order. Its codes are reported, never what a token says. */
async function orRefused<T>(parts: Parts, run: () => Promise<T>): Promise<T | ProviderRefused> {
  try {
    return await run()
  } catch (error) {
    parts.report(`sign-in provider: ${codeOf(error)}`)
    return isAway(error) || codeOf(error) === 'OAUTH_TIMEOUT'
      ? {
          kind: 'refused',
          code: 'provider_unreachable',
          detail:
            'The agency’s sign-in does not answer. A passkey or a one-time link works meanwhile.',
        }
      : {
          kind: 'refused',
          code: 'provider_answer_not_valid',
          detail:
            'The agency’s sign-in gave no answer that can be trusted. Begin again from the sign-in page.',
        }
  }
}

/** `invalid_client`, `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: a word of the protocol. */
function codeOf(error: unknown): string {
  if (isAway(error)) return 'no answer'
  const given =
    error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError
      ? error.error
      : error instanceof oidc.ClientError
        ? error.code
        : undefined
  if (given !== undefined && /^[A-Za-z_]{1,60}$/.test(given)) return given
  return error instanceof Error ? error.name : 'unknown'
}
