import { Button, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { sessionQuery } from '../api/queries.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { MarkIcon } from '../shell/icons.tsx'
import { useTitle } from '../shell/title.ts'
import { passkeyObstacle } from './passkeys.ts'
import { providerQuery } from './provider.ts'
import { useSignIn, type SignIn } from './use-sign-in.ts'

import './sign-in.css'

/** One-time links, passkeys, and the offer of a first passkey. */
export function SignInPage(): ReactElement {
  useTitle('Sign in')
  const signIn = useSignIn()
  const { step } = signIn
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
            <Button onClick={() => signIn.useLink(step.token)}>Sign in with the link</Button>
            <Button variant="default" onClick={signIn.onward}>
              Stay {step.name}
            </Button>
          </>
        )}
        {step.kind === 'offer' && (
          <>
            <h1>Welcome, {step.name}</h1>
            <p>Your link is used up. Add a passkey now, and next time you need no link.</p>
            <Button autoFocus onClick={signIn.addPasskey}>
              Add a passkey
            </Button>
            <Button variant="default" onClick={signIn.onward}>
              Later
            </Button>
          </>
        )}
        {(step.kind === 'ready' || step.kind === 'failed') && <Start signIn={signIn} />}
      </div>
    </main>
  )
}

function Start(props: { readonly signIn: SignIn }): ReactElement {
  const { step, usePasskey, useProvider, onward } = props.signIn
  const session = useQuery(sessionQuery)
  const provider = useQuery(providerQuery).data?.provider ?? null
  const obstacle = passkeyObstacle()
  return (
    <>
      <h1>Sign in</h1>
      {step.kind === 'failed' && <FailureNote doing={step.doing} error={step.error} />}
      {provider !== null && <Button onClick={useProvider}>Sign in with {provider.name}</Button>}
      {obstacle === null ? (
        <Button autoFocus variant={provider === null ? 'filled' : 'default'} onClick={usePasskey}>
          Sign in with a passkey
        </Button>
      ) : (
        <p>{obstacle} Use a one-time link instead.</p>
      )}
      {session.isSuccess && (
        <Button variant="default" onClick={onward}>
          Continue as {session.data.account.name}
        </Button>
      )}
      <p className="sp-quiet sp-sign-in-help">
        No passkey yet? Open the one-time link that the hub printed at its start, or that a
        supervisor sent you.
      </p>
    </>
  )
}
