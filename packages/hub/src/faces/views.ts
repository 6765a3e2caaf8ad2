/** Faces as the API gives them. */

import type { FaceCandidate, FaceOutcome } from '@sallyport/core/faces/outcome'
import type { FaceRow } from '@sallyport/store/faces/faces'
import { candidateEntries, type CandidateEntry } from '@sallyport/store/faces/galleries'
import type { Db } from '@sallyport/store/postgres/database'

/** Characters of a document's number that a list of candidates shows. */
const tailLength = 4

/**
 * Faces with their candidates' names. `withheld` says of which nothing may be shown before the asker
 * has recorded what they see themselves.
 */
export async function faceViews(
  rows: readonly FaceRow[],
  db: Db,
  withheld: (face: FaceRow) => boolean = () => false,
) {
  const ids = rows.flatMap(({ outcome }) => candidatesOf(outcome).map(({ entry }) => entry))
  const entries = await candidateEntries(db, [...new Set(ids)])
  return rows.map((row) => ({
    id: row.id,
    capture_id: row.capture,
    quality: row.quality,
    outcome: withheld(row) ? ({ kind: 'withheld' } as const) : outcomeView(row.outcome, entries),
    model: row.model,
    evaluation: row.evaluation,
    log_index: row.log_index,
  }))
}

export type FaceView = Awaited<ReturnType<typeof faceViews>>[number]

export function candidatesOf(outcome: FaceOutcome): readonly FaceCandidate[] {
  return outcome.kind === 'match' || outcome.kind === 'too_close' ? outcome.candidates : []
}

function outcomeView(outcome: FaceOutcome, entries: ReadonlyMap<string, CandidateEntry>) {
  if (outcome.kind !== 'match' && outcome.kind !== 'too_close') return outcome
  return {
    kind: outcome.kind,
    candidates: outcome.candidates.map(({ entry, gallery }) => {
      const known = entries.get(entry)
      return {
        entry_id: entry,
        gallery_id: gallery,
        name: known?.name ?? null,
        document_kind: known?.document_kind ?? null,
        document_number_tail: known?.document_number?.slice(-tailLength) ?? null,
        has_photo: known?.has_photo ?? false,
        mark_of_watch: gallery === null,
      }
    }),
  }
}
