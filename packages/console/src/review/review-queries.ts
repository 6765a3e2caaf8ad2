/** What the review reads from the hub. */

import { queryOptions } from '@tanstack/react-query'

import { queryString, request } from '../api/client.ts'
import type { GivenVerdict, ReviewClaim, ReviewDetail, ReviewQueue } from '../api/review-types.ts'

export const limits = {
  /** Items read ahead; the counts are of all. */
  itemsPerPage: 50,
  /** A claim lasts two minutes at the hub: it is held on to at this pace. */
  claimEveryMs: 45_000,
  /** So long a picture must have been in sight before a key decides on it: no press runs over. */
  seenMsMin: 350,
} as const

export type ReviewFilter = { readonly lane: string | null; readonly reason: string | null }

export const allWaiting: ReviewFilter = { lane: null, reason: null }

export const reviewKeys = {
  queues: ['reviews'],
  queue: (filter: ReviewFilter) => ['reviews', filter],
  items: ['review'],
  item: (id: string) => ['review', id],
} as const

export function queueQuery(filter: ReviewFilter) {
  return queryOptions({
    queryKey: reviewKeys.queue(filter),
    queryFn: ({ signal }) =>
      request<ReviewQueue>(`/v1/reviews${queryString({ ...filter, limit: limits.itemsPerPage })}`, {
        signal,
      }),
  })
}

export function itemQuery(id: string) {
  return queryOptions({
    queryKey: reviewKeys.item(id),
    queryFn: ({ signal }) =>
      request<ReviewDetail>(`/v1/reviews/${encodeURIComponent(id)}`, { signal }),
  })
}

export function takeClaim(id: string): Promise<ReviewClaim> {
  return request(`/v1/reviews/${encodeURIComponent(id)}/claim`, { method: 'PUT' })
}

export function leaveClaim(id: string): Promise<void> {
  return request(`/v1/reviews/${encodeURIComponent(id)}/claim`, { method: 'DELETE' })
}

export type Said = {
  /** Null: nobody can read it. */
  readonly text: string | null
  readonly jurisdiction: string | null
  readonly opening: string | null
  readonly supersedes: string | null
}

export function sendVerdict(id: string, said: Said): Promise<GivenVerdict> {
  return request(`/v1/reviews/${encodeURIComponent(id)}/verdicts`, { method: 'POST', body: said })
}

export function withdrawVerdict(id: string, verdict: string): Promise<GivenVerdict> {
  return request(
    `/v1/reviews/${encodeURIComponent(id)}/verdicts/${encodeURIComponent(verdict)}/withdrawal`,
    { method: 'POST' },
  )
}
