/** Epochs that end, and the hub's clock, as TypeScript sees them (`migrations/0005-keks.sql`,
 * `0021-hub-clock.sql`, `0083-epoch-rotations.sql`). */

import type { ColumnType, Generated } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>

export type EpochTables = {
  day_closed: {
    device: string
    through: string
    last_sequence: number
    statement: Bytes
    signature: Bytes
    received_at: Date
    log_index: number
    arrived_through: Generated<number>
  }
  epoch_rest_lost: {
    port: string
    day: string
    account: string
    at: Date
    commitment_salt: Bytes
    log_index: number | null
  }
  epoch_end: {
    port: string
    day: string
    recipient: string
    how: 'closed' | 'declared_lost' | 'expired' | 'rotated_out'
    at: Date
    log_index: number | null
    erased_at: Date | null
    /** That made it; null for the first of its day. */
    rotation: string | null
  }
  epoch_rotation: {
    id: string
    port: string
    rotated_at: Date
    from_day: string
    why: 'incident' | 'restored'
    log_from: number
    log_index: number | null
  }
  device_announcement: {
    device: string
    issued_at: Date
    rotated_at: Date | null
    earlier_through: number
    earlier_verdicts: number
    said_at: Date
  }
  clock_trusted: {
    one: Generated<boolean>
    at: Date
  }
  clock_confirmation: {
    id: string
    at: Date
    account: string
    commitment_salt: Bytes
    log_index: number | null
  }
}
