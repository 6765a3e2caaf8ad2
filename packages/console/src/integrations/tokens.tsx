import { Button, NumberInput, Skeleton, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { type AccessToken, type IssuedToken, keys, tokensQuery } from './api.ts'
import { SecretNote } from './secret-note.tsx'

/** Programs that ask the plate reader: who answers for them, and what for. */
export function Tokens(): ReactElement {
  const tokens = useQuery(tokensQuery)
  const mayMake = useHolds('integrator')
  return (
    <section className="sp-section sp-panel">
      <h2>Programs that ask for plates</h2>
      <p className="sp-quiet">
        A token lets a program built for Plate Recognizer read single pictures here. Nothing of them
        is kept; each call stands in the log.
      </p>
      {tokens.isError && (
        <FailureNote
          doing="The tokens could not be read"
          error={tokens.error}
          onRetry={() => void tokens.refetch()}
        />
      )}
      {tokens.isPending && <Skeleton height={80} aria-label="Reading the tokens" />}
      {tokens.data?.length === 0 && <p>There is none.</p>}
      {tokens.data?.map((token) => (
        <Token key={token.id} token={token} />
      ))}
      {mayMake && <NewToken />}
    </section>
  )
}

function Token(props: { readonly token: AccessToken }): ReactElement {
  const { token } = props
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const revoke = async (): Promise<void> => {
    await request(`/v1/tokens/${token.id}/revocation`, { method: 'POST' })
    await client.invalidateQueries({ queryKey: keys.tokens })
  }
  return (
    <article className="sp-integration" data-state={token.state} aria-label={token.name}>
      <div>
        <h3>{token.name}</h3>
        <p>
          For “{token.purpose}”, {token.account.name} answers for it.
        </p>
        <p className="sp-quiet">
          {token.state === 'revoked' ? (
            'Revoked.'
          ) : (
            <>
              {token.state === 'expired' ? 'Expired' : 'Until'} <Instant at={token.expires_at} />
              {' · '}
            </>
          )}{' '}
          {token.calls_30_days} calls in 30 days
          {token.last_used_at !== null && (
            <>
              , last <Instant at={token.last_used_at} />
            </>
          )}
        </p>
        {error !== null && <FailureNote doing="It was not revoked" error={error} />}
      </div>
      {token.state === 'active' && (
        <div className="sp-integration-acts">
          <Button
            size="compact-sm"
            color="red"
            variant="light"
            loading={busy}
            onClick={() => run(revoke)}
          >
            Revoke
          </Button>
        </div>
      )}
    </article>
  )
}

function NewToken(): ReactElement {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [purpose, setPurpose] = useState('')
  const [days, setDays] = useState(90)
  const [made, setMade] = useState<IssuedToken | null>(null)
  const { busy, error, run } = useAction()
  const make = async (): Promise<void> => {
    const body = { name: name.trim(), purpose: purpose.trim(), days }
    setMade(await request<IssuedToken>('/v1/tokens', { method: 'POST', body }))
    setName('')
    setPurpose('')
    await client.invalidateQueries({ queryKey: keys.tokens })
  }
  return (
    <form
      className="sp-integration-form"
      onSubmit={(event) => {
        event.preventDefault()
        run(make)
      }}
    >
      <h3>A new token</h3>
      <TextInput
        label="Program"
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="What it reads plates for"
        maxLength={200}
        value={purpose}
        onChange={(event) => setPurpose(event.currentTarget.value)}
      />
      <NumberInput
        label="Days until it ends"
        min={1}
        max={366}
        allowDecimal={false}
        value={days}
        onChange={(value) => setDays(Number(value) || 1)}
      />
      <Button
        type="submit"
        loading={busy}
        disabled={name.trim() === '' || purpose.trim().length < 3}
      >
        Make a token
      </Button>
      {error !== null && <FailureNote doing="No token was made" error={error} />}
      {made !== null && (
        <SecretNote secrets={[{ name: 'Token', value: made.token }]}>
          Works until <Instant at={made.expires_at} />. You answer for its use.
        </SecretNote>
      )}
    </form>
  )
}
