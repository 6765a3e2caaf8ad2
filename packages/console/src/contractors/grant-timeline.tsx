import { useQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { codeWords } from '../format/words.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useSession } from '../shell/session-context.ts'
import type { Grant } from './api.ts'
import { allowedBands, civilDay, placeOf } from './timeline-places.ts'

import './timeline.css'

export type GrantTimeline = {
  readonly since: string
  readonly until: string
  readonly complete: boolean
  readonly openings: readonly {
    readonly opening: string
    readonly at: string
    readonly by: { readonly id: string; readonly name: string }
    readonly class: string
    readonly view: string | null
    readonly outcome: string
    readonly code: string | null
    readonly log_index: number | null
  }[]
}

const chart = { day: 40, hour: 5, dot: 4 } as const

/** What was opened under a grant, against the hours that it allows; read when somebody looks. */
export function GrantOpenings(props: { readonly grant: Grant }): ReactElement {
  const [open, setOpen] = useState(false)
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What was opened under it</summary>
      {open && <Timeline grant={props.grant} />}
    </details>
  )
}

function Timeline(props: { readonly grant: Grant }): ReactElement {
  const { grant } = props
  const found = useQuery({
    queryKey: ['grant-openings', grant.id],
    queryFn: ({ signal }) => request<GrantTimeline>(`/v1/grants/${grant.id}/openings`, { signal }),
    refetchInterval: 10_000,
  })
  if (found.isError)
    return (
      <FailureNote
        doing="The openings could not be read"
        error={found.error}
        onRetry={() => void found.refetch()}
      />
    )
  if (found.data === undefined) return <p className="sp-quiet">Reading …</p>
  const { openings, since, complete } = found.data
  if (openings.length === 0)
    return (
      <p>
        Nothing since <Instant at={since} />.
      </p>
    )
  const refused = openings.filter(({ outcome }) => outcome !== 'opened').length
  return (
    <div className="sp-timeline">
      <Chart grant={grant} timeline={found.data} />
      <p className="sp-quiet">
        {openings.length - refused} opened, {refused} refused since <Instant at={since} />
        {!complete && ', older ones left out'}. Shaded: the hours that the grant allows.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What became of it</th>
            <th scope="col">Log</th>
          </tr>
        </thead>
        <tbody>
          {openings.slice(0, 50).map((one) => (
            <tr key={one.opening}>
              <td>
                <Instant at={one.at} />
              </td>
              <td>{one.by.name}</td>
              <td>
                {one.outcome === 'opened'
                  ? codeWords(one.view ?? one.class)
                  : `Not shown: ${codeWords(one.code ?? one.outcome).toLowerCase()}`}
              </td>
              <td>{one.log_index}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Chart(props: { readonly grant: Grant; readonly timeline: GrantTimeline }): ReactElement {
  const { grant, timeline } = props
  const { zone } = useSession().port
  const first = civilDay(timeline.since, zone)
  const days = civilDay(timeline.until, zone) - first + 1
  const height = 24 * chart.hour
  return (
    <svg viewBox={`0 0 ${days * chart.day} ${height}`} aria-hidden="true">
      <rect className="sp-timeline-room" width={days * chart.day} height={height} />
      {allowedBands(grant.document, zone, first, days).map(({ x, from, to }) => (
        <rect
          key={x}
          className="sp-timeline-allowed"
          x={x * chart.day}
          y={from * chart.hour}
          width={chart.day - 1}
          height={(to - from) * chart.hour}
        />
      ))}
      {timeline.openings.map((one) => {
        const { x, hour } = placeOf(one.at, first, zone)
        return (
          <circle
            key={one.opening}
            className="sp-timeline-dot"
            data-outcome={one.outcome === 'opened' ? 'opened' : 'refused'}
            cx={(x + 0.5) * chart.day}
            cy={hour * chart.hour}
            r={chart.dot}
          >
            <title>{`${one.by.name}, ${one.outcome}`}</title>
          </circle>
        )
      })}
    </svg>
  )
}
