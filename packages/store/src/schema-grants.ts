/** The tables of parties and grants as TypeScript sees them (`migrations/0011-grants.sql`). */

import type { PartyKind } from '@sallyport/core/grants/grant'
import type { SupervisedAct } from '@sallyport/proof/grant-entry'
import type { ColumnType } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>

/** The document of a grant (specs/policy.md), as its version was proposed. */
export type StoredTerms = {
  readonly party: string
  readonly basis: string
  readonly purpose: string
  readonly ports: readonly string[]
  readonly lanes: 'all' | readonly string[]
  readonly views: readonly string[]
  readonly hours?:
    | {
        readonly days: readonly string[]
        readonly from: string
        readonly to: string
      }
    | null
    | undefined
  readonly pictures_per_day: number
  readonly bytes_per_day: number
  readonly from: string
  readonly until: string
  readonly incident_hours: number
}

export type GrantTables = {
  party: {
    id: string
    name: string
    kind: PartyKind
    parent: string | null
    contact: string
    added_at: Date
  }
  equipment: {
    id: string
    party: string
    name: string
    place: string
    added_at: Date
    assessed_at: Date | null
    assessed_by: string | null
    due_at: Date
    removed_at: Date | null
    removed_by: string | null
  }
  access_grant: {
    id: string
    version: number
    party: string
    terms: ColumnType<StoredTerms, string, string>
    policy: string
    policy_sha256: Bytes
    proposed_at: Date
    proposed_by: string
    signed_at: Date | null
    signed_by: string | null
    signed_log_index: number | null
    revoked_at: Date | null
    revoked_by: string | null
    revoked_reason: string | null
    log_index: number | null
  }
  grant_use: { access_grant: string; day: string; pictures: number; bytes: number }
  seconding: {
    id: string
    access_grant: string
    capture: string
    purpose: string
    asked_at: Date
    asked_by: string
    reason: string
    answered_at: Date | null
    answered_by: string | null
    agreed: boolean | null
    log_index: number | null
    used_by: string | null
    live: ColumnType<boolean, boolean | undefined, boolean>
    view: string | null
    grant_version: number | null
    action_salt: ColumnType<Buffer | null, Uint8Array | null | undefined, Uint8Array | null>
    answer_reason: string | null
  }
  supervision: {
    id: string
    party: string
    reason: string
    set_at: Date
    set_by: string
    terms_salt: Bytes
    set_salt: Bytes
    log_index: number
    lifting_asked_at: Date | null
    lifting_asked_by: string | null
    lifted_at: Date | null
    lifted_by: string | null
    lifted_salt: ColumnType<Buffer | null, Uint8Array | null | undefined, Uint8Array | null>
    lifted_log_index: number | null
  }
  supervised_act: {
    id: string
    asked_by: string
    act: SupervisedAct
    request: string
    body_sha256: Bytes
    asked_at: Date
    action_salt: Bytes
    answered_at: Date | null
    answered_by: string | null
    answered_salt: ColumnType<Buffer | null, Uint8Array | null | undefined, Uint8Array | null>
    agreed: boolean | null
    answer_reason: string | null
    log_index: number | null
    used_at: Date | null
  }
}
