/** The steps of signing in: a link, a passkey, the agency's provider, the offer of a first passkey. */

import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLocation, useSearch } from 'wouter'

import { request } from '../api/client.ts'
import { sessionQuery } from '../api/queries.ts'
import type { Session } from '../api/types.ts'
import { returnPath, takeToken } from './link-token.ts'
import { passkeyObstacle, registerPasskey, signInWithPasskey } from './passkeys.ts'
import { leaveForProvider, takeProviderAnswer } from './provider.ts'

export type Step =
  | { readonly kind: 'ready' }
  | { readonly kind: 'working'; readonly words: string }
  /** A link was opened while somebody is signed in. */
  | { readonly kind: 'confirm'; readonly token: string; readonly name: string }
  | { readonly kind: 'offer'; readonly name: string }
  | { readonly kind: 'failed'; readonly doing: string; readonly error: unknown }

export type SignIn = {
  readonly step: Step
  readonly useLink: (token: string) => void
  readonly usePasskey: () => void
  readonly useProvider: () => void
  readonly addPasskey: () => void
  /** On to where the person wanted to go. */
  readonly onward: () => void
}

export function useSignIn(): SignIn {
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const to = returnPath(useSearch())
  const [step, setStep] = useState<Step>({ kind: 'ready' })
  const busy = useRef(false)
  const onward = (): void => navigate(to, { replace: true })

  const become = (session: Session): void => {
    client.clear()
    client.setQueryData(sessionQuery.queryKey, session)
  }
  const enter = (session: Session): void => {
    become(session)
    const offer = session.passkeys === 0 && passkeyObstacle() === null
    if (offer) setStep({ kind: 'offer', name: session.account.name })
    else onward()
  }
  const attempt = async (doing: string, words: string, run: () => Promise<void>): Promise<void> => {
    if (busy.current) return
    busy.current = true
    setStep({ kind: 'working', words })
    try {
      await run()
    } catch (error) {
      setStep({ kind: 'failed', doing, error })
    } finally {
      busy.current = false
    }
  }
  const useLink = (token: string): Promise<void> =>
    attempt('The link did not sign you in', 'Signing in…', async () =>
      enter(await request<Session>('/v1/session/link', { method: 'POST', body: { token } })),
    )
  const usePasskey = (): Promise<void> =>
    attempt('The passkey did not sign you in', 'Waiting for your passkey…', async () =>
      enter(await signInWithPasskey()),
    )
  const addPasskey = (): Promise<void> =>
    attempt('The passkey was not added', 'Waiting for your passkey…', async () => {
      await registerPasskey()
      await client.invalidateQueries({ queryKey: sessionQuery.queryKey })
      onward()
    })
  const useProvider = (): Promise<void> =>
    attempt('The agency’s sign-in could not be asked', 'On the way to your agency…', async () => {
      await leaveForProvider(to, false)
      // The page is left. Nothing else may begin until it is.
      await new Promise(() => undefined)
    })
  useProviderAnswer(({ query, to: wanted }) => {
    void attempt('The agency’s sign-in did not sign you in', 'Signing in…', async () => {
      become(await request<Session>('/v1/session/provider', { method: 'POST', body: { query } }))
      navigate(wanted, { replace: true })
    })
  })
  useTokens(async (token) => {
    const current = await signedInAs(client)
    if (current === null) await useLink(token)
    else setStep({ kind: 'confirm', token, name: current.account.name })
  })
  return {
    step,
    useLink: (token) => void useLink(token),
    usePasskey: () => void usePasskey(),
    useProvider: () => void useProvider(),
    addPasskey: () => void addPasskey(),
    onward,
  }
}

/** A link made for somebody else must not silently change who this browser is signed in as. */
async function signedInAs(client: QueryClient): Promise<Session | null> {
  return client.fetchQuery(sessionQuery).catch(() => null)
}

/** Calls `follow` with what a provider answered, when this page was opened with it. */
function useProviderAnswer(
  follow: (answer: NonNullable<ReturnType<typeof takeProviderAnswer>>) => void,
): void {
  const latest = useRef(follow)
  useEffect(() => {
    latest.current = follow
  })
  useEffect(() => {
    const answer = takeProviderAnswer()
    if (answer !== null) latest.current(answer)
  }, [])
}

/** Calls `follow` with each token that the address brings, at the start or by a link in this tab. */
function useTokens(follow: (token: string) => Promise<void>): void {
  const latest = useRef(follow)
  useEffect(() => {
    latest.current = follow
  })
  useEffect(() => {
    const take = (): void => {
      const token = takeToken()
      if (token !== null) void latest.current(token)
    }
    take()
    window.addEventListener('hashchange', take)
    return () => window.removeEventListener('hashchange', take)
  }, [])
}
