/** Parties, grants and what waits for somebody, as the hub has them (specs/policy.md). */

import type { GrantPurpose, PartyKind, View, Weekday } from '@sallyport/core/grants/grant'
import type { Purpose } from '@sallyport/core/opening'
import { queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'

export type Party = {
  readonly id: string
  readonly name: string
  readonly kind: PartyKind
  readonly parent: string | null
  readonly contact: string
  readonly added_at: string
  readonly people: number
}

export type GrantDocument = {
  readonly party: string
  readonly basis: string
  readonly purpose: GrantPurpose
  readonly ports: readonly string[]
  readonly lanes: 'all' | readonly string[]
  readonly views: readonly View[]
  readonly hours?:
    | {
        readonly days: readonly Weekday[]
        readonly from: string
        readonly to: string
      }
    | null
    | undefined
  readonly pictures_per_day: number
  readonly bytes_per_day: number
  readonly from: string
  readonly until: string
  readonly incident_hours: number
}

export type Grant = {
  readonly id: string
  readonly version: number
  readonly party: { readonly id: string; readonly name: string }
  readonly status: 'proposed' | 'signed' | 'suspended' | 'revoked' | 'not_begun' | 'over'
  readonly reason: string | null
  readonly document: GrantDocument
  readonly sentences: readonly string[]
  readonly policy: string
  readonly policy_sha256: string
  readonly proposed_at: string
  readonly proposed_by: { readonly id: string; readonly name: string } | null
  readonly signed_at: string | null
  readonly signed_by: { readonly id: string; readonly name: string } | null
  /** Of the signature. */
  readonly log_index: number | null
  readonly today: { readonly pictures: number; readonly bytes: number }
}

export type GrantCheck = {
  readonly problems: readonly {
    readonly code: string
    readonly field: string
    readonly detail: string
  }[]
  readonly sentences: readonly string[]
  readonly policy: string
  readonly simulation: {
    readonly days: number
    readonly pictures_in_scope: number
    readonly openings_by_party: number
    readonly of_those_in_lanes: number
  }
}

/** Something that somebody under supervision asked to do, other than to open a picture. */
export type SupervisedAct = {
  readonly id: string
  readonly act:
    | 'add_passkey'
    | 'connect_sign_in'
    | 'make_link'
    | 'read_report'
    | 'read_traffic_shape'
  readonly request: string
  readonly asked_at: string
  readonly asked_by: { readonly id: string; readonly name: string; readonly party: string }
  readonly state: 'waiting' | 'agreed' | 'declined' | 'used' | 'over'
  readonly answer_reason: string | null
  readonly log_index: number | null
}

export type Seconding = {
  readonly id: string
  readonly grant: string
  readonly capture: string
  readonly purpose: GrantPurpose
  readonly reason: string
  readonly asked_at: string
  readonly asked_by: { readonly id: string; readonly name: string; readonly party: string } | null
  readonly state: 'waiting' | 'agreed' | 'declined' | 'used'
  /** An opening that waits now, for two minutes at most. */
  readonly live: boolean
  readonly view: string | null
  readonly answer_reason: string | null
}

/** What the policies would say to an opening. */
export type PolicyDecision = {
  readonly decision: 'allow' | 'refuse'
  readonly code: string | null
  readonly detail: string | null
  readonly view: View
  readonly grant: string | null
  readonly policies: readonly string[]
  readonly reasons: readonly {
    readonly policy: string
    readonly effect: 'permit' | 'forbid'
    readonly words: string
  }[]
  readonly policy_set: string
}

export type PolicyQuestion = {
  readonly capture: string
  readonly purpose: Purpose | GrantPurpose
  readonly account?: string | undefined
  readonly view?: 'plate_crop' | 'original' | undefined
  readonly grant?: string | undefined
}

export type PolicyPerson = {
  readonly id: string
  readonly name: string
  readonly party: { readonly id: string; readonly name: string }
}

export type Equipment = {
  readonly id: string
  readonly party: string
  readonly name: string
  readonly place: string
  readonly added_at: string
  readonly assessed_at: string | null
  readonly due_at: string
  readonly overdue: boolean
}

export const keys = {
  parties: ['parties'],
  grants: ['grants'],
  secondings: ['secondings'],
  // Below the questions: what outdates those outdates these.
  supervisedActs: ['secondings', 'acts'],
  supervision: ['supervision'],
  equipment: ['equipment'],
  policyPeople: ['policy-people'],
} as const

/** Quotas and questions change without an event. */
const everyMs = 5_000

export const partiesQuery = queryOptions({
  queryKey: keys.parties,
  queryFn: async ({ signal }) =>
    (await request<{ parties: readonly Party[] }>('/v1/parties', { signal })).parties,
})

export const grantsQuery = queryOptions({
  queryKey: keys.grants,
  queryFn: async ({ signal }) =>
    (await request<{ grants: readonly Grant[] }>('/v1/grants', { signal })).grants,
  refetchInterval: everyMs,
})

export const supervisedActsQuery = queryOptions({
  queryKey: keys.supervisedActs,
  queryFn: async ({ signal }) =>
    (await request<{ acts: readonly SupervisedAct[] }>('/v1/supervised-acts', { signal })).acts,
})

export const secondingsQuery = queryOptions({
  queryKey: keys.secondings,
  queryFn: async ({ signal }) =>
    (await request<{ secondings: readonly Seconding[] }>('/v1/secondings', { signal })).secondings,
  refetchInterval: everyMs,
})

export type Supervision = {
  readonly party: string
  readonly reason: string
  readonly set_at: string
  readonly log_index: number
  /** One person asked to end it; another of another unit does. */
  readonly lifting_asked: boolean
}

export const supervisionQuery = queryOptions({
  queryKey: keys.supervision,
  queryFn: async ({ signal }) =>
    (await request<{ supervision: readonly Supervision[] }>('/v1/supervision', { signal }))
      .supervision,
})

export const policyPeopleQuery = queryOptions({
  queryKey: keys.policyPeople,
  queryFn: async ({ signal }) =>
    (await request<{ people: readonly PolicyPerson[] }>('/v1/policy/people', { signal })).people,
})

/** What the policies would say. Nothing opens, and nothing is taken of a quota. */
export function askPolicies(question: PolicyQuestion): Promise<PolicyDecision> {
  return request<PolicyDecision>('/v1/policy/decisions', { method: 'POST', body: question })
}

export const equipmentQuery = queryOptions({
  queryKey: keys.equipment,
  queryFn: async ({ signal }) =>
    (await request<{ equipment: readonly Equipment[] }>('/v1/equipment', { signal })).equipment,
})

export const grantPurposeWords: Readonly<Record<GrantPurpose, string>> = {
  fault_analysis: 'Find out why a lane misread',
  review_support: 'Help with plates that were not read surely',
  incident_support: 'Help with an incident',
}

export const viewWords: Readonly<Record<View, string>> = {
  plate_crop: 'The plate alone',
  plate: 'Pictures of plates',
  scene: 'Whole scenes',
  face: 'Faces',
}

export const statusWords: Readonly<Record<Grant['status'], string>> = {
  proposed: 'Waits for its second signature',
  signed: 'In force',
  suspended: 'Suspended',
  revoked: 'Revoked',
  not_begun: 'Signed, not begun',
  over: 'Over',
}
