import { Button, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { keys, type SupervisedAct, supervisedActsQuery } from './api.ts'

const actWords: Readonly<Record<SupervisedAct['act'], string>> = {
  add_passkey: 'Add a passkey to the own account',
  connect_sign_in: 'Connect the own account with the agency’s sign-in',
  make_link: 'Make a one-time link for a terminal',
  read_report: 'Read the report of an evaluation',
  read_traffic_shape: 'Read how a month’s traffic was composed',
}

const stateWords: Readonly<Record<SupervisedAct['state'], string>> = {
  waiting: 'Waits now, for two minutes',
  agreed: 'Approved, not done yet',
  declined: 'Declined',
  used: 'Approved, and done once',
  over: 'Nobody answered in time',
}

/** What people under supervision asked to do; to those themselves, what became of it. */
export function SupervisedActs(props: { readonly own: boolean }): ReactElement | null {
  const { own } = props
  const keeps = useHolds('supervisor', 'privacy')
  const acts = useQuery({ ...supervisedActsQuery, enabled: own || keeps })
  if (!own && !keeps) return null
  // Most contractors are under no supervision, and have nothing to read here.
  if (acts.data?.length === 0) return null
  return (
    <section className="sp-section sp-panel">
      <h2>{own ? 'What you asked to do under supervision' : 'Asked under supervision'}</h2>
      {acts.isError && (
        <FailureNote
          doing="What was asked could not be read"
          error={acts.error}
          onRetry={() => void acts.refetch()}
        />
      )}
      {acts.data?.map((one) => (
        <article className="sp-seconding" key={one.id} aria-label={actWords[one.act]}>
          <div>
            <p>
              <strong>{actWords[one.act]}</strong>
            </p>
            <p className="sp-quiet">
              {!own && `${one.asked_by.name} of ${one.asked_by.party}, `}
              <Instant at={one.asked_at} /> · <span className="sp-mono">{one.request}</span>
            </p>
            <p>
              {stateWords[one.state]}
              {one.answer_reason !== null && `: ${one.answer_reason}`}
              {one.log_index !== null && (
                <>
                  , log entry <LogIndex index={one.log_index} />
                </>
              )}
            </p>
          </div>
          {!own && one.state === 'waiting' && <Answer id={one.id} />}
        </article>
      ))}
    </section>
  )
}

function Answer(props: { readonly id: string }): ReactElement {
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const [reason, setReason] = useState('')
  const say = (agreed: boolean): void =>
    run(async () => {
      const body = { agreed, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) }
      await request(`/v1/supervised-acts/${props.id}/answer`, { method: 'POST', body })
      await client.invalidateQueries({ queryKey: keys.supervisedActs })
    })
  return (
    <div className="sp-grant-acts">
      <TextInput
        aria-label="Reason"
        placeholder="Reason"
        maxLength={300}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button size="compact-md" loading={busy} onClick={() => say(true)}>
        Approve this once
      </Button>
      <Button size="compact-md" variant="default" disabled={busy} onClick={() => say(false)}>
        Decline
      </Button>
      {error !== null && <FailureNote doing="It was not answered" error={error} />}
    </div>
  )
}
