/** Incidents, scopes and notices as the hub has them (specs/scope.md, specs/api.md). */

import type { NoticeLanguage } from '@sallyport/core/notices/rules'
import type { ScopeCounts } from '@sallyport/core/scope/counts'
import type { Grade, Suspicion } from '@sallyport/core/scope/question'
import type { ContainmentAct } from '@sallyport/proof/incident-entry'
import { queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'

type Named = { readonly id: string; readonly name: string }

export type IncidentLine = {
  readonly id: string
  readonly title: string
  readonly suspected_at: string
  readonly known_at: string
  readonly opened_at: string
  readonly closed_at: string | null
}

export type Step = {
  readonly id: string
  readonly act: ContainmentAct
  readonly target: string
  readonly at: string
  readonly by: Named
  readonly log_index: number
  readonly lifted_at: string | null
  readonly effect: {
    readonly component: 'policy' | 'sign_in' | 'intake' | 'retention' | 'keys' | 'lanes'
    readonly confirmed: boolean
    readonly detail: string
    readonly earlier?: EarlierKeys | undefined
  }
}

/** Keys that were replaced: whose days they are, and which lanes have to do with them still. */
export type EarlierKeys = {
  readonly days: readonly string[]
  readonly waiting_for: readonly {
    readonly device: string
    readonly lane: string
    readonly holds: boolean
    readonly missing: number | null
  }[]
}

export type Contained = {
  readonly steps: readonly Step[]
  readonly refused: readonly {
    readonly act: ContainmentAct
    readonly target: string
    readonly code: string
    readonly detail: string
  }[]
}

export type Incident = IncidentLine & {
  readonly about: readonly Named[]
  readonly members: readonly Named[]
  readonly reports: readonly {
    readonly receipt: string
    readonly at: string
    readonly organisation: string
    readonly contact: string
    readonly suspected_at: string
    readonly what: string
  }[]
  readonly tasks: readonly {
    readonly id: string
    readonly what: string
    readonly due_at: string | null
    readonly done_at: string | null
  }[]
  readonly steps: readonly Step[]
  readonly timeline: readonly {
    readonly at: string
    readonly kind: 'opened' | 'reported' | 'noted' | 'scope' | 'cut' | 'lifted' | 'closed'
    readonly text: string
    readonly by: string | null
    readonly log_index: number | null
  }[]
}

type Side = 'reached' | 'not_reached' | 'undecided'

export type Scope = {
  readonly scope: string
  readonly version: number
  readonly revises: string | null
  readonly incident: string | null
  readonly at: string
  readonly why: string
  readonly zone: string
  readonly question: {
    readonly from: string
    readonly to: string
    readonly suspicions: readonly Suspicion[]
  }
  readonly result: {
    readonly total: ScopeCounts
    readonly grades: Readonly<Record<Grade, ScopeCounts>>
    readonly lines: readonly {
      readonly line: string
      readonly people: number
      readonly side: Side
      readonly side_with_reachable: Side
      readonly means: string
      readonly source: string
    }[]
    readonly changes: readonly {
      readonly figure: string
      readonly before: number
      readonly after: number
    }[]
    readonly assumes: readonly string[]
    readonly log_size: number
  }
  readonly by: Named
  readonly log_index: number
}

/** A scope counted again by two engines. */
export type Recounted = {
  readonly scope: string
  readonly agrees: boolean
  readonly difference: Moved | null
  readonly moved: Moved | null
  readonly months: readonly string[]
  readonly counted_ms: number
  readonly log_index: number
}
type Moved = { readonly figure: string; readonly first: string; readonly second: string }

export type NoticeBoard = {
  readonly scope: { readonly id: string; readonly version: number } | null
  readonly unreachable: { readonly low: number; readonly high: number } | null
  readonly notices: readonly {
    readonly rule: string
    readonly to: string
    readonly law: string
    readonly languages: readonly NoticeLanguage[]
    readonly due_at: string
    readonly owed: 'yes' | 'perhaps' | 'no'
    readonly reason: string
    readonly late: boolean
    readonly sent: readonly {
      readonly version: number
      readonly language: string
      readonly sent_at: string
      readonly sent_to: string
      readonly proof_sha256: string
      readonly pdf_sha256: string | null
      readonly scope: string | null
      readonly log_index: number
    }[]
  }[]
}

export const keys = {
  list: ['incidents'],
  room: (id: string) => ['incident', id],
  scopes: (id: string) => ['incident', id, 'scopes'],
  notices: (id: string) => ['incident', id, 'notices'],
} as const

export const incidentsQuery = queryOptions({
  queryKey: keys.list,
  queryFn: async ({ signal }) =>
    (await request<{ incidents: readonly IncidentLine[] }>('/v1/incidents', { signal })).incidents,
})

/** A step that is not confirmed yet is asked after every second. */
export const roomQuery = (id: string) =>
  queryOptions({
    queryKey: keys.room(id),
    queryFn: ({ signal }) => request<Incident>(`/v1/incidents/${id}`, { signal }),
    refetchInterval: ({ state }) =>
      (state.data?.steps ?? []).some((one) => one.lifted_at === null && !one.effect.confirmed)
        ? 1_000
        : 15_000,
  })

export const scopesQuery = (id: string) =>
  queryOptions({
    queryKey: keys.scopes(id),
    queryFn: async ({ signal }) =>
      (await request<{ scopes: readonly Scope[] }>(`/v1/scopes?incident=${id}`, { signal })).scopes,
  })

export const noticesQuery = (id: string) =>
  queryOptions({
    queryKey: keys.notices(id),
    queryFn: ({ signal }) => request<NoticeBoard>(`/v1/incidents/${id}/notices`, { signal }),
  })

/** '17 to 19', or '17'. */
export function between({ low, high }: { readonly low: number; readonly high: number }): string {
  return low === high
    ? low.toLocaleString('en')
    : `${low.toLocaleString('en')} to ${high.toLocaleString('en')}`
}
