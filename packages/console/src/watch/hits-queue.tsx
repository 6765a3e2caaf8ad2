import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type ReactElement } from 'react'

import { lanesQuery } from '../api/queries.ts'
import type { WatchHit } from '../api/watch-types.ts'
import { plural } from '../format/figures.ts'
import { stepPlace } from '../keys/move-focus.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { HitPanel } from './hit-panel.tsx'
import { MarkedPlate } from './plate-pair.tsx'
import { openHitsQuery } from './watch-queries.ts'

/** What waits for a person: a list to walk, and one of it large enough to decide on. */
export function HitsQueue(): ReactElement {
  const hits = useQuery(openHitsQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const rows = hits.data?.hits ?? []
  const current = rows.find(({ id }) => id === chosen) ?? rows[0]
  const step = (by: 1 | -1): void => {
    const here = rows.findIndex((hit) => hit === current)
    const place = stepPlace(here === -1 ? null : here, by, rows.length)
    if (place === null) return
    setChosen(rows[place]?.id ?? null)
    list.current?.querySelectorAll('button')[place]?.scrollIntoView({ block: 'nearest' })
  }
  useShortcuts({ next: () => step(1), previous: () => step(-1) })
  if (hits.isError)
    return (
      <FailureNote
        doing="The possible matches could not be read"
        error={hits.error}
        onRetry={() => void hits.refetch()}
      />
    )
  if (hits.data === undefined) return <Skeleton height={320} aria-label="Reading the matches" />
  if (current === undefined)
    return (
      <div className="sp-empty sp-panel">
        <h2>No possible match waits</h2>
        <p>When a crossing may be one that is looked for, it appears here and above every page.</p>
      </div>
    )
  const more = hits.data.unconfirmed - rows.length
  return (
    <div className="sp-hits">
      <section className="sp-panel sp-hits-list" aria-label="Waiting">
        <ol ref={list}>
          {rows.map((hit) => (
            <li key={hit.id}>
              <button
                type="button"
                aria-current={hit === current}
                onClick={() => setChosen(hit.id)}
              >
                <HitLine hit={hit} />
              </button>
            </li>
          ))}
        </ol>
        {more > 0 && <p className="sp-quiet sp-hits-more">and {plural(more, 'more', 'more')}</p>}
      </section>
      <HitPanel key={current.id} hit={current} />
    </div>
  )
}

function HitLine(props: { readonly hit: WatchHit }): ReactElement {
  const { hit } = props
  const lanes = useQuery(lanesQuery)
  const lane = lanes.data?.find(({ id }) => id === hit.crossing.lane)
  return (
    <>
      <MarkedPlate text={hit.text} positions={hit.positions} />
      <span className="sp-hits-where">
        {lane?.name ?? hit.crossing.lane}, <Instant at={hit.crossing.captured_at} clock />
      </span>
      <span className="sp-quiet">{hit.entry.reason}</span>
    </>
  )
}
