/** Entries about what people say of plates, and about how well the reader did (specs/log.md). */

import { type CandidateLogEntry, candidateEntryShapes } from './candidate-entry.ts'
import { code, hex256, id128, record, whole } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'

/** A person says what a plate bears, or takes that back; written before the verdict counts. */
export type VerdictEntry = Head<'verdict'> & {
  readonly verdict: string
  readonly crossing: string
  /** `confirmed`, `corrected`, `unreadable` or `withdrawn`. */
  readonly says: string
  /** Commitment to the text, a line feed and the jurisdiction, each empty where nothing is said. */
  readonly text: string
  /** Commitment to the account, under a salt of its own. */
  readonly by: string
  /** Of the sealed picture that was looked at; absent where there was none. */
  readonly sha256?: string
  /** The verdict before it. */
  readonly supersedes?: string
}

/** The hub begins to read pictures that have verdicts, in memory, to count how well its reader does. */
export type EvaluationEntry = Head<'evaluation'> & {
  readonly evaluation: string
  /** Of the sealed set of labels in the vault. */
  readonly label_set_sha256: string
  readonly labels: number
  readonly by: string
}

/** What the commitment `text` of a verdict is to. */
export function committedText(text: string | null, jurisdiction: string | null): string {
  return `${text ?? ''}\n${jurisdiction ?? ''}`
}

export type ReviewLogEntry = VerdictEntry | EvaluationEntry | CandidateLogEntry

export const reviewEntryShapes = {
  verdict: record<VerdictEntry>(
    {
      ...head('verdict'),
      verdict: id128,
      crossing: id128,
      says: code,
      text: hex256,
      by: hex256,
      sha256: hex256,
      supersedes: id128,
    },
    ['sha256', 'supersedes'],
  ),
  evaluation: record<EvaluationEntry>({
    ...head('evaluation'),
    evaluation: id128,
    label_set_sha256: hex256,
    labels: whole(1),
    by: hex256,
  }),
  ...candidateEntryShapes,
} as const
