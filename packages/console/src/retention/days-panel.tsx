import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { lanesQuery } from '../api/queries.ts'
import { plural } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useHolds } from '../shell/session-context.ts'
import { ClockNote } from './clock-note.tsx'
import { LostDialog } from './lost-dialog.tsx'
import { daysQuery } from './queries.ts'
import type { OpenEpoch } from './types.ts'

/** Days whose key is still here, which lane each waits for, and giving up what never comes. */
export function DaysPanel(): ReactElement {
  const days = useQuery(daysQuery)
  const givesUp = useHolds('supervisor', 'privacy')
  const [losing, setLosing] = useState<OpenEpoch | null>(null)
  if (days.data === undefined)
    return days.isError ? (
      <FailureNote doing="The days could not be read" error={days.error} />
    ) : (
      <Skeleton height={240} aria-label="Reading the days" />
    )
  const { epochs } = days.data
  const waiting = epochs.filter(({ state }) => state === 'waits')
  const last = epochs.at(-1)?.day
  return (
    <>
      <ClockNote />
      <p className="sp-quiet">
        Lanes seal to the key of the day. It is destroyed when each lane has said that its day is
        over and everything is here, or after 14 days; then stolen copies of a lane’s disk stay
        shut.
        {last !== undefined && ` Keys are made until ${last}.`}
      </p>
      {waiting.length === 0 ? (
        <div className="sp-empty sp-panel">
          <h2>No day waits</h2>
          <p>Every day that is over has been closed by its lanes.</p>
        </div>
      ) : (
        <ol className="sp-days">
          {waiting.map((epoch) => (
            <Day
              key={epoch.recipient}
              epoch={epoch}
              onLose={givesUp ? () => setLosing(epoch) : null}
            />
          ))}
        </ol>
      )}
      {losing !== null && <LostDialog epoch={losing} onClose={() => setLosing(null)} />}
    </>
  )
}

function Day(props: {
  readonly epoch: OpenEpoch
  readonly onLose: (() => void) | null
}): ReactElement {
  const { epoch, onLose } = props
  const lanes = useQuery(lanesQuery)
  return (
    <li className="sp-panel">
      <div>
        <h2 className="sp-figure">
          {epoch.day}
          {epoch.rotated_out && ' (replaced)'}
        </h2>
        <ul>
          {epoch.waiting_for.map(({ device, lane, closed, missing }) => (
            <li key={device}>
              <strong>{lanes.data?.find(({ id }) => id === lane)?.name ?? lane}</strong>{' '}
              {closed
                ? `closed the day; ${plural(missing, 'crossing', 'crossings')} never arrived`
                : 'has not closed the day'}
            </li>
          ))}
        </ul>
        {epoch.declared_lost_by > 0 && (
          <p className="sp-retention-waits">Given up by one person; a second makes it so.</p>
        )}
      </div>
      {onLose !== null && (
        <Button variant="default" onClick={onLose}>
          Give up the rest…
        </Button>
      )}
    </li>
  )
}
