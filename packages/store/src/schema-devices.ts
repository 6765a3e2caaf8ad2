/** What devices say of themselves, as TypeScript sees it (`migrations/0066-device-events.sql`). */

import type { DeviceEventKind } from '@sallyport/proof/device-event'
import type { ColumnType } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>

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
}
