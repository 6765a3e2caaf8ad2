/**
 * What devices say of themselves, as TypeScript sees it (`migrations/0066-device-events.sql`,
 * `0067-maintenance.sql`, `0073-attestations.sql`).
 */

import type { DeviceEventKind } from '@sallyport/proof/device-event'
import type { ColumnType } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>
type MaybeBytes = ColumnType<Buffer | null, Uint8Array | null, Uint8Array | null>

export type DeviceTables = {
  device_event: {
    id: string
    device: string
    lane: string
    sequence: number
    kind: DeviceEventKind
    observed_at: Date
    received_at: Date
    statement: Bytes
    signature: Bytes
    statement_sha256: Bytes
    log_index: number
  }
  device_attestation: {
    id: string
    device: string
    lane: string
    made_at: Date
    received_at: Date
    was_asked: boolean
    statement: Bytes
    signature: Bytes
    statement_sha256: Bytes
    log_index: number
  }
  maintenance_order: {
    id: string
    lane: string
    device: string
    number: string
    technician: string
    party: string
    starts_at: Date
    ends_at: Date
    made_at: Date
    made_by: string
    terms_salt: Bytes
    by_salt: Bytes
    log_index: number
    begun_at: Date | null
    begun_by: string | null
    begun_salt: MaybeBytes
    begun_log_index: number | null
    over_at: Date | null
    over_by: string | null
    over_salt: MaybeBytes
    over_log_index: number | null
    overrun_at: Date | null
    watched: ColumnType<boolean, boolean | undefined, boolean>
  }
}
