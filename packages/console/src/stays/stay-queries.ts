/** What the pages of stays read; events of crossings invalidate it. */

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { queryString, request } from '../api/client.ts'
import type { StayDetail, StayHistory, StayPage, StaySummary } from '../api/stay-types.ts'

export const limits = {
  perPage: 50,
  /** Stays change when crossings arrive and when time passes: both are seen within this time. */
  refreshMs: 15_000,
} as const

export const stayKeys = { all: ['stays'] } as const

/** Which stays a part of the page lists. */
export type StayPart = 'overstays' | 'late' | 'inside' | 'unmatched'

const lists: Readonly<Record<StayPart, string>> = {
  overstays: '/v1/stays/overstays',
  late: '/v1/stays/overstays',
  inside: '/v1/stays',
  unmatched: '/v1/stays',
}
const filters: Readonly<Record<StayPart, Readonly<Record<string, string>>>> = {
  overstays: { where: 'inside' },
  late: { where: 'left' },
  inside: { state: 'open' },
  unmatched: { state: 'entry_missing,exit_missing,ambiguous,double_entry,double_exit' },
}

export const summaryQuery = queryOptions({
  queryKey: [...stayKeys.all, 'summary'],
  queryFn: ({ signal }) => request<StaySummary>('/v1/stays/summary', { signal }),
  refetchInterval: limits.refreshMs,
})

export function stayListQuery(part: StayPart) {
  return infiniteQueryOptions({
    queryKey: [...stayKeys.all, 'list', part],
    queryFn: ({ pageParam, signal }) =>
      request<StayPage>(
        `${lists[part]}${queryString({ ...filters[part], cursor: pageParam, limit: limits.perPage })}`,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: limits.refreshMs,
  })
}

export function stayQuery(id: string) {
  return queryOptions({
    queryKey: [...stayKeys.all, 'one', id],
    queryFn: ({ signal }) => request<StayDetail>(`/v1/stays/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: limits.refreshMs,
    retry: false,
  })
}

/** Of a plate, or of a traveller by a document (`MEX:G12345678`). */
export function historyQuery(named: string) {
  return queryOptions({
    queryKey: [...stayKeys.all, 'history', named],
    queryFn: ({ signal }) =>
      request<StayHistory>(
        `/v1/stays/history${queryString(named.includes(':') ? { document: named.toUpperCase() } : { plate: named })}`,
        { signal },
      ),
    enabled: named !== '',
  })
}
