import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { grantPurposeWords, keys, type Seconding, secondingsQuery } from './api.ts'

const stateWords: Readonly<Record<Seconding['state'], string>> = {
  waiting: 'Waits for a person of the agency',
  agreed: 'Agreed: good for one opening within the hour',
  declined: 'Declined',
  used: 'Used',
}

/** Originals that contractors asked for; to those themselves, what became of it. */
export function Secondings(props: { readonly own: boolean }): ReactElement | null {
  const { own } = props
  const keeps = useHolds('supervisor', 'privacy')
  const secondings = useQuery({ ...secondingsQuery, enabled: own || keeps })
  if (!own && !keeps) return null
  return (
    <section className="sp-section sp-panel">
      <h2>{own ? 'Originals you asked for' : 'Waiting for you'}</h2>
      {secondings.isError && (
        <FailureNote
          doing="What was asked could not be read"
          error={secondings.error}
          onRetry={() => void secondings.refetch()}
        />
      )}
      {secondings.data?.length === 0 && (
        <p className="sp-quiet">
          {own ? 'None within the last hour.' : 'Nobody asks for an original.'}
        </p>
      )}
      {secondings.data?.map((one) => (
        <article className="sp-seconding" key={one.id} aria-label={one.reason}>
          <div>
            <p>
              <strong>{one.reason}</strong>
            </p>
            <p className="sp-quiet">
              {one.asked_by !== null && `${one.asked_by.name} of ${one.asked_by.party}, `}
              <Instant at={one.asked_at} /> · {grantPurposeWords[one.purpose]} · picture{' '}
              <span className="sp-mono">{one.capture.slice(0, 8)}…</span>
            </p>
            {own && <p>{stateWords[one.state]}</p>}
          </div>
          {!own && one.state === 'waiting' && <Answer seconding={one} />}
        </article>
      ))}
    </section>
  )
}

function Answer(props: { readonly seconding: Seconding }): ReactElement {
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const say = async (agreed: boolean): Promise<void> => {
    const body = { agreed }
    await request(`/v1/secondings/${props.seconding.id}/answer`, { method: 'POST', body })
    await client.invalidateQueries({ queryKey: keys.secondings })
  }
  return (
    <div className="sp-grant-acts">
      <Button size="compact-md" loading={busy} onClick={() => run(() => say(true))}>
        Show this once
      </Button>
      <Button
        size="compact-md"
        variant="default"
        disabled={busy}
        onClick={() => run(() => say(false))}
      >
        Decline
      </Button>
      {error !== null && <FailureNote doing="It was not answered" error={error} />}
    </div>
  )
}
