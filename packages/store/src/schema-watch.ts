/** The tables of the watch list as TypeScript sees them (`migrations/0003-watch.sql`). */

import type { JurisdictionVerdict } from '@sallyport/core/jurisdiction'
import type { MatchBasis, Tolerance } from '@sallyport/core/watch'
import type { HitState, HitVerdict } from '@sallyport/core/watch-decisions'
import type { ColumnType, Generated } from 'kysely'

import type { TravellerTables } from './schema-travellers.ts'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>
type MaybeBytes = ColumnType<Buffer | null, Uint8Array | null, Uint8Array | null>

export type WatchTables = TravellerTables & {
  watch_entry: {
    id: string
    plate: string
    jurisdiction: string | null
    issuer: string
    reason: string
    tolerance: Tolerance
    expires_at: Date
    made_at: Date
    made_by: string
    import: string | null
    terms_salt: Bytes
    made_salt: Bytes
    log_index: number | null
    withdrawn_at: Date | null
    withdrawn_by: string | null
    withdrawn_reason: string | null
    withdrawal_salt: MaybeBytes
    withdrawal_log_index: number | null
  }
  watch_hit: {
    id: string
    entry: string
    crossing: string
    received_at: Date
    lane: string
    at: Date
    basis: MatchBasis
    text: string
    positions: number[]
    jurisdiction: JurisdictionVerdict
    state: Generated<HitState>
    commitment_salt: Bytes
    log_index: number | null
    verdict: HitVerdict | null
    judged_at: Date | null
    judged_by: string | null
    judged_note: string | null
    judgement_salt: MaybeBytes
    judgement_log_index: number | null
  }
}
