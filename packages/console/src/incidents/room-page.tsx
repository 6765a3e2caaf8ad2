import { Button, Skeleton, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant, Since } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { useAction } from '../shell/use-action.ts'
import { type Incident, keys, roomQuery } from './api.ts'
import { ContainmentPanel } from './containment-panel.tsx'
import { NoticesPanel } from './notices-panel.tsx'
import { ScopePanel } from './scope-panel.tsx'

import './incidents.css'

/** The room of one incident: clocks, containment, extent, notices, what happened when. */
export function RoomPage(props: { readonly id: string }): ReactElement {
  const room = useQuery(roomQuery(props.id))
  const takes = useHolds('responder', 'privacy', 'auditor')
  useTitle(room.data?.title ?? 'Incident')
  if (room.isPending) return <Skeleton height={200} aria-label="Reading the incident" />
  if (room.isError)
    return (
      <FailureNote
        doing="The incident could not be read"
        error={room.error}
        onRetry={() => void room.refetch()}
      />
    )
  const incident = room.data
  return (
    <>
      <div className="sp-page-head">
        <h1>{incident.title}</h1>
        <p>
          First suspicion <Instant at={incident.suspected_at} /> (
          <Since at={incident.suspected_at} />
          ), known here <Instant at={incident.known_at} />.{' '}
          {incident.members.length === 0
            ? 'Nobody has taken it up.'
            : `In the room: ${incident.members.map(({ name }) => name).join(', ')}.`}
        </p>
      </div>
      <div className="sp-incidents">
        <Reports incident={incident} />
        <ContainmentPanel incident={incident} />
        <ScopePanel incident={incident.id} />
        <NoticesPanel incident={incident.id} />
        <Timeline incident={incident} />
        {takes && <Evidence incident={incident.id} />}
      </div>
    </>
  )
}

function Reports(props: { readonly incident: Incident }): ReactElement | null {
  const { reports } = props.incident
  if (reports.length === 0) return null
  return (
    <section className="sp-section sp-panel">
      <h2>Reported from outside</h2>
      {reports.map((one) => (
        <article key={one.receipt}>
          <p>
            <strong>{one.organisation}</strong> · {one.contact} ·{' '}
            <span className="sp-mono">{one.receipt}</span>
          </p>
          <p className="sp-incident-words">{one.what}</p>
        </article>
      ))}
    </section>
  )
}

/** What it rests on as one signed file, for whoever decides about a contractor. */
function Evidence(props: { readonly incident: string }): ReactElement {
  const [party, setParty] = useState('')
  const named = party.trim()
  const address = `/v1/incidents/${props.incident}/pack`
  return (
    <section className="sp-section sp-panel">
      <h2>Evidence</h2>
      <p className="sp-quiet">
        Timeline, reports, scopes, steps and notices with the entries of the log that show them. It
        names nobody of the agency but where a note does: read it before it goes out.
      </p>
      <div className="sp-incident-form">
        <TextInput
          label="Party whose grants and equipment go with it, if any"
          value={party}
          onChange={(event) => setParty(event.currentTarget.value)}
        />
        <a href={named === '' ? address : `${address}?party=${encodeURIComponent(named)}`} download>
          Signed pack
        </a>
      </div>
    </section>
  )
}

function Timeline(props: { readonly incident: Incident }): ReactElement {
  const { id, timeline } = props.incident
  const client = useQueryClient()
  const [text, setText] = useState('')
  const { busy, error, run } = useAction()
  const note = async (): Promise<void> => {
    await request(`/v1/incidents/${id}/notes`, { method: 'POST', body: { text } })
    setText('')
    await client.invalidateQueries({ queryKey: keys.room(id) })
  }
  return (
    <section className="sp-section sp-panel">
      <h2>What happened</h2>
      <ol className="sp-incident-timeline">
        {timeline.map((one) => (
          <li key={`${one.at} ${one.text}`} data-kind={one.kind}>
            <Instant at={one.at} />
            <span className="sp-incident-words">
              {one.text}{' '}
              <span className="sp-quiet">
                {one.by ?? ''}{' '}
                {one.log_index !== null && (
                  <a href={`/log?entry=${one.log_index}`}>#{one.log_index}</a>
                )}
              </span>
            </span>
          </li>
        ))}
      </ol>
      <form
        className="sp-incident-form"
        onSubmit={(event) => {
          event.preventDefault()
          run(note)
        }}
      >
        <Textarea
          label="Note what happened"
          autosize
          minRows={2}
          maxLength={8000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={busy} disabled={text.trim() === ''}>
          Note it
        </Button>
        {error !== null && <FailureNote doing="It was not noted" error={error} />}
      </form>
    </section>
  )
}
