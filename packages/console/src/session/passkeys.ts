/** Passkeys by the hub's options; the ceremony itself is the browser's. */

import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnError,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'

import { ApiFailure, request } from '../api/client.ts'
import type { Session } from '../api/types.ts'

/** Why a passkey cannot be used at this address, or null when it can. */
export function passkeyObstacle(): string | null {
  if (!window.isSecureContext) return 'Passkeys need https or localhost; this address is neither.'
  if (!browserSupportsWebAuthn()) return 'This browser has no passkeys.'
  return null
}

/** Makes a passkey for the signed-in account. Rejects with a failure people can read. */
export async function registerPasskey(): Promise<void> {
  const optionsJSON = await request<PublicKeyCredentialCreationOptionsJSON>(
    '/v1/passkeys/registration/options',
    { method: 'POST', body: {} },
  )
  const answer = await ceremony(() => startRegistration({ optionsJSON }))
  await request('/v1/passkeys/registration/verify', { method: 'POST', body: answer })
}

/** Signs in with a passkey; the hub sets the cookie. */
export async function signInWithPasskey(): Promise<Session> {
  const optionsJSON = await request<PublicKeyCredentialRequestOptionsJSON>(
    '/v1/passkeys/authentication/options',
    { method: 'POST', body: {} },
  )
  const answer = await ceremony(() => startAuthentication({ optionsJSON }))
  return request<Session>('/v1/passkeys/authentication/verify', { method: 'POST', body: answer })
}

async function ceremony<T>(run: () => Promise<T>): Promise<T> {
  const obstacle = passkeyObstacle()
  if (obstacle !== null) throw new ApiFailure('passkey_unavailable', 0, obstacle)
  try {
    return await run()
  } catch (error) {
    throw new ApiFailure('passkey_failed', 0, ceremonyWords(error))
  }
}

function ceremonyWords(error: unknown): string {
  const name = error instanceof Error ? error.name : ''
  if (
    error instanceof WebAuthnError &&
    error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED'
  ) {
    return 'This device already holds a passkey for your account.'
  }
  if (name === 'NotAllowedError') return 'The request was cancelled, or timed out.'
  return error instanceof Error ? error.message : 'The browser gave no reason.'
}
