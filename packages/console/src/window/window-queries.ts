/** What the window and secondary read from the hub, and the one way to say something there. */

import type { ErrorFound, Finding, Outcome, ReferralReason } from '@sallyport/core/window/window'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { queryString, request } from '../api/client.ts'
import type { GivenStep, ReferralsPage, WindowFigures, WindowView } from '../api/window-types.ts'

export const limits = {
  referralsPerPage: 30,
  figuresEveryMs: 60_000,
  /** A crossing that came so shortly before a press is not the one that the press was meant for. */
  justArrivedMs: 700,
} as const

export const windowKeys = {
  all: ['window'],
  crossing: (id: string) => ['window', 'crossing', id],
  referrals: ['window', 'referrals'],
  figures: ['window', 'figures'],
} as const

export function windowQuery(crossing: string) {
  return queryOptions({
    queryKey: windowKeys.crossing(crossing),
    queryFn: ({ signal }) =>
      request<WindowView>(`/v1/crossings/${encodeURIComponent(crossing)}/window`, { signal }),
  })
}

export function referralsQuery(state: 'referred' | 'closed') {
  return infiniteQueryOptions({
    queryKey: [...windowKeys.referrals, state],
    queryFn: ({ pageParam, signal }) =>
      request<ReferralsPage>(
        `/v1/window/referrals${queryString({ state, cursor: pageParam, limit: limits.referralsPerPage })}`,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
}

export const windowFiguresQuery = queryOptions({
  queryKey: windowKeys.figures,
  queryFn: ({ signal }) => request<WindowFigures>('/v1/window/figures', { signal }),
  refetchInterval: limits.figuresEveryMs,
})

/** What a person says of a crossing; no word here refuses or detains. */
export type StepBody = (
  | { readonly says: 'admitted' | 'opted_out' | 'undone' }
  | { readonly says: 'referred'; readonly reason: ReferralReason }
  | { readonly says: 'looked'; readonly finding: Finding }
  | {
      readonly says: 'closed'
      readonly outcome: Outcome
      readonly wrong: readonly ErrorFound[]
    }
) & { readonly note?: string }

/** Says it upon what was `seen`; the hub refuses when somebody else said something meanwhile. */
export function sayStep(crossing: string, body: StepBody, seen: number): Promise<GivenStep> {
  return request<GivenStep>(`/v1/crossings/${encodeURIComponent(crossing)}/window`, {
    method: 'POST',
    body: { ...body, seen },
  })
}
