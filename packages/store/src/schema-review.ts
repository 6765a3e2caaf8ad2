/** The tables of the review (migrations/0002-review.sql, 0045-candidates.sql, 0076-face-candidates.sql). */

import type { EvaluationTotals } from '@sallyport/core/evaluation'
import type { CandidateReport, CandidateSubject } from '@sallyport/core/evaluation-candidate'
import type { FaceReport } from '@sallyport/core/evaluation-faces'
import type { VerdictKind } from '@sallyport/core/review'
import type { ColumnType, Generated } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>
type Json<T> = ColumnType<T, string, string>

export type ReviewTables = {
  verdict: {
    id: string
    crossing: string
    received_at: Date
    at: Date
    account: string
    kind: VerdictKind
    text: string | null
    jurisdiction: string | null
    capture: string | null
    picture_sha256: Bytes | null
    opening: string | null
    supersedes: string | null
    by_salt: Bytes
    text_salt: Bytes
    state: 'pending' | 'logged' | 'failed'
    log_from: number
    log_index: number | null
  }
  review_claim: { crossing: string; account: string; until: Date }
  evaluation: {
    id: string
    at: Date
    account: string
    state: 'running' | 'done' | 'failed'
    labels: number
    pictures_done: Generated<number>
    pictures_failed: Generated<number>
    models: Json<{ readonly detector: string; readonly reader: string }> | null
    totals: Json<EvaluationTotals> | null
    bytes: number
    sha256: Bytes
    header: Bytes
    kek: Generated<string | null>
    epoch_day: string
    segment: number
    position: number
    commitment_salt: Bytes
    log_index: number | null
  }
  candidate_evaluation: {
    id: string
    at: Date
    account: string
    owner: string
    label_set: string
    name: string
    model_sha256: Bytes
    model_bytes: number
    service: string
    standing: Json<{ readonly files: boolean; readonly network: boolean }>
    state: 'running' | 'done' | 'failed'
    due_at: Date
    report: Json<CandidateReport | FaceReport> | null
    owner_salt: Bytes
    account_salt: Bytes
    log_index: number | null
    report_log_index: number | null
    subject: Generated<CandidateSubject>
  }
}
