import { Badge, Button, Progress, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds, useSession } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { type Grant, keys, statusWords } from './api.ts'
import { GrantOpenings } from './grant-timeline.tsx'

const colours = {
  proposed: 'yellow',
  signed: 'teal',
  suspended: 'orange',
  revoked: 'red',
  not_begun: 'blue',
  over: 'gray',
} as const satisfies Record<Grant['status'], string>

/** One version of a grant: in plain words, as policy, with what is used of it today. */
export function GrantCard(props: { readonly grant: Grant }): ReactElement {
  const { grant } = props
  const { party, version, document, status } = grant
  return (
    <article
      className="sp-grant"
      data-status={status}
      aria-label={`${party.name}, ${document.basis}, version ${version}`}
    >
      <header>
        <h3>{party.name}</h3>
        <Badge variant="light" color={colours[status]}>
          {statusWords[status]}
        </Badge>
        <span className="sp-quiet">
          {document.basis} · version {version}
        </span>
      </header>
      {grant.reason !== null && <p className="sp-grant-reason">{grant.reason}</p>}
      <ul className="sp-grant-words">
        {grant.sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {status === 'signed' && <Use grant={grant} />}
      {status !== 'proposed' && <GrantOpenings grant={grant} />}
      <details>
        <summary>The policy that was signed</summary>
        <pre className="sp-mono">{grant.policy}</pre>
      </details>
      <p className="sp-quiet">
        Proposed <Instant at={grant.proposed_at} /> by {grant.proposed_by?.name ?? 'somebody'}
        {grant.signed_at !== null && (
          <>
            , signed <Instant at={grant.signed_at} /> by {grant.signed_by?.name ?? 'somebody'}
          </>
        )}
        .
      </p>
      <Acts grant={grant} />
    </article>
  )
}

function Use(props: { readonly grant: Grant }): ReactElement {
  const { today, document } = props.grant
  const pictures = Math.min(100, (today.pictures / document.pictures_per_day) * 100)
  const bytes = Math.min(100, (today.bytes / document.bytes_per_day) * 100)
  return (
    <div className="sp-grant-use">
      <span>
        Today {today.pictures} of {document.pictures_per_day} pictures
      </span>
      <Progress value={pictures} aria-label="Pictures used up today" />
      <span>
        {megabytes(today.bytes)} of {megabytes(document.bytes_per_day)}
      </span>
      <Progress value={bytes} aria-label="Bytes used up today" />
    </div>
  )
}

function Acts(props: { readonly grant: Grant }): ReactElement | null {
  const { grant } = props
  const { account } = useSession()
  const keeps = useHolds('supervisor', 'privacy')
  const ends = useHolds('supervisor', 'privacy', 'responder')
  if (grant.status === 'revoked' || grant.status === 'over') return null
  return (
    <div className="sp-grant-acts">
      {keeps && grant.status === 'proposed' && (
        <Sign grant={grant} own={grant.proposed_by?.id === account.id} />
      )}
      {ends && <Revoke grant={grant} />}
    </div>
  )
}

function Sign(props: { readonly grant: Grant; readonly own: boolean }): ReactElement {
  const { grant, own } = props
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const sign = async (): Promise<void> => {
    await request(`/v1/grants/${grant.id}/versions/${grant.version}/signature`, { method: 'POST' })
    await client.invalidateQueries({ queryKey: keys.grants })
  }
  if (own) return <p className="sp-quiet">You proposed it: somebody of another unit signs it.</p>
  return (
    <>
      <Button loading={busy} onClick={() => run(sign)}>
        Sign it
      </Button>
      {error !== null && <FailureNote doing="It was not signed" error={error} />}
    </>
  )
}

function Revoke(props: { readonly grant: Grant }): ReactElement {
  const { grant } = props
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const { busy, error, run } = useAction()
  const revoke = async (): Promise<void> => {
    const body = { reason: reason.trim() }
    await request(`/v1/grants/${grant.id}/revocation`, { method: 'POST', body })
    await client.invalidateQueries({ queryKey: keys.grants })
  }
  if (!asking) {
    return (
      <Button color="red" variant="light" onClick={() => setAsking(true)}>
        Revoke …
      </Button>
    )
  }
  return (
    <form
      className="sp-grant-revoke"
      onSubmit={(event) => {
        event.preventDefault()
        run(revoke)
      }}
    >
      <TextInput
        autoFocus
        label="Why it ends"
        description="It ends for good, in every version, at once."
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button type="submit" color="red" loading={busy} disabled={reason.trim() === ''}>
        Revoke it
      </Button>
      <Button variant="default" onClick={() => setAsking(false)}>
        Keep it
      </Button>
      {error !== null && <FailureNote doing="It was not revoked" error={error} />}
    </form>
  )
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 100_000) / 10} MB`
}
