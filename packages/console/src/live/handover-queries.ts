/** What officers who left a lane wrote for those who come. */

import { queryOptions } from '@tanstack/react-query'

import { queryString, request } from '../api/client.ts'
import type { Account } from '../api/types.ts'

export type HandoverAct = {
  readonly by: Account
  readonly at: string
  readonly log_index: number | null
}

export type Handover = {
  readonly id: string
  readonly lane: string
  readonly note: string
  readonly referrals: readonly {
    readonly crossing: string
    readonly plate: string | null
    readonly standing: 'waiting' | 'admitted' | 'referred' | 'closed'
  }[]
  readonly written: HandoverAct
  readonly taken: HandoverAct | null
}

export type Handovers = { readonly handovers: readonly Handover[] }

const everyMs = 30_000

export const handoversKey = ['handovers'] as const

export function handoversQuery(lane: string) {
  return queryOptions({
    queryKey: [...handoversKey, lane],
    queryFn: async ({ signal }) =>
      (await request<Handovers>(`/v1/handovers${queryString({ lane })}`, { signal })).handovers,
    refetchInterval: everyMs,
  })
}

export function writeHandover(note: string): Promise<Handover> {
  return request<Handover>('/v1/handovers', { method: 'POST', body: { note } })
}

export function takeHandover(id: string): Promise<Handover> {
  return request<Handover>(`/v1/handovers/${encodeURIComponent(id)}/taking`, { method: 'POST' })
}
