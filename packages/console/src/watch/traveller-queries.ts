/** What the part of travellers reads; events invalidate it with the rest of the watch list. */

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { queryString, request } from '../api/client.ts'
import type { TravellerHitsPage, TravellersPage } from '../api/traveller-types.ts'
import { limits } from './watch-queries.ts'

const travellerKeys = {
  hits: ['watch', 'traveller-hits'],
  judged: ['watch', 'traveller-hits', 'judged'],
  entries: ['watch', 'travellers'],
} as const

/** Faces that may be of somebody who is looked for and wait for people, newest first. */
export const openTravellerHitsQuery = queryOptions({
  queryKey: travellerKeys.hits,
  queryFn: ({ signal }) =>
    request<TravellerHitsPage>(
      `/v1/watch/traveller-hits${queryString({ limit: limits.hitsInQueue })}`,
      { signal },
    ),
})

export const judgedTravellerHitsQuery = infiniteQueryOptions({
  queryKey: travellerKeys.judged,
  queryFn: ({ pageParam, signal }) =>
    request<TravellerHitsPage>(
      `/v1/watch/traveller-hits${queryString({ state: 'judged', cursor: pageParam, limit: limits.perPage })}`,
      { signal },
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})

export const travellersQuery = infiniteQueryOptions({
  queryKey: travellerKeys.entries,
  queryFn: ({ pageParam, signal }) =>
    request<TravellersPage>(
      `/v1/watch/travellers${queryString({ cursor: pageParam, limit: limits.perPage })}`,
      { signal },
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})
