/** Entries about models that contractors have evaluated inside (specs/log.md). */

import { hex256, id128, oneOf, record, text } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'

/** The hub begins to have a contractor's model read pictures, in a sandbox; written before the first is opened. */
export type CandidateEvaluationEntry = Head<'candidate_evaluation'> & {
  readonly evaluation: string
  /** `verdicts:2026-10`: the verdicts of a month at the port. */
  readonly set: string
  /** Where the model is of faces; left out for plates. */
  readonly subject?: 'faces'
  readonly model_sha256: string
  /** Commitment to the party whose model it is. */
  readonly owner: string
  readonly by: string
}

/** What is told of it; written before it is told. */
export type CandidateReportedEntry = Head<'candidate_reported'> & {
  readonly evaluation: string
  /** Of the report's canonical JSON. */
  readonly report_sha256: string
}

export type CandidateLogEntry = CandidateEvaluationEntry | CandidateReportedEntry

export const candidateEntryShapes = {
  candidate_evaluation: record<CandidateEvaluationEntry>(
    {
      ...head('candidate_evaluation'),
      evaluation: id128,
      set: text(/^verdicts:20\d\d-\d\d$/, 'a set of verdicts'),
      subject: oneOf(['faces']),
      model_sha256: hex256,
      owner: hex256,
      by: hex256,
    },
    ['subject'],
  ),
  candidate_reported: record<CandidateReportedEntry>({
    ...head('candidate_reported'),
    evaluation: id128,
    report_sha256: hex256,
  }),
} as const
