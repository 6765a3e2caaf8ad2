/** The result of a replay as the hub has it (docs/replay.md). */

import { queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'

type Interval = { readonly low: number; readonly high: number }

export type ReplayResult = {
  readonly version: 1
  readonly made_at: string
  readonly scale: number
  readonly cores: number
  readonly load: number
  readonly wall_ms: number
  readonly drawn: readonly string[]
  readonly passed: {
    readonly pictures: number
    readonly people: number
    readonly templates: number
    readonly crossings: number
    readonly ports: number
    readonly days: number
    readonly plates: Interval
    readonly people_by_records: Interval
  }
  readonly legacy: {
    readonly recorded: number
    readonly left: number
    readonly readable: number
    readonly bytes: number
    readonly alarms: number
  }
  readonly sealed: {
    readonly tapped: number
    readonly on_drive: number
    readonly vault_bytes: number
    readonly opened_by_thieves: number
    readonly shown: number
    readonly readable: number
    readonly refused: Readonly<Record<string, number>>
    readonly log_entries: number
  }
  readonly alarms: readonly {
    readonly kind: string
    readonly raised: number
    readonly first_at: string
  }[]
  readonly scope: {
    readonly id: string
    readonly ms: number
    readonly counted_ms: number
    readonly grades: Readonly<
      Record<string, { readonly pictures: number; readonly people: Interval }>
    >
    readonly lines: readonly {
      readonly line: string
      readonly people: number
      readonly side: string
    }[]
  }
  readonly contain: { readonly ms: number; readonly steps: number; readonly confirmed: boolean }
  readonly notices: {
    readonly unreachable: Interval | null
    readonly rules: readonly {
      readonly rule: string
      readonly to: string
      readonly due_at: string
      readonly owed: string
    }[]
  }
  readonly leaks: {
    readonly ms: number
    readonly planted: number
    readonly foreign: number
    readonly found: number
    readonly attributed: number
    readonly false_findings: number
    readonly error_probability: number | null
    readonly files: readonly {
      readonly name: string
      readonly planted: boolean
      readonly change: string
      readonly verdict: string
      readonly attributed: boolean
    }[]
    readonly statement: readonly string[]
  }
  readonly sentences: readonly string[]
  readonly timeline: readonly {
    readonly at: string
    readonly legacy: string
    readonly sallyport: string
  }[]
  readonly comparison: readonly {
    readonly question: string
    readonly reported: string
    readonly legacy: string
    readonly sallyport: string
  }[]
}

export const replayQuery = queryOptions({
  queryKey: ['replay'],
  queryFn: ({ signal }) => request<ReplayResult>('/v1/replay', { signal }),
})
