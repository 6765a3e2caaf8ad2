/** The tables of travellers who are looked for (`migrations/0060-travellers-sought.sql`). */

import type { FaceQuality } from '@sallyport/core/face-quality'
import type { HitState, HitVerdict } from '@sallyport/core/watch-decisions'
import type { ColumnType, Generated } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>
type MaybeBytes = ColumnType<Buffer | null, Uint8Array | null, Uint8Array | null>
type MaybeJson<T> = ColumnType<T | null, string | null, string | null>

export type TravellerTables = {
  traveller_sought: {
    id: string
    issuer: string
    reason: string
    expires_at: Date
    name: string | null
    born: string | null
    document_issuer: string | null
    document_number: string | null
    model: string
    kek: string
    template: MaybeBytes
    quality: MaybeJson<FaceQuality>
    photo_header: MaybeBytes
    photo_body: MaybeBytes
    photo_sha256: Bytes
    made_at: Date
    made_by: string
    terms_salt: Bytes
    made_salt: Bytes
    log_index: number | null
    ended_at: Date | null
    ended_by: string | null
    ended_reason: string | null
    end_salt: MaybeBytes
    end_log_index: number | null
  }
  traveller_hit: {
    id: string
    entry: string
    crossing: string
    received_at: Date
    lane: string
    capture: string
    at: Date
    state: Generated<HitState>
    commitment_salt: Bytes
    log_index: number | null
  }
  traveller_verdict: {
    id: string
    hit: string
    account: string
    verdict: HitVerdict
    at: Date
    note: string | null
    what_salt: Bytes
    by_salt: Bytes
    log_index: number | null
  }
}
