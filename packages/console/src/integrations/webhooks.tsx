import { Button, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { codeWords } from '../format/words.ts'
import { useNow } from '../shell/clock.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import {
  eventWords,
  keys,
  purposeWords,
  type Subscription,
  subscriptionsQuery,
  type WebhookSecret,
} from './api.ts'
import { NewWebhook } from './new-webhook.tsx'
import { SecretNote } from './secret-note.tsx'

/** Systems that are told of events: where, what for, and whether it arrives. */
export function Webhooks(): ReactElement {
  const subscriptions = useQuery(subscriptionsQuery)
  const keeps = useHolds('integrator', 'supervisor', 'privacy')
  return (
    <section className="sp-section sp-panel">
      <h2>Systems that are told</h2>
      <p className="sp-quiet">
        Events say ids, lane and times. Plates stand in them only where it says so, and each one
        that is sent stands in the log.
      </p>
      {subscriptions.isError && (
        <FailureNote
          doing="The webhooks could not be read"
          error={subscriptions.error}
          onRetry={() => void subscriptions.refetch()}
        />
      )}
      {subscriptions.isPending && <Skeleton height={80} aria-label="Reading the webhooks" />}
      {subscriptions.data?.length === 0 && <p>Nobody is told.</p>}
      {subscriptions.data?.map((one) => (
        <Webhook key={one.id} one={one} keeps={keeps && one.kind === 'webhook'} />
      ))}
      {keeps && <NewWebhook />}
    </section>
  )
}

function Webhook(props: { readonly one: Subscription; readonly keeps: boolean }): ReactElement {
  const { one, keeps } = props
  return (
    <article className="sp-integration" data-state={one.state} aria-label={one.name}>
      <div>
        <h3>
          {one.name}{' '}
          <span className="sp-integration-state">
            {one.state === 'disabled' ? 'Off' : one.state === 'failing' ? 'Failing' : 'Works'}
          </span>{' '}
          {one.plates && <span className="sp-integration-plates">carries plates</span>}
        </h3>
        <p className="sp-mono">{one.url}</p>
        <p>
          {one.event_types.map((type) => eventWords[type]).join(', ')}. {purposeWords[one.purpose]}.{' '}
          {one.account === null ? 'By the settings of the hub.' : `Set up by ${one.account.name}.`}
        </p>
        <Standing one={one} />
      </div>
      {keeps && <Acts one={one} />}
    </article>
  )
}

function Standing(props: { readonly one: Subscription }): ReactElement {
  const { one } = props
  const now = useNow()
  return (
    <p className="sp-quiet">
      {one.disabled !== null && `Off: ${codeWords(one.disabled).toLowerCase()}. `}
      {one.failing_since !== null && one.state === 'failing' && (
        <>
          Since <Instant at={one.failing_since} /> ({one.last_failure}).{' '}
        </>
      )}
      {one.waiting} waiting
      {one.given_up > 0 && `, ${one.given_up} given up`}
      {one.last_success_at !== null && (
        <>
          {' · last arrived '}
          <Instant at={one.last_success_at} />
        </>
      )}
      {one.previous_secret_until !== null &&
        Date.parse(one.previous_secret_until) > now.getTime() && (
          <>
            {' · the old secret signs too until '}
            <Instant at={one.previous_secret_until} />
          </>
        )}
    </p>
  )
}

function Acts(props: { readonly one: Subscription }): ReactElement {
  const { one } = props
  const client = useQueryClient()
  const [said, setSaid] = useState<string | null>(null)
  const [secret, setSecret] = useState<WebhookSecret | null>(null)
  const [ending, setEnding] = useState(false)
  const { busy, error, run } = useAction()
  const at = `/v1/subscriptions/${one.id}`
  const act = (work: () => Promise<void>) => () =>
    run(async () => {
      setSaid(null)
      await work()
      await client.invalidateQueries({ queryKey: keys.subscriptions })
    })
  const test = act(async () => {
    const { delivered, reason } = await request<{ delivered: boolean; reason: string | null }>(
      `${at}/test`,
      { method: 'POST' },
    )
    setSaid(delivered ? 'The test event arrived.' : `It did not arrive: ${reason ?? 'no reason'}.`)
  })
  const rotate = act(async () =>
    setSecret(await request<WebhookSecret>(`${at}/secret`, { method: 'POST' })),
  )
  const enabled = one.state === 'disabled'
  const turn = act(() => request(`${at}/state`, { method: 'PUT', body: { enabled } }))
  const end = act(() => request(at, { method: 'DELETE' }))
  return (
    <div className="sp-integration-acts">
      <Button size="compact-sm" variant="default" loading={busy} onClick={test}>
        Test
      </Button>
      <Button size="compact-sm" variant="default" disabled={busy} onClick={turn}>
        {enabled ? 'Switch on' : 'Switch off'}
      </Button>
      <Button size="compact-sm" variant="default" disabled={busy} onClick={rotate}>
        New secret
      </Button>
      {ending ? (
        <Button size="compact-sm" color="red" disabled={busy} onClick={end}>
          End it, with {one.waiting} waiting
        </Button>
      ) : (
        <Button size="compact-sm" color="red" variant="light" onClick={() => setEnding(true)}>
          End…
        </Button>
      )}
      {said !== null && <p role="status">{said}</p>}
      {error !== null && <FailureNote doing="It was not done" error={error} />}
      {secret !== null && (
        <SecretNote
          secrets={[
            { name: 'Secret', value: secret.secret },
            { name: 'Public key', value: secret.public_key },
          ]}
        >
          The old secret signs too for a day.
        </SecretNote>
      )}
    </div>
  )
}
