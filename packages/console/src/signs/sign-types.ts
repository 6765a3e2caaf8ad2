/** What the routes of grounds and signs answer, as the console reads it. */

import type { SiteType } from '@sallyport/core/basis/basis'
import type { CaptureClass, Direction, LaneKind } from '@sallyport/core/crossing'
import { queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'
import type { Account } from '../api/types.ts'

export type FacesHere = {
  readonly kind: 'on' | 'off'
  readonly why: 'border' | 'basis' | 'off_at_hub' | 'no_basis'
}

type Act = { readonly at: string; readonly by: Account; readonly log_index: number | null } | null

export type FaceBasis = {
  readonly id: string
  readonly document: string
  readonly responsible: string
  readonly dated: string
  readonly state: 'proposed' | 'in_force' | 'ended'
  readonly proposed: Act
  readonly agreed: Act
  readonly ended: Act
}

export type FaceBases = {
  readonly site: SiteType
  readonly faces: FacesHere
  readonly bases: readonly FaceBasis[]
}

export type Period = {
  readonly hours?: number | undefined
  readonly days?: number | undefined
} | null

export type Sign = {
  readonly at: string
  readonly port: { readonly name: string; readonly site: SiteType }
  readonly faces: FacesHere
  readonly basis: Pick<FaceBasis, 'document' | 'responsible' | 'dated'> | null
  readonly age_min: number
  readonly watched_plates: number
  readonly frequent_rules: number
  readonly retention: {
    readonly policy: string | null
    readonly classes: readonly {
      readonly class: CaptureClass | 'reads'
      readonly usual: Period
      readonly longest: Period
    }[]
  }
  readonly contact: string | null
  readonly lanes: readonly {
    readonly id: string
    readonly name: string
    readonly direction: Direction
    readonly kind: LaneKind
  }[]
}

export const signKeys = {
  all: ['signs'],
  sign: ['signs', 'sign'],
  bases: ['signs', 'bases'],
} as const

export const signQuery = queryOptions({
  queryKey: signKeys.sign,
  queryFn: ({ signal }) => request<Sign>('/v1/signs', { signal }),
  refetchInterval: 60_000,
})

export const basesQuery = queryOptions({
  queryKey: signKeys.bases,
  queryFn: ({ signal }) => request<FaceBases>('/v1/face-bases', { signal }),
})
