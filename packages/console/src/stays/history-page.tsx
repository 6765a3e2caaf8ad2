import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'
import { Link } from 'wouter'

import type { Stay } from '../api/stay-types.ts'
import { plural } from '../format/figures.ts'
import { momentWords } from '../format/time.ts'
import { hubNow } from '../shell/clock.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useZone } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { StatementList } from './statement-list.tsx'
import { StayPanel } from './stay-panel.tsx'
import { historyQuery } from './stay-queries.ts'
import { timelineOf } from './timeline.ts'
import { nameOf, daysWords, stateWords } from './words.ts'

import './stays.css'

/** Everything recorded of one plate or of a traveller's document, drawn on a line of time and listed. */
export function StayHistoryPage(props: { readonly plate: string }): ReactElement {
  useTitle(`History of ${props.plate}`)
  const history = useQuery(historyQuery(props.plate))
  const traveller = props.plate.includes(':')
  const [chosen, setChosen] = useState<string | null>(null)
  const stays = history.data?.stays ?? []
  const current = stays.find(({ id }) => id === chosen) ?? stays[0]
  return (
    <>
      <div className="sp-page-head">
        <h1>
          History of{' '}
          <span className="sp-plate-text">
            {history.data === undefined ? props.plate : (nameOf(history.data) ?? props.plate)}
          </span>
        </h1>
        <p>
          {plural(stays.length, 'entry', 'entries')} in the record
          {history.data?.more === true ? ', and older ones' : ''}.{' '}
          <Link className="sp-link" href="/stays">
            All stays
          </Link>
        </p>
      </div>
      {history.isError && (
        <FailureNote
          doing="The history could not be read"
          error={history.error}
          onRetry={() => void history.refetch()}
        />
      )}
      {history.data === undefined && !history.isError && (
        <Skeleton height={240} aria-label="Reading the history" />
      )}
      {history.data !== undefined && current === undefined && (
        <div className="sp-empty sp-panel">
          <h2>Nothing is recorded of {traveller ? 'this document' : 'this plate'}</h2>
          <p>
            {traveller
              ? 'A traveller passes on record where a list expects the document, the face was matched, and a person confirmed it. Another document has a history of its own.'
              : 'A plate that was read differently has a history of its own. Search the crossings.'}
          </p>
        </div>
      )}
      {current !== undefined && (
        <>
          <Line stays={stays} chosen={current.id} onChoose={setChosen} />
          <div className="sp-stays">
            <section className="sp-panel sp-stays-list" aria-label="Stays">
              <ol>
                {stays.map((stay) => (
                  <li key={stay.id}>
                    <button
                      type="button"
                      aria-current={stay.id === current.id}
                      onClick={() => setChosen(stay.id)}
                    >
                      <span>
                        <Instant at={stay.passages[0]?.at ?? stay.from ?? stay.until ?? ''} />
                      </span>
                      <span className="sp-stay-state" data-over={stay.over} data-state={stay.state}>
                        {stateWords(stay)}
                        {stay.days === null ? '' : `, ${daysWords(stay.days)}`}
                      </span>
                    </button>
                  </li>
                ))}
              </ol>
            </section>
            <StayPanel key={current.id} id={current.id} />
          </div>
          <StatementList statements={history.data?.statements ?? []} correctable={false} />
        </>
      )}
    </>
  )
}

const [width, rowHeight] = [1000, 46]

/** Bars are stays, a lone mark is a passage without its other side. The list below says the same. */
function Line(props: {
  readonly stays: readonly Stay[]
  readonly chosen: string
  readonly onChoose: (id: string) => void
}): ReactElement | null {
  const zone = useZone()
  const now = hubNow()
  const line = timelineOf(props.stays, now)
  if (line === null) return null
  return (
    <figure className="sp-panel sp-stay-line">
      <svg viewBox={`0 0 ${width} ${rowHeight}`} preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2={width} y1="34" y2="34" />
        {line.bars.map(({ stay, from, to, moment }) => (
          <rect
            key={stay.id}
            data-over={stay.over}
            data-state={stay.state}
            data-chosen={stay.id === props.chosen}
            x={from * width - (moment ? 3 : 0)}
            y={moment ? 14 : 10}
            width={moment ? 6 : Math.max(4, (to - from) * width)}
            height={moment ? 20 : 24}
            rx="2"
            onClick={() => props.onChoose(stay.id)}
          />
        ))}
      </svg>
      <figcaption className="sp-quiet">
        <span>{momentWords(line.from, zone, now)}</span>
        <span>now</span>
      </figcaption>
    </figure>
  )
}
