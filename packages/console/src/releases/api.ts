/** Releases as the hub has them: copies that leave, and where they are. */

import type { CopiesState, ReleasePurpose, ReleaseState } from '@sallyport/core/releases/release'
import { queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'

export type Recipient = {
  readonly id: string
  readonly party: { readonly id: string; readonly name: string; readonly contact: string }
  readonly name: string
  readonly key: string
  readonly added_at: string
  readonly revoked_at: string | null
}

export type Release = {
  readonly id: string
  readonly state: ReleaseState
  readonly copies: CopiesState
  readonly recipient: Recipient
  readonly purpose: ReleasePurpose
  readonly basis: string
  readonly pictures: number
  readonly canaries: number
  readonly requested_at: string
  readonly made_at: string | null
  readonly expires_at: string
  readonly returned_at: string | null
  readonly manifest_sha256: string | null
  readonly log_index: number
  readonly made_log_index: number | null
  readonly code: string | null
  readonly decisions: readonly {
    readonly at: string
    readonly by: { readonly id: string; readonly name: string; readonly unit: string }
    readonly says: 'requested' | 'approved' | 'declined' | 'making'
    readonly policies: readonly string[]
    readonly log_index: number
  }[]
  readonly attestations: readonly {
    readonly at: string
    readonly how: 'returned' | 'destroyed'
    readonly said_by: string
    readonly statement_sha256: string
    readonly log_index: number
  }[]
}

export const keys = { releases: ['releases'], recipients: ['recipients'] } as const

/** Approvals and making change without an event. */
const everyMs = 5_000

export const releasesQuery = queryOptions({
  queryKey: keys.releases,
  queryFn: async ({ signal }) =>
    (await request<{ releases: readonly Release[] }>('/v1/releases', { signal })).releases,
  refetchInterval: everyMs,
})

export const recipientsQuery = queryOptions({
  queryKey: keys.recipients,
  queryFn: async ({ signal }) =>
    (await request<{ recipients: readonly Recipient[] }>('/v1/recipients', { signal })).recipients,
})

export const releasePurposeWords: Readonly<Record<ReleasePurpose, string>> = {
  court: 'For a court',
  partner_agency: 'For another agency',
  subject_request: 'For the traveller who asked',
}

export const releaseStateWords: Readonly<Record<ReleaseState, string>> = {
  requested: 'Waits for two approvals',
  approved: 'Approved, not made',
  making: 'Being made',
  made: 'Made',
  returned: 'All copies returned',
  destroyed: 'All copies destroyed',
  declined: 'Declined',
  failed: 'Could not be made',
}

export const copiesWords: Readonly<Record<CopiesState, string>> = {
  none: '',
  out: 'Copies are outside',
  due_soon: 'Copies are due back soon',
  overdue: 'Copies are overdue',
  accounted_for: 'Accounted for',
}
