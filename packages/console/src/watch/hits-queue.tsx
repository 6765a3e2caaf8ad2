import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import type { WatchHit } from '../api/watch-types.ts'
import { plural } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { HitPanel } from './hit-panel.tsx'
import { LaneName } from './lane-name.tsx'
import { MarkedPlate } from './plate-pair.tsx'
import { WalkedHits } from './walked-hits.tsx'
import { openHitsQuery } from './watch-queries.ts'

/** What waits for a person: a list to walk, and one of it large enough to decide on. */
export function HitsQueue(): ReactElement {
  const hits = useQuery(openHitsQuery)
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
        <h2>No possible match waits</h2>
        <p>When a crossing may be one that is looked for, it appears here and above every page.</p>
      </div>
    )
  const more = hits.data.unconfirmed - hits.data.hits.length
  return (
    <WalkedHits
      rows={hits.data.hits}
      first={first}
      label="Waiting"
      line={(hit) => <HitLine hit={hit} />}
      panel={(hit) => <HitPanel key={hit.id} hit={hit} />}
      more={more > 0 && <p className="sp-quiet sp-hits-more">and {plural(more, 'more', 'more')}</p>}
    />
  )
}

function HitLine(props: { readonly hit: WatchHit }): ReactElement {
  const { hit } = props
  return (
    <>
      <MarkedPlate text={hit.text} positions={hit.positions} />
      <span className="sp-hits-where">
        <LaneName id={hit.crossing.lane} />, <Instant at={hit.crossing.captured_at} clock />
      </span>
      <span className="sp-quiet">{hit.entry.reason}</span>
    </>
  )
}
