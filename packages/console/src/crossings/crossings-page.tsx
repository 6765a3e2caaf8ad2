import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type ReactElement } from 'react'

import { lanesQuery } from '../api/queries.ts'
import { plural } from '../format/figures.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { useTitle } from '../shell/title.ts'
import { CrossingRows, type RowsHandle } from './crossing-rows.tsx'
import { FilterBar, type FilterHandle } from './filter-bar.tsx'
import { emptyFilter, isEmpty, type Filter } from './filter.ts'
import { useCrossingList } from './use-crossing-list.ts'

import './crossings.css'

/** Every crossing, newest first, by plate and what else is known. */
export function CrossingsPage(): ReactElement {
  useTitle('Crossings')
  const lanes = useQuery(lanesQuery)
  const { filter, change, search, crossings, arrived, refresh } = useCrossingList()
  const [cleared, setCleared] = useState(0)
  const bar = useRef<FilterHandle>(null)
  const rows = useRef<RowsHandle>(null)
  const toRows = (): void => rows.current?.move(1)
  const clear = (): void => {
    change(emptyFilter)
    setCleared(cleared + 1)
  }
  useShortcuts({
    search: () => bar.current?.focus(),
    next: toRows,
    previous: () => rows.current?.move(-1),
    refresh,
  })
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
        onLeave={toRows}
      />
      <Arrived count={arrived} onShow={refresh} />
      {search.isError && (
        <FailureNote
          doing="The crossings could not be read"
          error={search.error}
          onRetry={() => void search.refetch()}
        />
      )}
      {search.isPending && <Skeleton height={400} aria-label="Reading the crossings" />}
      {search.isSuccess && crossings.length === 0 && (
        <NoCrossings filter={filter} onClear={clear} />
      )}
      {crossings.length > 0 && (
        <CrossingRows
          ref={rows}
          crossings={crossings}
          lanes={lanes.data ?? []}
          plate={filter.plate}
          more={search.hasNextPage}
          loading={search.isFetchingNextPage}
          onMore={() => void search.fetchNextPage()}
        />
      )}
    </>
  )
}

function Arrived(props: { readonly count: number; readonly onShow: () => void }): ReactElement {
  return (
    <div className="sp-list-state" role="status">
      {props.count > 0 && (
        <Button
          size="compact-sm"
          variant="light"
          onClick={props.onShow}
          rightSection={<kbd>r</kbd>}
        >
          {plural(props.count, 'new crossing', 'new crossings')}: show
        </Button>
      )}
    </div>
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
