/** What the routes of contractors' models take and give. Of faces: `candidate-face-schemas.ts`. */

import { z } from '@hono/zod-openapi'

import { limits } from '../limits.ts'
import { plateCard } from '../sandbox/plate-card.ts'
import { faceModelCard, faceQuestions, faceReport } from './candidate-face-schemas.ts'
import { id } from './schemas.ts'

const count = z.int().min(0)
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/)

export const candidateAsk = z
  .object({
    on: z.string().max(40).openapi({ description: 'verdicts:2026-10, a month that is over' }),
    /** Whose model it is; one's own party by default. */
    owner: slug.optional(),
    /** What the model is of follows from its card. */
    card: z.union([faceModelCard, plateCard]),
    /** For a face model: at which false match rates, and between which distances pairs are counted. */
    ...faceQuestions,
    model: z
      .string()
      .min(1)
      .max(limits.candidateRequestBytesMax)
      .openapi({ description: 'The ONNX file, base64' }),
  })
  .openapi('CandidateEvaluationRequest')

const cohorts = z.array(z.object({ cohort: z.string(), exact: count, not_exact: count }))

export const candidateReport = z
  .object({
    against: z.object({
      both: count,
      only_candidate: count,
      only_service: count,
      neither: count,
    }),
    calibration: z.array(
      z.object({ from: z.number(), to: z.number(), right: count, wrong: count }),
    ),
    silent: count,
    by_jurisdiction: cohorts,
    by_light: cohorts,
    by_camera: cohorts,
    confusions: z.array(z.object({ label: z.string(), read: z.string(), count })),
    plus_minus: z.object({
      against: count,
      calibration: count,
      jurisdiction: count,
      light: count,
      camera: count,
      confusions: count,
    }),
  })
  .openapi('CandidateReport')

export const candidateEvaluation = z
  .object({
    id,
    at: z.iso.datetime(),
    by: z.object({ id, name: z.string() }),
    owner: slug,
    on: z.string(),
    subject: z.enum(['plates', 'faces']),
    name: z.string(),
    model_sha256: z.string(),
    model_bytes: count,
    service: z.string(),
    /** Which walls the process of the model found standing. */
    sandbox: z.object({ files: z.boolean(), network: z.boolean() }),
    state: z.enum(['running', 'done', 'failed']),
    due_at: z.iso.datetime(),
    /** Of a plate reader. */
    report: candidateReport.nullable(),
    face_report: faceReport.nullable(),
    log_index: count.nullable(),
    report_log_index: count.nullable(),
  })
  .openapi('CandidateEvaluation')

export const candidateEvaluations = z
  .object({
    evaluations: z.array(candidateEvaluation),
    /** Evaluations that one owner has on one set, and all owners together. */
    budget: z.object({ per_owner: count, per_set: count }),
  })
  .openapi('CandidateEvaluations')
