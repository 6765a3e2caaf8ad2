import { Button, Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { keys, partiesQuery, type Supervision, supervisionQuery } from './api.ts'

/** Contractors of whom every opening and act is approved live; set by one person, ended by two. */
export function SupervisionPanel(): ReactElement {
  const supervision = useQuery(supervisionQuery)
  const keeper = useHolds('supervisor', 'privacy')
  return (
    <section className="sp-section sp-panel">
      <h2>Under supervision</h2>
      {supervision.isError && (
        <FailureNote
          doing="Who is under supervision could not be read"
          error={supervision.error}
          onRetry={() => void supervision.refetch()}
        />
      )}
      {supervision.data?.length === 0 && (
        <p className="sp-quiet">
          Nobody. For a contractor who comes back, each opening, and whatever else its people do
          here, can be held until somebody of the agency approves it live.
        </p>
      )}
      {supervision.data?.map((one) => (
        <Supervised key={one.party} supervision={one} keeper={keeper} />
      ))}
      {keeper && <Set taken={supervision.data?.map(({ party }) => party) ?? []} />}
    </section>
  )
}

function Supervised(props: {
  readonly supervision: Supervision
  readonly keeper: boolean
}): ReactElement {
  const { supervision, keeper } = props
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const lift = (): void =>
    run(async () => {
      const path = `/v1/parties/${encodeURIComponent(supervision.party)}/supervision/lifting`
      await request(path, { method: 'POST', body: {} })
      await client.invalidateQueries({ queryKey: keys.supervision })
    })
  return (
    <article className="sp-seconding" aria-label={supervision.party}>
      <div>
        <p>
          <strong>{supervision.party}</strong>
        </p>
        <p className="sp-quiet">
          {supervision.reason} · since <Instant at={supervision.set_at} />, log entry{' '}
          <LogIndex index={supervision.log_index} />
          {supervision.lifting_asked && ' · one person asked to end it'}
        </p>
      </div>
      {keeper && (
        <div className="sp-grant-acts">
          <Button size="compact-md" variant="default" loading={busy} onClick={lift}>
            {supervision.lifting_asked ? 'End it' : 'Ask to end it'}
          </Button>
          {error !== null && <FailureNote doing="It was not ended" error={error} />}
        </div>
      )}
    </article>
  )
}

function Set(props: { readonly taken: readonly string[] }): ReactElement {
  const client = useQueryClient()
  const parties = useQuery(partiesQuery)
  const { busy, error, run } = useAction()
  const [party, setParty] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const contractors = (parties.data ?? []).filter(
    ({ id, kind }) => (kind === 'prime' || kind === 'subcontractor') && !props.taken.includes(id),
  )
  const set = (): void =>
    run(async () => {
      const path = `/v1/parties/${encodeURIComponent(party ?? '')}/supervision`
      await request(path, { method: 'POST', body: { reason: reason.trim() } })
      setParty(null)
      setReason('')
      await client.invalidateQueries({ queryKey: keys.supervision })
    })
  return (
    <div className="sp-grant-acts">
      <Select
        aria-label="Contractor to supervise"
        placeholder="Contractor"
        data={contractors.map(({ id, name }) => ({ value: id, label: name }))}
        value={party}
        onChange={setParty}
      />
      <TextInput
        aria-label="Why under supervision"
        placeholder="Why"
        maxLength={300}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button
        size="compact-md"
        variant="default"
        loading={busy}
        disabled={party === null || reason.trim() === ''}
        onClick={set}
      >
        Put under supervision
      </Button>
      {error !== null && <FailureNote doing="It was not set" error={error} />}
    </div>
  )
}
