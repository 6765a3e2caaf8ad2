import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import { useSearchParams } from 'wouter'

import { lanesQuery, searchQuery } from '../api/queries.ts'
import type { Crossing } from '../api/types.ts'
import { useCrossingArrivals } from '../events/provider.tsx'
import { plural } from '../format/figures.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { hubNow } from '../shell/clock.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useZone } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { CrossingRows, type RowsHandle } from './crossing-rows.tsx'
import { FilterBar, type FilterHandle } from './filter-bar.tsx'
import {
  emptyFilter,
  filterOf,
  isEmpty,
  matches,
  parametersOf,
  queryOf,
  type Filter,
} from './filter.ts'

import './crossings.css'

/** Kept while the tab lives, so that going back finds the same search; never stored. */
let lastPlate = ''

/** Every crossing, newest first, by plate and what else is known. */
export function CrossingsPage(): ReactElement {
  useTitle('Crossings')
  const zone = useZone()
  const lanes = useQuery(lanesQuery)
  const [parameters, setParameters] = useSearchParams()
  const [plate, setPlate] = useState(lastPlate)
  const [asOf, setAsOf] = useState(hubNow)
  const [counted, setCounted] = useState<{
    readonly query: unknown
    readonly count: number
  } | null>(null)
  const [cleared, setCleared] = useState(0)
  const bar = useRef<FilterHandle>(null)
  const rows = useRef<RowsHandle>(null)

  const filter: Filter = useMemo(() => ({ ...filterOf(parameters), plate }), [parameters, plate])
  const query = useMemo(() => queryOf(filter, zone, asOf), [filter, zone, asOf])
  const search = useInfiniteQuery({ ...searchQuery(query), refetchOnWindowFocus: false })
  const crossings = useMemo(
    () => search.data?.pages.flatMap((page) => page.crossings) ?? [],
    [search.data],
  )

  useEffect(() => {
    lastPlate = plate
  }, [plate])
  // New crossings are counted, not inserted: a list must not move under the reader's eyes.
  useCrossingArrivals(
    useCallback(
      (crossing: Crossing) => {
        if (!matches(query, crossing)) return
        setCounted((known) => ({ query, count: known?.query === query ? known.count + 1 : 1 }))
      },
      [query],
    ),
  )
  // A count belongs to the list it was counted for.
  const arrived = counted?.query === query ? counted.count : 0
  const refresh = (): void => {
    setCounted(null)
    setAsOf(hubNow())
    void search.refetch()
  }
  const change = (next: Filter): void => {
    setPlate(next.plate)
    setParameters(parametersOf(next), { replace: true })
  }
  useShortcuts({
    search: () => bar.current?.focus(),
    next: () => rows.current?.move(1),
    previous: () => rows.current?.move(-1),
    refresh,
  })

  const names = new Map(lanes.data?.map((lane) => [lane.id, lane.name]))
  return (
    <>
      <div className="sp-page-head">
        <h1>Crossings</h1>
        <p>Parts of a plate are enough; letter O and digit 0 count as one.</p>
      </div>
      <FilterBar
        key={cleared}
        ref={bar}
        filter={filter}
        lanes={lanes.data ?? []}
        onChange={change}
        onLeave={() => rows.current?.move(1)}
      />
      <div className="sp-list-state" role="status">
        {arrived > 0 && (
          <Button size="compact-sm" variant="light" onClick={refresh} rightSection={<kbd>r</kbd>}>
            {plural(arrived, 'new crossing', 'new crossings')}: show
          </Button>
        )}
      </div>
      {search.isError && (
        <FailureNote
          doing="The crossings could not be read"
          error={search.error}
          onRetry={() => void search.refetch()}
        />
      )}
      {search.isPending && <Skeleton height={400} aria-label="Reading the crossings" />}
      {search.isSuccess && crossings.length === 0 && (
        <NoCrossings
          filter={filter}
          onClear={() => {
            change(emptyFilter)
            setCleared(cleared + 1)
          }}
        />
      )}
      {crossings.length > 0 && (
        <CrossingRows
          ref={rows}
          crossings={crossings}
          laneNames={names}
          plate={plate}
          more={search.hasNextPage}
          loading={search.isFetchingNextPage}
          onMore={() => void search.fetchNextPage()}
        />
      )}
    </>
  )
}

function NoCrossings(props: {
  readonly filter: Filter
  readonly onClear: () => void
}): ReactElement {
  if (isEmpty(props.filter)) {
    return (
      <div className="sp-empty sp-panel">
        <h2>Nothing has crossed yet</h2>
        <p>Crossings appear here as lanes send them. Device health is under Devices.</p>
      </div>
    )
  }
  return (
    <div className="sp-empty sp-panel">
      <h2>No crossing fits</h2>
      <p>
        Try fewer characters of the plate, or another time. A plate that was read wrongly is found
        by the part that was read right.
      </p>
      <Button variant="default" mt="md" onClick={props.onClear}>
        Clear the search
      </Button>
    </div>
  )
}
