import { Button, Skeleton } from '@mantine/core'
import { stayCorrectors } from '@sallyport/core/stays/statement'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'
import { Link } from 'wouter'

import { lanesQuery } from '../api/queries.ts'
import type { StayDetail, StayPassage } from '../api/stay-types.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { Computation } from './computation.tsx'
import { MissingSide } from './missing-side.tsx'
import { StatementDialog } from './statement-dialog.tsx'
import { StatementList } from './statement-list.tsx'
import { stayQuery } from './stay-queries.ts'
import { nameOf, daysWords, reasonSentence, stateWords } from './words.ts'

/** One stay: what was recorded, the sum that was done with it, and what people stated. */
export function StayPanel(props: { readonly id: string }): ReactElement {
  const stay = useQuery(stayQuery(props.id))
  if (stay.isError)
    return (
      <FailureNote
        doing="The stay could not be read"
        error={stay.error}
        onRetry={() => void stay.refetch()}
      />
    )
  if (stay.data === undefined) return <Skeleton height={320} aria-label="Reading the stay" />
  return <Shown stay={stay.data} />
}

function Shown(props: { readonly stay: StayDetail }): ReactElement {
  const { stay } = props
  const corrects = useHolds(...stayCorrectors)
  const [stating, setStating] = useState(false)
  const reason = reasonSentence(stay)
  const name = nameOf(stay)
  return (
    <section className="sp-stay" aria-label={`Stay of ${name ?? 'an unknown plate'}`}>
      <header className="sp-panel sp-stay-head" data-over={stay.over}>
        <div>
          {name === null ? (
            <strong>Unknown plate</strong>
          ) : (
            <Link
              className="sp-plate-text sp-link"
              href={`/stays/history/${encodeURIComponent(name)}`}
            >
              {name}
            </Link>
          )}
          <span className="sp-stay-state" data-over={stay.over} data-state={stay.state}>
            {stateWords(stay)}
            {stay.days === null ? '' : `, ${daysWords(stay.days)}`}
          </span>
        </div>
        {corrects && stay.passages.length > 0 && (
          <Button variant="default" onClick={() => setStating(true)}>
            State something…
          </Button>
        )}
        {reason !== null && <p>{reason}</p>}
      </header>
      <Passages passages={stay.passages} document={stay.document?.number ?? null} />
      <Computation stay={stay} />
      <MissingSide stay={stay} />
      <StatementList statements={stay.statements} correctable={corrects} />
      {stating && <StatementDialog stay={stay} onClose={() => setStating(false)} />}
    </section>
  )
}

function Passages(props: {
  readonly passages: readonly StayPassage[]
  /** Of a traveller: by it their passages belong together, no plate does. */
  readonly document: string | null
}): ReactElement {
  const lanes = useQuery(lanesQuery)
  return (
    <div className="sp-panel sp-list">
      <table>
        <thead>
          <tr>
            <th scope="col">Way</th>
            <th scope="col">{props.document === null ? 'Read' : 'Confirmed'}</th>
            <th scope="col">Lane</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {props.passages.map((passage) => (
            <tr key={passage.id}>
              <td>{passage.direction === 'in' ? 'Entered' : 'Left'}</td>
              <td>
                <Link className="sp-link" href={`/crossings/${passage.crossing}`}>
                  <span className="sp-plate-text">
                    {passage.text ?? props.document ?? 'Unreadable'}
                  </span>
                </Link>
              </td>
              <td>
                {lanes.data?.find(({ id }) => id === passage.lane)?.name ?? passage.lane}
                {passage.clock !== 'ok' && (
                  <span className="sp-quiet"> (clock {passage.clock})</span>
                )}
              </td>
              <td>
                <Instant at={passage.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
