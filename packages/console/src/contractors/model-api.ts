/** Evaluations of contractors' models, as the hub has them (docs/contractors.md). */

import type { CandidateReport, CandidateSubject } from '@sallyport/core/evaluation-candidate'
import type { FaceReport } from '@sallyport/core/evaluation-faces'
import { queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'

export type ModelEvaluation = {
  readonly id: string
  readonly at: string
  readonly by: { readonly id: string; readonly name: string }
  readonly owner: string
  readonly on: string
  readonly subject: CandidateSubject
  readonly name: string
  readonly model_sha256: string
  readonly model_bytes: number
  readonly service: string
  readonly sandbox: { readonly files: boolean; readonly network: boolean }
  readonly state: 'running' | 'done' | 'failed'
  readonly due_at: string
  readonly report: CandidateReport | null
  readonly face_report: FaceReport | null
  readonly log_index: number | null
  readonly report_log_index: number | null
}

export type ModelEvaluations = {
  readonly evaluations: readonly ModelEvaluation[]
  readonly budget: { readonly per_owner: number; readonly per_set: number }
}

export const modelsQuery = queryOptions({
  queryKey: ['candidate-evaluations'],
  queryFn: ({ signal }) => request<ModelEvaluations>('/v1/candidate-evaluations', { signal }),
  refetchInterval: 5_000,
})
