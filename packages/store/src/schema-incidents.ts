/** The tables of scopes and incidents as TypeScript sees them (`migrations/0050-scopes.sql` and on). */

import type { ColumnType, Generated } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>

export type IncidentTables = {
  vehicle: { id: number; plate: string }
  scope_cursor: { one: Generated<boolean>; verdict_log_index: number }
  scope: {
    id: string
    incident: string | null
    revises: string | null
    version: number
    document: string
    document_salt: Bytes
    at: Date
    account: string
    by_salt: Bytes
    log_from: number
    log_index: number | null
  }
}
