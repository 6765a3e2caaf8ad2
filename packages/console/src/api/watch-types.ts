/** The watch list on the wire. The contract test checks these types against the hub's schemas. */

import type { JurisdictionVerdict } from '@sallyport/core/jurisdiction'
import type { MatchBasis } from '@sallyport/core/watch'
import type { HitState } from '@sallyport/core/watch-decisions'

import type { Account, Crossing } from './types.ts'

export type WatchEntry = {
  readonly id: string
  readonly plate: string
  readonly jurisdiction: string | null
  readonly issuer: string
  readonly reason: string
  readonly tolerance: number
  /** How many plates it accepts, its own included. */
  readonly accepts: number
  readonly expires_at: string
  readonly state: 'in_force' | 'expired' | 'withdrawn'
  readonly made: { readonly at: string; readonly by: Account }
  readonly import: string | null
  readonly withdrawn: {
    readonly at: string
    readonly by: Account
    readonly reason: string
    readonly log_index: number | null
  } | null
  readonly log_index: number | null
}

export type WatchEntriesPage = {
  readonly entries: readonly WatchEntry[]
  readonly in_force: number
  readonly next: string | null
}

export type AcceptedPlate = {
  readonly text: string
  /** Where it differs from the entry's plate, from 0. */
  readonly positions: readonly number[]
  readonly crossings: number
}

export type WatchPreview = {
  readonly plate: string
  readonly tolerance: number
  readonly accepts: number
  readonly too_wide: boolean
  readonly accepted: readonly AcceptedPlate[]
  readonly crossings: number
  readonly since: string
  readonly alike_entries: number
}

export type WatchHit = {
  readonly id: string
  readonly at: string
  readonly state: HitState
  readonly basis: MatchBasis
  readonly text: string
  readonly positions: readonly number[]
  readonly jurisdiction: JurisdictionVerdict
  readonly entry: WatchEntry
  readonly crossing: Crossing
  readonly judged: {
    readonly at: string
    readonly by: Account
    readonly note: string | null
    readonly log_index: number | null
  } | null
  readonly log_index: number | null
}

export type WatchHitsPage = {
  readonly hits: readonly WatchHit[]
  readonly unconfirmed: number
  readonly next: string | null
}

export type WatchImported = {
  readonly imported: boolean
  readonly entries: number
  readonly accepts: number
  readonly widest: number
}
