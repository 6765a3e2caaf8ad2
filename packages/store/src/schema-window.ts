/** The tables of the window and of the basis on which faces are compared (`migrations/0035`, `0036`, `0062` and `0086`). */

import type {
  ErrorFound,
  Finding,
  Outcome,
  ReferralReason,
  Said,
  SaidAtLane,
  Standing,
} from '@sallyport/core/window/window'
import type { ColumnType } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>
type MaybeBytes = ColumnType<Buffer | null, Uint8Array | null, Uint8Array | null>

export type WindowTables = {
  window_step: {
    id: string
    crossing: string
    received_at: Date
    place: number
    kind: Said['kind']
    code: ReferralReason | Finding | Outcome | null
    wrong: ErrorFound[]
    note: string | null
    account: string | null
    at: Date
    by_salt: MaybeBytes
    terms_salt: MaybeBytes
    state: 'pending' | 'logged' | 'failed'
    log_from: number
    log_index: number | null
  }
  window_standing: {
    crossing: string
    received_at: Date
    captured_at: Date
    lane: string
    standing: Standing['kind']
    place: number
    changed_at: Date
    reason: ReferralReason | null
    outcome: Outcome | null
    verdict_at: Date | null
    opted_out_at: Date | null
    forgotten_at: Date | null
  }
  lane_verdict: {
    id: string
    device: string
    crossing: string
    received_at: Date
    kind: SaidAtLane['kind']
    code: ReferralReason | null
    note: string | null
    stated_name: string
    on_shift: string[] | null
    given_at: Date
    arrived_at: Date
    statement: Bytes
    signature: Bytes
    salt: Bytes
    place: number | null
    log_from: number
    log_index: number | null
  }
  handover: {
    id: string
    lane: string
    note: string
    referrals: string[]
    terms_salt: Bytes
  }
  handover_act: {
    handover: string
    act: 'written' | 'taken'
    account: string
    at: Date
    salt: Bytes
    log_from: number
    log_index: number | null
  }
  face_basis: {
    id: string
    document: string
    responsible: string
    dated: string
    terms_salt: Bytes
  }
  face_basis_act: {
    basis: string
    act: 'proposed' | 'agreed' | 'ended'
    account: string
    at: Date
    salt: Bytes
    log_from: number
    log_index: number | null
  }
}
