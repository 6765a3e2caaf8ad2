/** The tables as TypeScript sees them. The truth is `migrations/`; a test compares the two. */

import type { AlarmKind } from '@sallyport/core/alarm'
import type { ClockVerdict } from '@sallyport/core/clock'
import type {
  BodyClass,
  CrossingReads,
  Direction,
  LaneKind,
  SourceKind,
} from '@sallyport/core/crossing'
import type {
  DeliveryState,
  DisabledCode,
  EventType,
  SubscriptionPurpose,
} from '@sallyport/core/delivery'
import type { GaugeFigures } from '@sallyport/core/gauge'
import type { GrantPurpose, View } from '@sallyport/core/grants/grant'
import type { Purpose, Role } from '@sallyport/core/opening'
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

import type { DeviceTables } from './schema-devices.ts'
import type { EpochTables } from './schema-epochs.ts'
import type { FaceTables } from './schema-faces.ts'
import type { GrantTables } from './schema-grants.ts'
import type { IncidentTables } from './schema-incidents.ts'
import type { LeakTables } from './schema-leaks.ts'
import type { ReleaseTables } from './schema-releases.ts'
import type { RetentionTables } from './schema-retention.ts'
import type { ReviewTables } from './schema-review.ts'
import type { StayTables } from './schema-stays.ts'
import type { WatchTables } from './schema-watch.ts'
import type { WindowTables } from './schema-window.ts'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>
type MaybeBytes = ColumnType<Buffer | null, Uint8Array | null, Uint8Array | null>
/** Null unless it is given. */
type AddedBytes = ColumnType<Buffer | null, Uint8Array | null | undefined, Uint8Array | null>
/** int8, read as a number: sequences and log indexes stay below 2^53. */
type Big = number
type Json<T> = ColumnType<T, string, string>

export type SpoolReport = {
  readonly bundles: number
  readonly bytes: number
  readonly oldest_at: string | null
}

type Parts = GrantTables &
  DeviceTables &
  EpochTables &
  FaceTables &
  IncidentTables &
  LeakTables &
  ReleaseTables &
  RetentionTables &
  ReviewTables &
  StayTables &
  WatchTables &
  WindowTables

export type Database = Parts & {
  port: { id: string; name: string; zone: string; created_at: Date }
  lane: {
    id: string
    port: string
    name: string
    direction: Direction
    kind: LaneKind
    created_at: Date
  }
  device: {
    id: string
    lane: string
    public_key: Bytes
    enrolled_at: Date
    revoked_at: Date | null
    revoked_reason: string | null
    last_sequence: Generated<Big>
    last_manifest_sha256: Bytes
    last_seen_at: Date | null
    boot: string | null
    clock_offset_ms: number | null
    spool: Json<SpoolReport> | null
    camera: string | null
    software: string | null
    source: SourceKind | null
    gauge: Json<GaugeFigures> | null
    quarantined_at: Generated<Date | null>
  }
  enrolment_code: { code_sha256: Bytes; lane: string; expires_at: Date; device: string | null }
  intake: {
    device: string
    sequence: Big
    manifest_sha256: Bytes
    crossing: string
    received_at: Date
    log_index: Big | null
  }
  crossing: {
    id: string
    received_at: Date
    captured_at: Date
    port: string
    lane: string
    direction: Direction
    device: string
    sequence: Big
    kind: 'crossing' | 'gap'
    clock: ClockVerdict
    source: SourceKind
    manifest: Bytes
    signature: Bytes
    manifest_sha256: Bytes
    epoch_day: string
    log_index: Big | null
    plate_kind: 'read' | 'unsure' | 'unreadable' | 'none'
    plate_text: string | null
    plate_folded: string | null
    plate_confidence: number | null
    reads: Json<CrossingReads> | null
    plate_reason: GeneratedAlways<string | null>
    sampled: Generated<boolean>
    verdict: Generated<string | null>
    verdict_folded: Generated<string | null>
  }
  capture: {
    id: string
    received_at: Date
    crossing: string
    class: BodyClass
    bytes: number
    sha256: Bytes
    header: Bytes
    epoch_day: string
    /** Null once the ciphertext of a shredded body is gone too. */
    segment: number | null
    position: Big | null
    kek: Generated<string | null>
    shredding: Generated<string | null>
    shredded_at: Generated<Date | null>
    copy_hash: AddedBytes
    copy_quality: Generated<number | null>
    copy_algorithm: Generated<string | null>
  }
  account: {
    id: string
    name: string
    roles: Role[]
    created_at: Date
    disabled_at: Date | null
    party: Generated<string>
    unit: Generated<string>
  }
  sign_in_link: { token_sha256: Bytes; account: string; expires_at: Date; used_at: Date | null }
  passkey: {
    id: string
    account: string
    public_key: Bytes
    counter: Big
    transports: string[]
    created_at: Date
  }
  passkey_challenge: { challenge: string; account: string | null; expires_at: Date }
  provider_identity: { issuer: string; subject: string; account: string; created_at: Date }
  provider_attempt: { secret_sha256: Bytes; account: string | null; expires_at: Date }
  session: {
    token_sha256: Bytes
    account: string
    started_at: Date
    expires_at: Date
    ended_at: Date | null
  }
  shift: { account: string; lane: string; started_at: Date }
  shift_past: { account: string; lane: string; started_at: Date; ended_at: Date }
  opening: {
    id: string
    at: Date
    capture: string
    capture_class: BodyClass
    crossing: string
    account: string
    purpose: Purpose | GrantPurpose
    note: string | null
    outcome: 'opened' | 'refused' | 'failed'
    code: string | null
    commitment_salt: Bytes
    log_index: Big | null
    view: View | null
    access_grant: string | null
    grant_version: number | null
    policies: string[] | null
    policy_set: MaybeBytes
    mark: string | null
    mark_epoch: string | null
    copy_sha256: AddedBytes
    /** Filled where it is stored, for scopes. */
    party: string | null
    port: string | null
    lane: string | null
    day: string | null
    vehicle: number | null
  }
  alarm: {
    id: string
    kind: AlarmKind
    device: string | null
    lane: string | null
    at: Date
    last_at: Date
    count: Generated<number>
    detail: string
    log_index: Big | null
    acknowledged_at: Date | null
    acknowledged_by: string | null
    acknowledged_note: string | null
  }
  access_token: {
    id: string
    account: string
    name: string
    purpose: string
    secret_sha256: Bytes
    created_at: Date
    expires_at: Date
    revoked_at: Date | null
    revoked_by: string | null
    last_used_at: Date | null
    commitment_salt: Bytes
    log_index: Big | null
  }
  reading: {
    id: string
    token: string
    at: Date
    bytes: number
    plates: number | null
    ms: number | null
    outcome: string | null
    log_index: Big | null
  }
  subscription: {
    id: string
    kind: 'webhook' | 'mqtt'
    account: string | null
    name: string
    purpose: SubscriptionPurpose
    url: string
    event_types: EventType[]
    plates: boolean
    created_at: Date
    generation: Generated<number>
    previous_until: Date | null
    failures: Generated<number>
    failing_since: Date | null
    retry_at: Date | null
    last_success_at: Date | null
    last_failure: string | null
    disabled_at: Date | null
    disabled_code: DisabledCode | null
    deleted_at: Date | null
    commitment_salt: Bytes
    log_index: Big | null
  }
  delivery: {
    event: string
    subscription: string
    event_type: EventType
    subject: string
    at: Date
    state: DeliveryState
    attempts: Generated<number>
    next_at: Date
    settled_at: Date | null
    last_failure: string | null
    log_index: Big | null
  }
}
