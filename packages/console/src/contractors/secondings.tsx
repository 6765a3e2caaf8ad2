import { Button, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactElement } from 'react'

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

function titleOf({ live, view, reason }: Seconding): string {
  if (!live) return reason
  const what = view === 'plate_crop' ? 'the plate' : 'the original'
  return `Waits now to open ${what}${reason === '' ? '' : `: ${reason}`}`
}

function stateOf({ live, state, answer_reason }: Seconding): string {
  if (!live) return stateWords[state]
  const said = answer_reason === null ? '' : `: ${answer_reason}`
  switch (state) {
    case 'waiting':
      return 'Waits for a live approval, for two minutes'
    case 'agreed':
      return `Approved for this opening${said}`
    case 'declined':
      return `Declined${said}`
    case 'used':
      return `Opened${said}`
  }
}

/** Originals that contractors asked for; to those themselves, what became of it. */
export function Secondings(props: { readonly own: boolean }): ReactElement | null {
  const { own } = props
  const keeps = useHolds('supervisor', 'privacy')
  const secondings = useQuery({ ...secondingsQuery, enabled: own || keeps })
  if (!own && !keeps) return null
  const firstLive = secondings.data?.find((one) => one.live && one.state === 'waiting')
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
        <article className="sp-seconding" key={one.id} aria-label={titleOf(one)}>
          <div>
            <p>
              <strong>{titleOf(one)}</strong>
            </p>
            <p className="sp-quiet">
              {one.asked_by !== null && `${one.asked_by.name} of ${one.asked_by.party}, `}
              <Instant at={one.asked_at} /> · {grantPurposeWords[one.purpose]} · picture{' '}
              <span className="sp-mono">{one.capture.slice(0, 8)}…</span>
            </p>
            {own && <p>{stateOf(one)}</p>}
          </div>
          {!own && one.state === 'waiting' && (
            <Answer seconding={one} takesKeys={one.id === firstLive?.id} />
          )}
        </article>
      ))}
    </section>
  )
}

/** Yes or no; with a key where it is the first that waits live: `a` and `d`, outside of fields. */
function Answer(props: {
  readonly seconding: Seconding
  readonly takesKeys: boolean
}): ReactElement {
  const { seconding, takesKeys } = props
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const [reason, setReason] = useState('')
  const say = (agreed: boolean): void =>
    run(async () => {
      const body = { agreed, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) }
      await request(`/v1/secondings/${seconding.id}/answer`, { method: 'POST', body })
      await client.invalidateQueries({ queryKey: keys.secondings })
    })
  useAnswerKeys(takesKeys && !busy, say)
  return (
    <div className="sp-grant-acts">
      {seconding.live && (
        <TextInput
          aria-label="Reason"
          placeholder="Reason"
          maxLength={300}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <Button
        size="compact-md"
        loading={busy}
        rightSection={takesKeys && <kbd>a</kbd>}
        onClick={() => say(true)}
      >
        {seconding.live ? 'Approve' : 'Show this once'}
      </Button>
      <Button
        size="compact-md"
        variant="default"
        disabled={busy}
        rightSection={takesKeys && <kbd>d</kbd>}
        onClick={() => say(false)}
      >
        Decline
      </Button>
      {error !== null && <FailureNote doing="It was not answered" error={error} />}
    </div>
  )
}

function useAnswerKeys(isOn: boolean, say: (agreed: boolean) => void): void {
  const latest = useRef(say)
  useEffect(() => {
    latest.current = say
  })
  useEffect(() => {
    if (!isOn) return
    const press = (event: KeyboardEvent): void => {
      const inField = event.target instanceof HTMLElement && event.target.matches('input, textarea')
      if (inField || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'a') latest.current(true)
      if (event.key === 'd') latest.current(false)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [isOn])
}
