import { Button, Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactElement } from 'react'
import { useLocation, useSearch } from 'wouter'

import { request } from '../api/client.ts'
import { sessionQuery } from '../api/queries.ts'
import type { Session } from '../api/types.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { MarkIcon } from '../shell/icons.tsx'
import { useTitle } from '../shell/title.ts'
import { returnPath, takeToken } from './link-token.ts'
import { passkeyObstacle, registerPasskey, signInWithPasskey } from './passkeys.ts'

import './sign-in.css'

type Step =
  | { readonly kind: 'ready' }
  | { readonly kind: 'working'; readonly words: string }
  | { readonly kind: 'confirm'; readonly token: string; readonly name: string }
  | { readonly kind: 'offer'; readonly session: Session }
  | { readonly kind: 'failed'; readonly doing: string; readonly error: unknown }

/** One-time links, passkeys, and the offer of a first passkey. */
export function SignInPage(): ReactElement {
  useTitle('Sign in')
  const client = useQueryClient()
  const session = useQuery(sessionQuery)
  const [, navigate] = useLocation()
  const to = returnPath(useSearch())
  const [step, setStep] = useState<Step>({ kind: 'ready' })
  const busy = useRef(false)

  const enter = (entered: Session): void => {
    client.clear()
    client.setQueryData(sessionQuery.queryKey, entered)
    if (entered.passkeys === 0 && passkeyObstacle() === null)
      setStep({ kind: 'offer', session: entered })
    else navigate(to, { replace: true })
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
  const useLink = (link: string): Promise<void> =>
    attempt('The link did not sign you in', 'Signing in…', async () =>
      enter(await request<Session>('/v1/session/link', { method: 'POST', body: { token: link } })),
    )

  // A link made for somebody else must not silently change who this browser is signed in as.
  const followLink = async (): Promise<void> => {
    const token = takeToken()
    if (token === null) return
    const current = await client.fetchQuery(sessionQuery).catch(() => null)
    if (current === null) await useLink(token)
    else setStep({ kind: 'confirm', token, name: current.account.name })
  }
  const latest = useRef(followLink)
  useEffect(() => {
    latest.current = followLink
  })
  useEffect(() => {
    const follow = (): void => void latest.current()
    follow()
    window.addEventListener('hashchange', follow)
    return () => window.removeEventListener('hashchange', follow)
  }, [])

  const withPasskey = (): Promise<void> =>
    attempt('The passkey did not sign you in', 'Waiting for your passkey…', async () =>
      enter(await signInWithPasskey()),
    )
  const addPasskey = (): Promise<void> =>
    attempt('The passkey was not added', 'Waiting for your passkey…', async () => {
      await registerPasskey()
      await client.invalidateQueries({ queryKey: sessionQuery.queryKey })
      navigate(to, { replace: true })
    })
  const onward = (): void => navigate(to, { replace: true })
  const obstacle = passkeyObstacle()
  const signedIn = session.isSuccess

  return (
    <main className="sp-sign-in">
      <div className="sp-sign-in-card sp-panel">
        <div className="sp-sign-in-brand">
          <MarkIcon size={30} />
          <span>Sallyport</span>
        </div>
        {step.kind === 'working' && (
          <p className="sp-sign-in-working" role="status">
            <Loader size="xs" /> {step.words}
          </p>
        )}
        {step.kind === 'confirm' && (
          <>
            <h1>Sign in with this link?</h1>
            <p>You are signed in as {step.name}. The link signs this browser in anew.</p>
            <Button onClick={() => void useLink(step.token)}>Sign in with the link</Button>
            <Button variant="default" onClick={onward}>
              Stay {step.name}
            </Button>
          </>
        )}
        {step.kind === 'offer' && (
          <>
            <h1>Welcome, {step.session.account.name}</h1>
            <p>Your link is used up. Add a passkey now, and next time you sign in without one.</p>
            <Button autoFocus onClick={() => void addPasskey()}>
              Add a passkey
            </Button>
            <Button variant="default" onClick={onward}>
              Later
            </Button>
          </>
        )}
        {(step.kind === 'ready' || step.kind === 'failed') && (
          <>
            <h1>Sign in</h1>
            {step.kind === 'failed' && <FailureNote doing={step.doing} error={step.error} />}
            {obstacle === null ? (
              <Button autoFocus onClick={() => void withPasskey()}>
                Sign in with a passkey
              </Button>
            ) : (
              <p>{obstacle} Use a one-time link instead.</p>
            )}
            {signedIn && (
              <Button variant="default" onClick={onward}>
                Continue as {session.data.account.name}
              </Button>
            )}
            <p className="sp-quiet sp-sign-in-help">
              No passkey yet? Open the one-time link that the hub printed at its start, or that a
              supervisor sent you.
            </p>
          </>
        )}
      </div>
    </main>
  )
}
