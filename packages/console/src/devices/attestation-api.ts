/** Hand-over pages of lanes' computers, as the hub gives them. */

import type { DeviceAttestation } from '@sallyport/proof/device-attestation'
import { queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'
import { deviceKeys } from './device-queries.ts'

export type Attestation = {
  readonly id: string
  readonly device: string
  readonly lane: string
  /** By the lane's clock. */
  readonly made_at: string
  readonly received_at: string
  /** Whether the hub had asked for it. */
  readonly was_asked: boolean
  readonly statement_sha256: string
  readonly log_index: number
  readonly findings: readonly {
    readonly code: string
    readonly weight: 'bad' | 'notice'
    readonly detail: string
  }[]
}

export type WholeAttestation = Attestation & {
  readonly statement: string
  readonly signature: string
  readonly said: DeviceAttestation
}

export const attestationsQuery = queryOptions({
  queryKey: [...deviceKeys.all, 'attestations'],
  queryFn: async ({ signal }) =>
    (await request<{ attestations: readonly Attestation[] }>('/v1/attestations', { signal }))
      .attestations,
})

export function attestationQuery(id: string) {
  return queryOptions({
    queryKey: [...deviceKeys.all, 'attestations', id],
    queryFn: ({ signal }) =>
      request<WholeAttestation>(`/v1/attestations/${encodeURIComponent(id)}`, { signal }),
  })
}
