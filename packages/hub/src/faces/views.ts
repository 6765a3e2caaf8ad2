/** Faces as the API gives them. */

import type { FaceCandidate, FaceOutcome } from '@sallyport/core/faces/outcome'
import type { FaceRow } from '@sallyport/store/faces/faces'
import { candidateEntries, type CandidateEntry } from '@sallyport/store/faces/galleries'
import type { Db } from '@sallyport/store/postgres/database'
import { type ListedSought, soughtById } from '@sallyport/store/travellers/sought'

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
  const unique = [...new Set(ids)]
  const [expected, sought] = await Promise.all([
    candidateEntries(db, unique),
    soughtById(db, unique),
  ])
  const entries = { expected, sought: new Map(sought.map((one) => [one.id, one])) }
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

type Known = {
  readonly expected: ReadonlyMap<string, CandidateEntry>
  readonly sought: ReadonlyMap<string, ListedSought>
}

function outcomeView(outcome: FaceOutcome, known: Known) {
  if (outcome.kind !== 'match' && outcome.kind !== 'too_close') return outcome
  return {
    kind: outcome.kind,
    candidates: outcome.candidates.map(({ entry, gallery }) =>
      gallery === null
        ? soughtCandidate(entry, known.sought.get(entry))
        : expectedCandidate(entry, gallery, known.expected.get(entry)),
    ),
  }
}

function expectedCandidate(entry: string, gallery: string, known: CandidateEntry | undefined) {
  return {
    entry_id: entry,
    gallery_id: gallery,
    gallery: known === undefined ? null : { kind: known.kind, name: known.gallery_name },
    name: known?.name ?? null,
    document_kind: known?.document_kind ?? null,
    document_number_tail: known?.document_number?.slice(-tailLength) ?? null,
    has_photo: known?.has_photo ?? false,
    mark_of_watch: false,
    looked_for: null,
  }
}

function soughtCandidate(entry: string, known: ListedSought | undefined) {
  return {
    entry_id: entry,
    gallery_id: null,
    gallery: null,
    name: known?.name ?? null,
    document_kind: null,
    document_number_tail: known?.document_number?.slice(-tailLength) ?? null,
    has_photo: known !== undefined && known.end_log_index === null,
    mark_of_watch: true,
    looked_for: known === undefined ? null : { issuer: known.issuer, reason: known.reason },
  }
}
