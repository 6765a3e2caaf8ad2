/** The tables of retention as TypeScript sees them (`migrations/0006-retention.sql`). */

import type { BodyClass } from '@sallyport/core/crossing'
import type { Policy } from '@sallyport/core/retention'
import type { HoldScope } from '@sallyport/core/retention-hold'
import type { ColumnType } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>
type MaybeBytes = ColumnType<Buffer | null, Uint8Array | null, Uint8Array | null>
type Json<T> = ColumnType<T, string, string>

export const holdActs = ['requested', 'approved', 'lifted'] as const
export type HoldAct = (typeof holdActs)[number]

export type RetentionTables = {
  retention_policy: {
    id: string
    pack: string | null
    policy: Json<Policy>
    sha256: Bytes
    made_at: Date
    made_by: string
    made_salt: Bytes
    log_from: number
    log_index: number | null
  }
  legal_hold: {
    id: string
    scope: HoldScope['kind']
    crossing: string | null
    plate: string | null
    plate_folded: string | null
    lane: string | null
    from_day: string | null
    to_day: string | null
    reason: string
    expires_at: Date
    scope_salt: MaybeBytes
  }
  hold_act: {
    hold: string
    act: HoldAct
    at: Date
    account: string
    note: string | null
    salt: Bytes
    log_from: number
    log_index: number | null
  }
  shredding: {
    id: string
    policy: string | null
    class: BodyClass
    day: string
    kek: string
    kept_kek: string | null
    held_kek: string | null
    bodies: number
    bytes: number
    requested_at: Date
    log_from: number
    log_index: number | null
    what_salt: MaybeBytes
    keys_destroyed_at: Date | null
    rows_erased_at: Date | null
    effective_at: Date | null
    effective_log_index: number | null
    stopped_at: Date | null
    stopped_log_index: number | null
  }
  shredded_row: {
    kind: 'verdict' | 'watch_hit'
    id: string
    shredding: string
    log_index: number | null
  }
}
