import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import type { TravellerHit } from '../api/traveller-types.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { LaneName } from './lane-name.tsx'
import { TravellerHitPanel } from './traveller-hit-panel.tsx'
import { openTravellerHitsQuery } from './traveller-queries.ts'
import { WalkedHits } from './walked-hits.tsx'

/** Faces that wait for people: a list to walk, and one of it large enough to decide on. */
export function TravellerHits(): ReactElement {
  const hits = useQuery(openTravellerHitsQuery)
  if (hits.isError)
    return (
      <FailureNote
        doing="The possible matches could not be read"
        error={hits.error}
        onRetry={() => void hits.refetch()}
      />
    )
  if (hits.data === undefined) return <Skeleton height={320} aria-label="Reading the matches" />
  const [first] = hits.data.hits
  if (first === undefined)
    return (
      <div className="sp-empty sp-panel">
        <h2>No face waits</h2>
        <p>When somebody who passes may be a traveller who is looked for, two people look here.</p>
      </div>
    )
  return (
    <WalkedHits
      rows={hits.data.hits}
      first={hits.data.hits.find((hit) => hit.own_verdict === null) ?? first}
      label="Faces that wait"
      line={(hit) => <HitLine hit={hit} />}
      panel={(hit) => <TravellerHitPanel key={hit.id} hit={hit} />}
    />
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
