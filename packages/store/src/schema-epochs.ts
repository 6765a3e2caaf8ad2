/** Epochs that end, and the hub's clock, as TypeScript sees them (`migrations/0005-keks.sql`, `0021-hub-clock.sql`). */

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
    how: 'closed' | 'declared_lost' | 'expired'
    at: Date
    log_index: number | null
    erased_at: Date | null
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
