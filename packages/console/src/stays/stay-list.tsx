import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useRef, useState, type ReactElement } from 'react'

import { lanesQuery } from '../api/queries.ts'
import type { Stay } from '../api/stay-types.ts'
import { stepPlace } from '../keys/move-focus.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { useNow } from '../shell/clock.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { StayPanel } from './stay-panel.tsx'
import { stayListQuery, type StayPart } from './stay-queries.ts'
import { nameOf, spanWords, stateWords } from './words.ts'

const empty: Readonly<Record<StayPart, readonly [string, string]>> = {
  overstays: ['Nobody inside has stayed too long', 'Stays that pass their limit appear here.'],
  late: ['Nobody left too late', 'Stays that were too long stay listed here with their exit.'],
  inside: ['Nobody is inside', 'An entry appears here until its exit is recorded.'],
  unmatched: [
    'Every entry and exit has its other side',
    'What has none appears here, with the reason.',
  ],
}

/** A list to walk, and one stay of it with its computation. */
export function StayList(props: { readonly part: StayPart }): ReactElement {
  const stays = useInfiniteQuery(stayListQuery(props.part))
  const [chosen, setChosen] = useState<string | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const rows = stays.data?.pages.flatMap((page) => page.stays) ?? []
  const current = rows.find(({ id }) => id === chosen) ?? rows[0]
  const step = (by: 1 | -1): void => {
    const here = rows.findIndex((stay) => stay === current)
    const place = stepPlace(here === -1 ? null : here, by, rows.length)
    if (place === null) return
    setChosen(rows[place]?.id ?? null)
    list.current?.querySelectorAll('button')[place]?.scrollIntoView({ block: 'nearest' })
  }
  useShortcuts({ next: () => step(1), previous: () => step(-1) })
  if (stays.isError)
    return (
      <FailureNote
        doing="The stays could not be read"
        error={stays.error}
        onRetry={() => void stays.refetch()}
      />
    )
  if (stays.data === undefined) return <Skeleton height={320} aria-label="Reading the stays" />
  if (current === undefined)
    return (
      <div className="sp-empty sp-panel">
        <h2>{empty[props.part][0]}</h2>
        <p>{empty[props.part][1]}</p>
      </div>
    )
  return (
    <div className="sp-stays">
      <section className="sp-panel sp-stays-list" aria-label="Stays">
        <ol ref={list}>
          {rows.map((stay) => (
            <li key={stay.id}>
              <button
                type="button"
                aria-current={stay === current}
                onClick={() => setChosen(stay.id)}
              >
                <StayLine stay={stay} />
              </button>
            </li>
          ))}
        </ol>
        {stays.hasNextPage && (
          <Button
            variant="subtle"
            fullWidth
            loading={stays.isFetchingNextPage}
            onClick={() => void stays.fetchNextPage()}
          >
            More
          </Button>
        )}
      </section>
      <StayPanel key={current.id} id={current.id} />
    </div>
  )
}

function StayLine(props: { readonly stay: Stay }): ReactElement {
  const { stay } = props
  const lanes = useQuery(lanesQuery)
  const now = useNow()
  const [first] = stay.passages
  const end = stay.until === null ? now : new Date(stay.until)
  const over =
    stay.over && stay.due_at !== null ? (end.getTime() - Date.parse(stay.due_at)) / 1000 : null
  return (
    <>
      <span className="sp-plate-text">{nameOf(stay) ?? 'Unknown'}</span>
      <span className="sp-stay-state" data-over={stay.over} data-state={stay.state}>
        {over === null ? stateWords(stay) : `${spanWords(over)} over`}
      </span>
      {first !== undefined && (
        <span className="sp-quiet sp-stays-where">
          {lanes.data?.find(({ id }) => id === first.lane)?.name ?? first.lane},{' '}
          <Instant at={first.at} />
        </span>
      )}
    </>
  )
}
