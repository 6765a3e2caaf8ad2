/** A scope as it is stored, shown and signed: the question, the numbers, and what hangs on them. */

import type { GradedCounts } from './counts.ts'
import { type LineVerdict, linesOf } from './legal-lines.ts'
import type { ScopeQuestion, Suspicion } from './question.ts'
import type { Change } from './revision.ts'

/** The question with instants as RFC 3339 text. */
export type StoredQuestion = {
  readonly from: string
  readonly to: string
  readonly suspicions: readonly Suspicion[]
}

export type ScopeResult = GradedCounts & {
  readonly lines: readonly LineVerdict[]
  /** Since the version that this one revises; empty in the first. */
  readonly changes: readonly Change[]
  /** What the numbers rest on, in sentences. */
  readonly assumes: readonly string[]
  /** Entries that the log had when it was counted. */
  readonly log_size: number
}

/** The numbers with what the law hangs on them and what they assume. */
export function scopeResult(
  counts: GradedCounts,
  { changes, logSize }: { readonly changes: readonly Change[]; readonly logSize: number },
): ScopeResult {
  const { total, grades } = counts
  return {
    total,
    grades,
    lines: linesOf(counts),
    changes,
    assumes: assumptionsOf(counts),
    log_size: logSize,
  }
}

export function storedQuestion({ from, to, suspicions }: ScopeQuestion): StoredQuestion {
  return { from: from.toISOString(), to: to.toISOString(), suspicions }
}

export function questionOf({ from, to, suspicions }: StoredQuestion): ScopeQuestion {
  return { from: new Date(from), to: new Date(to), suspicions }
}

function assumptionsOf({ total, grades }: GradedCounts): readonly string[] {
  const { people, plates } = total
  const { by_face: faces } = people
  return [
    'People are those whom the records tell apart; a picture of a scene may show more.',
    ...(faces === undefined
      ? []
      : [
          'Who was confirmed as a traveller counts once. Other faces count once where they are surely the same, at the calibrated line: high; low joins whatever may be the same.',
        ]),
    ...(faces !== undefined && faces.not_compared > 0
      ? [
          `${faces.not_compared} pictures of faces could not be compared (none kept, shredded, of another model, or beyond the limit): high takes each for another person.`,
        ]
      : []),
    ...(people.plate_only.high > 0
      ? [
          faces === undefined
            ? 'Where only the plate is known, low takes one person for each plate; who drove two vehicles counts twice there.'
            : 'Low takes one person for each plate, unless one face is surely in both; who drove two vehicles and shows no face counts twice there.',
        ]
      : []),
    ...(plates.crossings_without > 0
      ? [
          `${plates.crossings_without} crossings have no sure plate: high takes each for a vehicle of its own.`,
        ]
      : []),
    ...(grades.reachable_not_read.pictures > 0
      ? [
          'Reachable means that policy or key would have allowed it; no entry of the log says it was done.',
        ]
      : []),
    ...(grades.handled_by_untrusted_device.pictures > 0
      ? ['A device has what it takes in memory before it is sealed: its pictures count as seen.']
      : []),
  ]
}

/** What the log commits to and a bundle carries: a scope in one of its versions. */
export type ScopeDocument = {
  readonly v: 1
  readonly scope: string
  readonly version: number
  readonly revises: string | null
  readonly incident: string | null
  readonly at: string
  /** Why it was asked, or what is different since the version before. */
  readonly why: string
  /** The calendar of the days. */
  readonly zone: string
  readonly question: StoredQuestion
  readonly result: ScopeResult
  /** Where faces were compared to count people. */
  readonly faces?: ScopeFaces
}

/** How faces of a scope were compared. */
export type ScopeFaces = {
  /** Of the log; written before a template was opened. */
  readonly entry: number
  /** Identity of the model whose templates were compared. */
  readonly model: string
  /** SHA-256, hex, of the calibrations that drew the lines. */
  readonly calibrations: readonly string[]
  /** False: no calibration promises its rate for so many faces, and none was taken for surely the same. */
  readonly sure: boolean
  /** SHA-256, hex, of the rows that say which are the same (specs/scope.md). */
  readonly rows_sha256: string
}
