/** The tables of releases as TypeScript sees them (`migrations/0040-releases.sql`). */

import type {
  AttestedHow,
  ReleaseFileKind,
  ReleasePurpose,
  ReleaseSaid,
  ReleaseState,
} from '@sallyport/core/releases/release'
import type { ColumnType } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>
type MaybeBytes = ColumnType<Buffer | null, Uint8Array | null, Uint8Array | null>

export type ReleaseTables = {
  release_recipients: {
    id: string
    party: string
    name: string
    recipient: string
    added_at: Date
    added_by: string
    revoked_at: Date | null
    revoked_by: string | null
    commitment_salt: Bytes
    log_index: number | null
  }
  releases: {
    id: string
    party: string
    recipient: string
    purpose: ReleasePurpose
    basis: string
    state: ReleaseState
    requested_at: Date
    requested_by: string
    approved_at: Date | null
    made_at: Date | null
    expires_at: Date
    returned_at: Date | null
    canaries: number
    code: string | null
    manifest: MaybeBytes
    manifest_sha256: MaybeBytes
    manifest_signature: MaybeBytes
    commitment_salt: Bytes
    log_index: number | null
    made_log_index: number | null
  }
  release_captures: { release: string; capture: string; crossing: string }
  release_decisions: {
    id: string
    release: string
    at: Date
    account: string
    says: ReleaseSaid
    commitment_salt: Bytes
    policies: string[]
    policy_set: Bytes
    log_index: number | null
  }
  release_files: {
    release: string
    number: number
    kind: ReleaseFileKind
    capture: string | null
    mark: string | null
    mark_epoch: string | null
    bytes: number
    sha256: Bytes
    copy_sha256: Bytes
  }
  release_bodies: { release: string; number: number; body: Bytes }
  release_canaries: {
    id: string
    release: string
    number: number
    plate_folded: string
    pdq: Bytes
  }
  release_attestations: {
    id: string
    release: string
    at: Date
    account: string
    says: AttestedHow
    said_by: string
    statement_sha256: Bytes
    commitment_salt: Bytes
    log_index: number | null
  }
}
