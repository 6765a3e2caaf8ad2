import { Button, Skeleton, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'
import { Link, useLocation } from 'wouter'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useTitle } from '../shell/title.ts'
import { useAction } from '../shell/use-action.ts'
import { incidentsQuery, keys } from './api.ts'

import './incidents.css'

/** Incidents that this person may know of, and the door to a new one. */
export function IncidentsPage(): ReactElement {
  useTitle('Incidents')
  const incidents = useQuery(incidentsQuery)
  return (
    <>
      <div className="sp-page-head">
        <h1>Incidents</h1>
        <p>
          What may have got out, what is cut off, who is told. You see those that you need to know
          of. A contractor without an account reports at <a href="/report">/report</a>. The incident
          of 2019, <Link href="/replay">replayed</Link>.
        </p>
      </div>
      <div className="sp-incidents">
        <NewIncident />
        <section className="sp-section sp-panel">
          <h2>Under way and closed</h2>
          {incidents.isError && (
            <FailureNote
              doing="The incidents could not be read"
              error={incidents.error}
              onRetry={() => void incidents.refetch()}
            />
          )}
          {incidents.isPending && <Skeleton height={80} aria-label="Reading the incidents" />}
          {incidents.data?.length === 0 && <p className="sp-quiet">None that you may know of.</p>}
          <ul className="sp-incident-list">
            {incidents.data?.map((one) => (
              <li key={one.id}>
                <Link href={`/incidents/${one.id}`}>{one.title}</Link>
                <span className="sp-quiet">
                  {one.closed_at === null ? 'open' : 'closed'} · first suspicion{' '}
                  <Instant at={one.suspected_at} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  )
}

function NewIncident(): ReactElement {
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [title, setTitle] = useState('')
  const [suspected, setSuspected] = useState('')
  const { busy, error, run } = useAction()
  const open = async (): Promise<void> => {
    const known = new Date()
    const at = suspected === '' ? known : new Date(suspected)
    const { id } = await request<{ id: string }>('/v1/incidents', {
      method: 'POST',
      body: { title, known_at: known.toISOString(), suspected_at: at.toISOString() },
    })
    await client.invalidateQueries({ queryKey: keys.list })
    navigate(`/incidents/${id}`)
  }
  return (
    <form
      className="sp-section sp-panel sp-incident-form"
      onSubmit={(event) => {
        event.preventDefault()
        run(open)
      }}
    >
      <h2>Something may have got out</h2>
      <TextInput
        label="In one line"
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label="First suspicion of anyone in the chain"
        description="By this computer’s clock. Empty: now. Deadlines of contractors count from it."
        value={suspected}
        onChange={(event) => setSuspected(event.currentTarget.value)}
      />
      <Button type="submit" loading={busy} disabled={title.trim() === ''}>
        Open an incident
      </Button>
      {error !== null && <FailureNote doing="It was not opened" error={error} />}
    </form>
  )
}
