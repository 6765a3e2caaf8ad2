/** Galleries and their entries: who is expected at a place and time, with sealed templates. */

import type { Db } from '../postgres/database.ts'

/** What a list of candidates shows of an entry. */
export type CandidateEntry = {
  readonly id: string
  readonly name: string
  readonly document_kind: string | null
  readonly document_number: string | null
  readonly has_photo: boolean
}

/** Entries by their ids, as far as their galleries are still here. */
export async function candidateEntries(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CandidateEntry>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('gallery_entry')
    .select(['id', 'name', 'document_kind', 'document_number', 'photo_sha256'])
    .where('id', 'in', ids)
    .execute()
  return new Map(
    rows.map(({ photo_sha256, ...row }) => [row.id, { ...row, has_photo: photo_sha256 !== null }]),
  )
}
