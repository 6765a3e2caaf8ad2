import { watchReaders } from '@sallyport/core/watch-decisions'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link } from 'wouter'

import { useHolds } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { EntriesPanel } from './entries-panel.tsx'
import { HitsQueue } from './hits-queue.tsx'
import { JudgedList } from './judged-list.tsx'
import { openTravellerHitsQuery } from './traveller-queries.ts'
import { TravellersPart } from './travellers-part.tsx'
import { openHitsQuery } from './watch-queries.ts'

import './watch-dialogs.css'
import './watch.css'

const parts = [
  { part: 'hits', href: '/watch', name: 'Possible matches' },
  { part: 'travellers', href: '/watch/travellers', name: 'Travellers' },
  { part: 'entries', href: '/watch/entries', name: 'Entries' },
  { part: 'judged', href: '/watch/judged', name: 'Judged' },
] as const
export type WatchPart = (typeof parts)[number]['part']

/** Plates and travellers that are looked for: what may be one, the list itself, and what became of matches. */
export function WatchPage(props: { readonly part: WatchPart }): ReactElement {
  useTitle('Watch')
  const hits = useQuery(openHitsQuery)
  const readsList = useHolds(...watchReaders)
  const travellers = useQuery(openTravellerHitsQuery)
  const open: Partial<Readonly<Record<WatchPart, number>>> = {
    hits: hits.data?.unconfirmed ?? 0,
    travellers: travellers.data?.waiting ?? 0,
  }
  const shown = parts.filter(({ part }) => part !== 'entries' || readsList)
  return (
    <>
      <div className="sp-page-head">
        <h1>Watch</h1>
        <p>
          A match is a reason to look. Nothing follows from it before a person has confirmed it.
        </p>
      </div>
      <nav className="sp-watch-parts" aria-label="Parts of the watch list">
        {shown.map(({ part, href, name }) => (
          <Link key={part} href={href} aria-current={part === props.part ? 'page' : undefined}>
            {name}
            {(open[part] ?? 0) > 0 && <span className="sp-figure"> {open[part]}</span>}
          </Link>
        ))}
      </nav>
      {props.part === 'hits' && <HitsQueue />}
      {props.part === 'travellers' && <TravellersPart />}
      {props.part === 'entries' && readsList && <EntriesPanel />}
      {props.part === 'judged' && <JudgedList />}
    </>
  )
}
