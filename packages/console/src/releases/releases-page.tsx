import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { FailureNote } from '../shell/failure-note.tsx'
import { useHolds, useSession } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { type Release, releasesQuery } from './api.ts'
import { NewRelease } from './new-release.tsx'
import { Recipients } from './recipients.tsx'
import { ReleaseCard } from './release-card.tsx'
import { waitsFor } from './waiting.ts'

import './releases.css'

/** Copies that leave: asked for, approved by two others, sealed, and asked back. */
export function ReleasesPage(): ReactElement {
  useTitle('Releases')
  const { account } = useSession()
  const asks = useHolds('supervisor', 'privacy')
  const approves = useHolds('supervisor', 'privacy', 'auditor')
  const releases = useQuery(releasesQuery)
  const waiting = (releases.data ?? []).filter((one) => approves && waitsFor(one, account.id))
  const rest = (releases.data ?? []).filter((one) => !waiting.includes(one))
  return (
    <>
      <div className="sp-page-head">
        <h1>Releases</h1>
        <p>
          Copies for courts and other agencies: two people of other units approve, each copy is
          marked for its recipient and sealed to its key, and asked back.
        </p>
      </div>
      <div className="sp-releases">
        {releases.isError && (
          <FailureNote
            doing="The releases could not be read"
            error={releases.error}
            onRetry={() => void releases.refetch()}
          />
        )}
        {releases.isPending && <Skeleton height={120} aria-label="Reading the releases" />}
        {approves && <Inbox waiting={waiting} known={releases.isSuccess} />}
        <section className="sp-section sp-panel">
          <h2>All releases</h2>
          {releases.isSuccess && rest.length === 0 && (
            <p className="sp-quiet">No copy has left this hub{waiting.length > 0 && ' yet'}.</p>
          )}
          {rest.map((one) => (
            <ReleaseCard key={one.id} release={one} answerable={false} />
          ))}
        </section>
        {asks && <NewRelease />}
        <Recipients keeps={asks} />
      </div>
    </>
  )
}

function Inbox(props: {
  readonly waiting: readonly Release[]
  readonly known: boolean
}): ReactElement {
  return (
    <section className="sp-section sp-panel">
      <h2>Waiting for you</h2>
      {props.known && props.waiting.length === 0 && (
        <p className="sp-quiet">Nobody waits for your approval.</p>
      )}
      {props.waiting.map((one) => (
        <ReleaseCard key={one.id} release={one} answerable />
      ))}
    </section>
  )
}
