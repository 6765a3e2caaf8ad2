/** What the console reads from the hub, one query each; the keys are what events patch or invalidate. */

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { queryString, request, requestText } from './client.ts'
import type {
  AccountRow,
  Alarm,
  Crossing,
  CrossingDetail,
  CrossingsPage,
  Figures,
  Lane,
  LogReceipt,
  OpeningsPage,
  Session,
} from './types.ts'

export const limits = {
  /** Crossings kept in a lane's strip below the newest. */
  recentPerLane: 10,
  crossingsPerPage: 50,
  openingsPerPage: 50,
  /** Device states age without an event, so lanes are read again at this pace. */
  lanesEveryMs: 20_000,
  figuresEveryMs: 30_000,
} as const

/** The fields of `GET /v1/crossings`; null says nothing. Instants are RFC 3339. */
export type CrossingsQuery = {
  readonly plate: string | null
  readonly lane: string | null
  readonly direction: string | null
  readonly kind: string | null
  readonly from: string | null
  readonly to: string | null
}

export const keys = {
  session: ['session'],
  lanes: ['lanes'],
  recent: (lane: string) => ['recent', lane],
  recentAll: ['recent'],
  search: (query: CrossingsQuery) => ['search', query],
  searchAll: ['search'],
  crossing: (id: string) => ['crossing', id],
  crossingAll: ['crossing'],
  openings: ['openings'],
  alarms: ['alarms'],
  figures: ['figures'],
  accounts: ['accounts'],
  checkpoint: ['checkpoint'],
} as const

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: ({ signal }) => request<Session>('/v1/session', { signal }),
  staleTime: 60_000,
  retry: false,
})

export const lanesQuery = queryOptions({
  queryKey: keys.lanes,
  queryFn: async ({ signal }) =>
    (await request<{ lanes: readonly Lane[] }>('/v1/lanes', { signal })).lanes,
  refetchInterval: limits.lanesEveryMs,
})

/** The last crossings of one lane, newest first. */
export function recentQuery(lane: string) {
  return queryOptions({
    queryKey: keys.recent(lane),
    queryFn: async ({ signal }): Promise<readonly Crossing[]> => {
      const path = `/v1/crossings${queryString({ lane, limit: limits.recentPerLane })}`
      const { crossings } = await request<CrossingsPage>(path, { signal })
      // The hub lists by arrival; a strip shows what passed when, also after a spool was emptied.
      return crossings.toSorted((a, b) => Date.parse(b.captured_at) - Date.parse(a.captured_at))
    },
  })
}

export function searchQuery(query: CrossingsQuery) {
  return infiniteQueryOptions({
    queryKey: keys.search(query),
    queryFn: ({ pageParam, signal }) =>
      request<CrossingsPage>(
        `/v1/crossings${queryString({ ...query, cursor: pageParam, limit: limits.crossingsPerPage })}`,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
}

export function crossingQuery(id: string) {
  return queryOptions({
    queryKey: keys.crossing(id),
    queryFn: ({ signal }) =>
      request<CrossingDetail>(`/v1/crossings/${encodeURIComponent(id)}`, { signal }),
  })
}

export const openingsQuery = infiniteQueryOptions({
  queryKey: keys.openings,
  queryFn: ({ pageParam, signal }) =>
    request<OpeningsPage>(
      `/v1/openings${queryString({ cursor: pageParam, limit: limits.openingsPerPage })}`,
      { signal },
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})

export const alarmsQuery = queryOptions({
  queryKey: keys.alarms,
  queryFn: async ({ signal }) =>
    (await request<{ alarms: readonly Alarm[] }>('/v1/alarms?open=true', { signal })).alarms,
})

export const figuresQuery = queryOptions({
  queryKey: keys.figures,
  queryFn: ({ signal }) => request<Figures>('/v1/figures', { signal }),
  refetchInterval: limits.figuresEveryMs,
})

export const accountsQuery = queryOptions({
  queryKey: keys.accounts,
  queryFn: async ({ signal }) =>
    (await request<{ accounts: readonly AccountRow[] }>('/v1/accounts', { signal })).accounts,
})

export const checkpointQuery = queryOptions({
  queryKey: keys.checkpoint,
  queryFn: ({ signal }) => requestText('/log/checkpoint', { signal }),
  refetchInterval: limits.figuresEveryMs,
})

export function readReceipt(index: number): Promise<LogReceipt> {
  return request<LogReceipt>(`/v1/log/receipts/${index}`)
}
