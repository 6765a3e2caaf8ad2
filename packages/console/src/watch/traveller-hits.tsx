import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type ReactElement } from 'react'

import type { TravellerHit } from '../api/traveller-types.ts'
import { stepPlace } from '../keys/move-focus.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { LaneName } from './lane-name.tsx'
import { TravellerHitPanel } from './traveller-hit-panel.tsx'
import { openTravellerHitsQuery } from './traveller-queries.ts'

/** Faces that wait for people: a list to walk, and one of it large enough to decide on. */
export function TravellerHits(): ReactElement {
  const hits = useQuery(openTravellerHitsQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const rows = hits.data?.hits ?? []
  const current =
    rows.find(({ id }) => id === chosen) ?? rows.find((hit) => hit.own_verdict === null) ?? rows[0]
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
        <h2>No face waits</h2>
        <p>When somebody who passes may be a traveller who is looked for, two people look here.</p>
      </div>
    )
  return (
    <div className="sp-hits">
      <section className="sp-panel sp-hits-list" aria-label="Faces that wait">
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
      </section>
      <TravellerHitPanel key={current.id} hit={current} />
    </div>
  )
}

function HitLine(props: { readonly hit: TravellerHit }): ReactElement {
  const { entry, crossing, own_verdict: own } = props.hit
  return (
    <>
      <strong>{entry.name ?? 'Name unknown'}</strong>
      <span className="sp-hits-where">
        <LaneName id={crossing.lane} />, <Instant at={crossing.captured_at} clock />
      </span>
      <span className="sp-quiet">{own === null ? entry.reason : 'Waits for another person'}</span>
    </>
  )
}
