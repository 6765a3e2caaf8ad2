/** The tables of scopes and incidents as TypeScript sees them (`migrations/0050-scopes.sql` and on). */

import type { ContainmentAct } from '@sallyport/proof/incident-entry'
import type { ColumnType, Generated } from 'kysely'

import type { MonthFile } from './incidents/months/files.ts'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>

export type IncidentTables = {
  vehicle: { id: number; plate: string }
  scope_cursor: { one: Generated<boolean>; verdict_log_index: number; traveller_salt: Bytes }
  scope_month: {
    month: string
    id: string
    at: Date
    log_size: number
    files: ColumnType<readonly MonthFile[], string, string>
    log_from: number
    log_index: number | null
  }
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
  scope_faces: { scope: string; rows: string; log_index: number }
  incident: {
    id: string
    title: string
    suspected_at: Date
    known_at: Date
    opened_at: Date
    opened_by: string | null
    by_salt: Bytes
    about: string[]
    log_from: number
    log_index: number | null
    closed_at: Date | null
    closed_by: string | null
  }
  incident_member: {
    incident: string
    account: string
    added_at: Date
    added_by: string | null
    removed_at: Date | null
  }
  incident_note: {
    id: string
    incident: string
    happened_at: Date
    at: Date
    account: string
    text: string
  }
  incident_task: {
    id: string
    incident: string
    what: string
    due_at: Date | null
    made_at: Date
    made_by: string
    done_at: Date | null
    done_by: string | null
  }
  incident_report: {
    id: string
    incident: string
    receipt: string
    at: Date
    organisation: string
    contact: string
    suspected_at: Date
    what: string
    said_salt: Bytes
    log_from: number
    log_index: number | null
  }
  containment_step: {
    id: string
    incident: string
    act: ContainmentAct
    target: string
    at: Date
    account: string
    by_salt: Bytes
    target_salt: Bytes
    log_from: number
    log_index: number | null
    lifted_at: Date | null
    lifted_by: string | null
    lifted_log_index: number | null
  }
  notice: {
    id: string
    incident: string
    rule: string
    version: number
    language: string
    text: string
    text_salt: Bytes
    scope: string | null
    sent_at: Date
    sent_by: string
    sent_to: string
    proof_sha256: Bytes
    by_salt: Bytes
    log_from: number
    log_index: number | null
  }
  subject_request: {
    id: string
    at: Date
    account: string
    reference: string
    subject_salt: Bytes
    answer_sha256: Bytes
    answer_salt: Bytes
    by_salt: Bytes
    log_index: number | null
  }
}
