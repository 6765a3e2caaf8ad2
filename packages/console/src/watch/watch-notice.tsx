import { hitReaders } from '@sallyport/core/watch-decisions'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link, useLocation } from 'wouter'

import { lanesQuery } from '../api/queries.ts'
import { plural } from '../format/figures.ts'
import { WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { MarkedPlate } from './plate-pair.tsx'
import { openTravellerHitsQuery } from './traveller-queries.ts'
import { openHitsQuery } from './watch-queries.ts'

import './watch-notice.css'

/** Above every page while a possible match waits. It says what it is not. */
export function WatchNotice(): ReactElement | null {
  return (
    <>
      <PlateNotice />
      <TravellerNotice />
    </>
  )
}

function TravellerNotice(): ReactElement | null {
  const sees = useHolds(...hitReaders)
  const hits = useQuery({ ...openTravellerHitsQuery, enabled: sees })
  const [place] = useLocation()
  const waiting = hits.data?.waiting ?? 0
  if (!sees || waiting === 0 || place === '/watch/travellers') return null
  return (
    <div className="sp-watch-notice" role="alert">
      <WarnIcon size={20} />
      <strong>
        {waiting === 1
          ? 'A face may be of somebody who is looked for'
          : `${waiting} faces may be of people who are looked for`}
        , not confirmed.
      </strong>
      <span className="sp-watch-notice-law">Two people have to look, each by themselves.</span>
      <Link href="/watch/travellers">Look</Link>
    </div>
  )
}

function PlateNotice(): ReactElement | null {
  const sees = useHolds(...hitReaders)
  const hits = useQuery({ ...openHitsQuery, enabled: sees })
  const lanes = useQuery({ ...lanesQuery, enabled: sees })
  const [place] = useLocation()
  const open = hits.data?.unconfirmed ?? 0
  const newest = hits.data?.hits[0]
  // The page itself shows them larger.
  if (!sees || newest === undefined || place === '/watch') return null
  const { lane: laneId, captured_at } = newest.crossing
  return (
    <div className="sp-watch-notice" role="alert">
      <WarnIcon size={20} />
      <strong>
        {open === 1 ? 'Possible match' : plural(open, 'match', 'possible matches')}, not confirmed.
      </strong>
      <span className="sp-watch-notice-what">
        <MarkedPlate text={newest.text} positions={newest.positions} />{' '}
        {lanes.data?.find(({ id }) => id === laneId)?.name ?? laneId},{' '}
        <Instant at={captured_at} clock />
      </span>
      <span className="sp-watch-notice-law">
        Nothing follows from it before a person has looked.
      </span>
      <Link href="/watch">
        Look at {open === 1 ? 'it' : 'them'} <kbd>g</kbd> <kbd>w</kbd>
      </Link>
    </div>
  )
}
