/** What the retention pages read. */

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { queryString, request } from '../api/client.ts'
import type {
  Hold,
  HubClock,
  OpenEpoch,
  Pack,
  PolicyVersion,
  RetentionCountdown,
  RetentionPlan,
  RetentionStatus,
  Shredding,
} from './types.ts'

export const limits = {
  planDays: 30,
  shreddingsPerPage: 50,
  /** A run over a whole day of pictures takes its time. */
  runMs: 300_000,
} as const

export const retentionKey = ['retention'] as const

export const statusQuery = queryOptions({
  queryKey: [...retentionKey, 'status'],
  queryFn: ({ signal }) => request<RetentionStatus>('/v1/retention', { signal }),
  refetchInterval: 60_000,
})

/** The dry run of a pack; null: of the policy in force. */
export function planQuery(pack: string | null) {
  return queryOptions({
    queryKey: [...retentionKey, 'plan', pack],
    queryFn: ({ signal }) =>
      request<RetentionPlan>('/v1/retention/plans', {
        method: 'POST',
        body: { ...(pack === null ? {} : { policy: pack }), days: limits.planDays },
        signal,
      }),
  })
}

export const packsQuery = queryOptions({
  queryKey: [...retentionKey, 'packs'],
  queryFn: ({ signal }) =>
    request<{ readonly packs: readonly Pack[] }>('/v1/retention/packs', { signal }),
})

export const policiesQuery = queryOptions({
  queryKey: [...retentionKey, 'policies'],
  queryFn: ({ signal }) =>
    request<{ readonly policies: readonly PolicyVersion[] }>('/v1/retention/policies', { signal }),
})

export const holdsQuery = queryOptions({
  queryKey: [...retentionKey, 'holds'],
  queryFn: ({ signal }) => request<{ readonly holds: readonly Hold[] }>('/v1/holds', { signal }),
})

export const shreddingsQuery = infiniteQueryOptions({
  queryKey: [...retentionKey, 'shreddings'],
  queryFn: ({ pageParam, signal }) =>
    request<{ readonly shreddings: readonly Shredding[]; readonly next: string | null }>(
      `/v1/retention/shreddings${queryString({ cursor: pageParam, limit: limits.shreddingsPerPage })}`,
      { signal },
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})

export const daysQuery = queryOptions({
  queryKey: [...retentionKey, 'days'],
  queryFn: ({ signal }) =>
    request<{ readonly epochs: readonly OpenEpoch[] }>('/v1/epochs', { signal }),
  refetchInterval: 60_000,
})

export const clockQuery = queryOptions({
  queryKey: [...retentionKey, 'clock'],
  queryFn: ({ signal }) => request<HubClock>('/v1/clock', { signal }),
  refetchInterval: 60_000,
})

export function countdownQuery(crossing: string) {
  return queryOptions({
    queryKey: [...retentionKey, 'countdown', crossing],
    queryFn: ({ signal }) =>
      request<RetentionCountdown>(`/v1/crossings/${encodeURIComponent(crossing)}/retention`, {
        signal,
      }),
  })
}
