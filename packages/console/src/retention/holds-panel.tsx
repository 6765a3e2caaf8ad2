import { Button, Skeleton } from '@mantine/core'
import { holdApprovers, holdRequesters } from '@sallyport/core/retention-hold'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'
import { Link } from 'wouter'

import { request } from '../api/client.ts'
import { lanesQuery } from '../api/queries.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useHolds, useSession } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { HoldDialog } from './hold-dialog.tsx'
import { LiftDialog } from './lift-dialog.tsx'
import { holdsQuery, retentionKey } from './queries.ts'
import type { Hold } from './types.ts'
import { scopeWords } from './words.ts'

const stateWords = {
  requested: 'Waits for a second person',
  in_force: 'In force',
  lifted: 'Lifted',
  expired: 'Expired',
} as const

/** Legal holds: asked for by one person, approved by another, until a day that is named. */
export function HoldsPanel(): ReactElement {
  const holds = useQuery(holdsQuery)
  const asks = useHolds(...holdRequesters)
  const [asked, setAsked] = useState(false)
  const [lifting, setLifting] = useState<Hold | null>(null)
  if (holds.data === undefined)
    return holds.isError ? (
      <FailureNote doing="The holds could not be read" error={holds.error} />
    ) : (
      <Skeleton height={240} aria-label="Reading the holds" />
    )
  const rows = holds.data.holds.toSorted((a, b) => order[a.state] - order[b.state])
  return (
    <>
      <div className="sp-retention-bar">
        <p className="sp-quiet">
          Nothing that a hold in force covers is shredded. One person asks, another approves.
        </p>
        {asks && <Button onClick={() => setAsked(true)}>Ask for a hold…</Button>}
      </div>
      {rows.length === 0 ? (
        <div className="sp-empty sp-panel">
          <h2>No holds</h2>
          <p>A hold covers a crossing, a plate, days of a lane, or the whole port.</p>
        </div>
      ) : (
        <ol className="sp-holds">
          {rows.map((hold) => (
            <HoldItem key={hold.id} hold={hold} onLift={() => setLifting(hold)} />
          ))}
        </ol>
      )}
      {asked && <HoldDialog onClose={() => setAsked(false)} />}
      {lifting !== null && <LiftDialog hold={lifting} onClose={() => setLifting(null)} />}
    </>
  )
}

const order = { requested: 0, in_force: 1, expired: 2, lifted: 3 } as const

function HoldItem(props: { readonly hold: Hold; readonly onLift: () => void }): ReactElement {
  const { hold } = props
  const lanes = useQuery(lanesQuery)
  const laneName = (id: string): string => lanes.data?.find((one) => one.id === id)?.name ?? id
  const isOpen = hold.state === 'requested' || hold.state === 'in_force'
  return (
    <li className="sp-panel sp-section" data-state={hold.state}>
      <div className="sp-hold-head">
        <h2>
          {scopeWords(hold, laneName)}
          {hold.scope.crossing !== null && (
            <>
              {' '}
              <Link className="sp-link" href={`/crossings/${hold.scope.crossing}`}>
                open
              </Link>
            </>
          )}
        </h2>
        <span className="sp-hold-state" data-state={hold.state}>
          {stateWords[hold.state]}
        </span>
      </div>
      <p>{hold.reason}</p>
      <dl className="sp-facts">
        <dt>Until</dt>
        <dd>
          <Instant at={hold.expires_at} />
        </dd>
        <dt>Asked for</dt>
        <dd>
          <ActWords act={hold.requested} />
        </dd>
        {hold.approved !== null && (
          <>
            <dt>Approved</dt>
            <dd>
              <ActWords act={hold.approved} />
            </dd>
          </>
        )}
        {hold.lifted !== null && (
          <>
            <dt>Lifted</dt>
            <dd>
              <ActWords act={hold.lifted} />: {hold.lifted_reason}
            </dd>
          </>
        )}
      </dl>
      {isOpen && <Answers hold={hold} onLift={props.onLift} />}
    </li>
  )
}

function ActWords(props: { readonly act: Hold['requested'] }): ReactElement {
  const { act } = props
  if (act === null) return <>–</>
  return (
    <>
      {act.by.name}, <Instant at={act.at} />, log entry <LogIndex index={act.log_index} />
    </>
  )
}

function Answers(props: { readonly hold: Hold; readonly onLift: () => void }): ReactElement | null {
  const { hold } = props
  const { account } = useSession()
  const client = useQueryClient()
  const approves = useHolds(...holdApprovers)
  const { busy, error, run } = useAction()
  if (!approves) return null
  const isOwn = hold.requested?.by.id === account.id
  const approve = async (): Promise<void> => {
    await request(`/v1/holds/${encodeURIComponent(hold.id)}/approval`, { method: 'POST' })
    await client.invalidateQueries({ queryKey: retentionKey })
    notifyDone('In force', 'Nothing that it covers is shredded from now on.')
  }
  return (
    <div className="sp-hold-answers">
      {hold.state === 'requested' && (
        <Button loading={busy} disabled={isOwn} onClick={() => run(approve)}>
          Approve
        </Button>
      )}
      <Button variant="default" onClick={props.onLift}>
        {hold.state === 'requested' ? 'Withdraw…' : 'Lift…'}
      </Button>
      {hold.state === 'requested' && isOwn && (
        <span className="sp-quiet">You asked for it: another person must approve.</span>
      )}
      {error !== null && <FailureNote doing="Not approved" error={error} />}
    </div>
  )
}
