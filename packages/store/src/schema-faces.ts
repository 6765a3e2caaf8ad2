/** The tables of faces and galleries (`migrations/0030-faces.sql`, `0070`, `0081`, `0082`). */

import type { Direction } from '@sallyport/core/crossing'
import type { FaceQuality } from '@sallyport/core/face-quality'
import type { CalibrationReport } from '@sallyport/core/faces/calibration-report'
import type { GalleryKind } from '@sallyport/core/faces/gallery-terms'
import type { FaceOutcome } from '@sallyport/core/faces/outcome'
import type { CalibrationPurpose } from '@sallyport/core/faces/vault-calibration'
import type { Box } from '@sallyport/core/plate'
import type { ColumnType, Generated } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>
type MaybeBytes = ColumnType<Buffer | null, Uint8Array | null, Uint8Array | null>
type Json<T> = ColumnType<T, string, string>
type MaybeJson<T> = ColumnType<T | null, string | null, string | null>

export type FaceTables = {
  face: {
    id: string
    received_at: Date
    crossing: string
    capture: string
    lane: string
    at: Date
    model: string
    evaluation: boolean
    quality: MaybeJson<FaceQuality>
    box: MaybeJson<Box>
    looks: number
    template: MaybeBytes
    outcome: Json<FaceOutcome>
    calibration: MaybeBytes
    salt: MaybeBytes
    log_index: number | null
    forgotten_at: Date | null
  }
  gallery: {
    id: string
    kind: GalleryKind
    name: string
    list: string | null
    rule: Generated<string | null>
    lanes: string[]
    direction: Direction | null
    opens_at: Date
    expires_at: Date
    model: string
    kek: string
    made_at: Date
    made_by: string | null
    made_salt: Bytes
    log_index: number | null
    ended_at: Date | null
    end_log_index: number | null
  }
  gallery_act: {
    gallery: string
    log_index: number
    act: 'changed' | 'ended'
    at: Date
    account: string | null
    salt: Bytes
  }
  gallery_entry: {
    id: string
    gallery: string
    place: number
    name: string
    born: string | null
    nationality: string | null
    document_kind: string | null
    document_number: string | null
    document_issuer: string | null
    template: MaybeBytes
    quality: MaybeJson<FaceQuality>
    photo_header: MaybeBytes
    photo_body: MaybeBytes
    photo_sha256: MaybeBytes
    described_at: Date | null
    source: Generated<string | null>
  }
  frequent_rule: {
    id: string
    port: string
    weekdays: number[]
    from_hour: number
    to_hour: number
    days_back: number
    crossings: number
    people: number
    reason: string
    expires_at: Date
    terms_salt: Bytes
  }
  frequent_rule_act: {
    rule: string
    act: 'proposed' | 'agreed' | 'ended'
    account: string
    at: Date
    salt: Bytes
    log_from: number
    log_index: number | null
  }
  frequent_opt_out: { commitment: Bytes; salt: Bytes; expires_at: Date }
  frequent_gone_entry: { entry: string; commitment: Bytes; salt: Bytes; kept_until: Date }
  face_calibration: {
    id: string
    at: Date
    account: string
    purpose: CalibrationPurpose
    model: string
    captures: string[]
    people: number
    set_salt: Bytes
    account_salt: Bytes
    log_index: number | null
    report: MaybeJson<CalibrationReport>
    report_log_index: number | null
  }
}
