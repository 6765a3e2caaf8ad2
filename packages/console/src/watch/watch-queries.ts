/** What the watch pages read; events invalidate it. */

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { queryString, request } from '../api/client.ts'
import type { WatchEntriesPage, WatchHitsPage, WatchPreview } from '../api/watch-types.ts'

export const limits = {
  hitsInQueue: 50,
  perPage: 50,
  /** A plate that is being typed is asked about when the fingers rest. */
  previewAfterMs: 300,
} as const

export const watchKeys = {
  all: ['watch'],
  hits: ['watch', 'hits'],
  judged: ['watch', 'judged'],
  entries: ['watch', 'entries'],
} as const

/** Possible matches that wait for a person, newest first. */
export const openHitsQuery = queryOptions({
  queryKey: watchKeys.hits,
  queryFn: ({ signal }) =>
    request<WatchHitsPage>(`/v1/watch/hits${queryString({ limit: limits.hitsInQueue })}`, {
      signal,
    }),
})

export const judgedHitsQuery = infiniteQueryOptions({
  queryKey: watchKeys.judged,
  queryFn: ({ pageParam, signal }) =>
    request<WatchHitsPage>(
      `/v1/watch/hits${queryString({ state: 'judged', cursor: pageParam, limit: limits.perPage })}`,
      { signal },
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})

export type EntryFilter = { readonly state: string; readonly plate: string }

export function entriesQuery(filter: EntryFilter) {
  return infiniteQueryOptions({
    queryKey: [...watchKeys.entries, filter],
    queryFn: ({ pageParam, signal }) =>
      request<WatchEntriesPage>(
        `/v1/watch/entries${queryString({ ...filter, cursor: pageParam, limit: limits.perPage })}`,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
}

/** What an entry would accept; `plate` as the hub takes it. */
export function previewQuery(plate: string, tolerance: number) {
  return queryOptions({
    queryKey: ['watch', 'preview', plate, tolerance],
    queryFn: ({ signal }) =>
      request<WatchPreview>('/v1/watch/previews', {
        method: 'POST',
        body: { plate, tolerance },
        signal,
      }),
    enabled: plate !== '',
    // Crossings arrive meanwhile; what is accepted does not change.
    staleTime: 60_000,
  })
}
