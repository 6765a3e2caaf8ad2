import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'
import { Link } from 'wouter'

import { lanesQuery } from '../api/queries.ts'
import { countWords, plural } from '../format/figures.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { VerdictText } from '../plate/verdict-text.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { useSession } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { total } from './next-item.ts'
import { QueueFilter, QueueList } from './queue-panel.tsx'
import { ReviewItem } from './review-item.tsx'
import { allWaiting, type ReviewFilter } from './review-queries.ts'
import { type LastVerdict, type ReviewDesk, useDesk } from './use-desk.ts'

import '../captures/captures.css'
import '../crossings/crossings.css'
import './review.css'

/** Plates that the reader was not sure of, one after another, for a person to decide on. */
export function ReviewPage(): ReactElement {
  useTitle('Review')
  const { shift } = useSession()
  const lanes = useQuery(lanesQuery)
  const [filter, setFilter] = useState<ReviewFilter>(allWaiting)
  const [auto, setAuto] = useState(false)
  const desk = useDesk(filter)
  useShortcuts({ undo: desk.undo })
  const { queue, item, current } = desk
  const waiting = queue === undefined ? null : total(queue.counts)
  const laneName = (id: string): string => lanes.data?.find((lane) => lane.id === id)?.name ?? id
  return (
    <>
      <div className="sp-page-head">
        <h1>Review</h1>
        <p role="status">
          {waiting !== null &&
            (waiting === 0
              ? 'No plate waits.'
              : `${plural(waiting, 'plate waits', 'plates wait')} for a person`)}
          {queue?.lanes != null && `, at ${queue.lanes.map(laneName).join(', ')}: your shift`}
        </p>
        {shift === null && queue !== undefined && (
          <p className="sp-page-action">All lanes, as you are not on shift</p>
        )}
      </div>
      <QueueFilter
        queue={queue}
        lanes={lanes.data ?? []}
        filter={filter}
        onFilter={setFilter}
        auto={auto}
        onAuto={setAuto}
      />
      <Last last={desk.last} busy={desk.busy} onUndo={desk.undo} />
      {desk.queueError !== null && (
        <FailureNote doing="The queue could not be read" error={desk.queueError} />
      )}
      <div className="sp-review">
        <div>
          {current !== null && item !== undefined && (
            <ReviewItem
              key={item.id}
              item={item}
              laneName={laneName(item.lane)}
              desk={desk}
              auto={auto}
              onAuto={() => setAuto((on) => !on)}
            />
          )}
          {current !== null && item === undefined && (
            <Pending error={desk.itemError} onLeave={desk.leave} />
          )}
          {current === null && queue !== undefined && <Nothing desk={desk} />}
          {queue === undefined && desk.queueError === null && <Pending error={null} />}
        </div>
        {queue !== undefined && queue.items.length > 0 && (
          <QueueList queue={queue} lanes={lanes.data ?? []} current={current} onTake={desk.take} />
        )}
      </div>
    </>
  )
}

function Pending(props: { readonly error: unknown; readonly onLeave?: () => void }): ReactElement {
  if (props.error === null) return <Skeleton height={420} aria-label="Reading the plate" />
  return (
    <>
      <FailureNote doing="The plate could not be read" error={props.error} />
      {props.onLeave !== undefined && (
        <Button mt="sm" variant="default" onClick={props.onLeave}>
          Take the next
        </Button>
      )}
    </>
  )
}

/** What was decided last, and the way back. */
function Last(props: {
  readonly last: LastVerdict | null
  readonly busy: boolean
  readonly onUndo: () => void
}): ReactElement {
  const { last } = props
  return (
    <div className="sp-review-last" role="status">
      {last !== null && (
        <>
          <span>Recorded:</span>
          <VerdictText verdict={last.given.crossing.verdict} plate={last.given.crossing.plate} />
          <span className="sp-quiet">log entry {countWords(last.given.log_index)}</span>
          <Link className="sp-link" href={`/crossings/${last.crossing}`}>
            the crossing
          </Link>
          <Button
            size="compact-sm"
            variant="default"
            disabled={props.busy}
            onClick={props.onUndo}
            rightSection={<kbd>u</kbd>}
          >
            Undo
          </Button>
        </>
      )}
    </div>
  )
}

function Nothing(props: { readonly desk: ReviewDesk }): ReactElement {
  const { left, queue, lookAgain } = props.desk
  const elsewhere = queue?.items.length ?? 0
  return (
    <div className="sp-empty sp-panel">
      <h2>{elsewhere === 0 ? 'Nothing waits here' : 'Nothing is left for you'}</h2>
      <p>
        {elsewhere === 0
          ? 'Plates come here by themselves when the reader is not sure of them.'
          : 'Others are looking at what remains, or you have left it.'}
      </p>
      {left > 0 && (
        <Button variant="default" mt="md" onClick={lookAgain}>
          Look again at {plural(left, 'plate', 'plates')} you left
        </Button>
      )}
    </div>
  )
}
