/** The list that the filter asks for, and how many crossings arrived since it was read. */

import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'

import { searchQuery } from '../api/queries.ts'
import type { Crossing } from '../api/types.ts'
import { useCrossingArrivals } from '../events/provider.tsx'
import { hubNow } from '../shell/clock.ts'
import { useZone } from '../shell/session-context.ts'
import { filterOf, matches, parametersOf, queryOf, type Filter } from './filter.ts'

/** Kept while the tab lives, so that going back finds the same search; never stored. */
let lastPlate = ''

type Counted = { readonly query: unknown; readonly count: number } | null

export function useCrossingList() {
  const zone = useZone()
  const [parameters, setParameters] = useSearchParams()
  const [plate, setPlate] = useState(lastPlate)
  const [asOf, setAsOf] = useState(hubNow)
  const [counted, setCounted] = useState<Counted>(null)

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
  return {
    filter,
    search,
    crossings,
    // A count belongs to the list it was counted for.
    arrived: counted?.query === query ? counted.count : 0,
    change: (next: Filter): void => {
      setPlate(next.plate)
      setParameters(parametersOf(next), { replace: true })
    },
    refresh: (): void => {
      setCounted(null)
      setAsOf(hubNow())
      void search.refetch()
    },
  }
}
