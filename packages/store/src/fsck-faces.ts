/** Whether what was said of faces, and who made galleries, is what the log says. */

import { commit, type LogEntry } from '@sallyport/proof/entry'
import { committedComparison, type FaceLogEntry } from '@sallyport/proof/face-entry'

import { pages } from './fsck-pages.ts'
import type { Db } from './postgres/database.ts'

/** Entries about faces and galleries by their index. */
export type LoggedFaces = Map<number, FaceLogEntry>

type Add = (
  code: 'face_not_in_log' | 'face_differs' | 'gallery_differs',
  about: string,
  detail: string,
) => void

/** Remembers an entry of the log when it is about faces. */
export function noteLoggedFaces(logged: LoggedFaces, entry: LogEntry, index: number): void {
  if (
    entry.kind === 'face_compared' ||
    entry.kind === 'gallery_opened' ||
    entry.kind === 'gallery_changed' ||
    entry.kind === 'gallery_ended'
  )
    logged.set(index, entry)
}

/**
 * Compares each row with its entry. An entry without a row is no finding: what was said of a face goes
 * with its picture, and who was in a gallery with its event.
 */
export async function checkFaces(
  db: Db,
  logged: LoggedFaces,
  add: Add,
): Promise<{ readonly faces: number; readonly galleries: number }> {
  let faces = 0
  for await (const row of pages(db, 'face', [
    'id',
    'received_at',
    'crossing',
    'capture',
    'outcome',
    'calibration',
    'salt',
    'log_index',
  ])) {
    faces += 1
    if (row.log_index === null || row.salt === null) continue
    const entry = logged.get(row.log_index)
    if (entry?.kind !== 'face_compared' || entry.face !== row.id) {
      add('face_not_in_log', row.id, `The row says entry ${row.log_index}; the log does not.`)
      continue
    }
    const { crossing, capture, outcome } = row
    const candidates = 'candidates' in outcome ? outcome.candidates.map((one) => one.entry) : []
    const said = committedComparison({ crossing, capture, outcome: outcome.kind, candidates })
    const same =
      entry.what === commit(row.salt, said) &&
      (entry.calibration_sha256 ?? null) === (row.calibration?.toString('hex') ?? null)
    if (!same) add('face_differs', row.id, `The row was changed since entry ${row.log_index}.`)
  }
  return { faces, galleries: await checkGalleries(db, logged, add) }
}

async function checkGalleries(db: Db, logged: LoggedFaces, add: Add): Promise<number> {
  const galleries = await db.selectFrom('gallery').selectAll().execute()
  const differs = (id: string, index: number) =>
    add('gallery_differs', id, `It is not what entry ${index} says.`)
  for (const { id, rule, log_index: index, made_by: account, made_salt: salt } of galleries) {
    if (index === null) continue
    const entry = logged.get(index)
    const by = account === null ? undefined : commit(salt, account)
    const same =
      entry?.kind === 'gallery_opened' &&
      entry.gallery === id &&
      entry.by === by &&
      entry.rule === (rule ?? undefined)
    if (!same) differs(id, index)
  }
  for (const row of await db.selectFrom('gallery_act').selectAll().execute()) {
    const entry = logged.get(row.log_index)
    const by = row.account === null ? undefined : commit(row.salt, row.account)
    const same =
      (entry?.kind === 'gallery_changed' || entry?.kind === 'gallery_ended') &&
      entry.kind === `gallery_${row.act}` &&
      entry.gallery === row.gallery &&
      entry.by === by
    if (!same) differs(row.gallery, row.log_index)
  }
  const left = await db
    .selectFrom('gallery_entry')
    .innerJoin('gallery', 'gallery.id', 'gallery_entry.gallery')
    .select('gallery.id')
    .distinct()
    .where('gallery.ended_at', 'is not', null)
    .execute()
  for (const { id } of left) add('gallery_differs', id, 'It is over, and people are still in it.')
  for (const id of await chainedCopies(db))
    add('gallery_differs', id, 'It has a copy that outlives its source, or is of another copy.')
  return galleries.length
}

/** Galleries with copies whose source is a copy itself, or is in a gallery that ends before theirs. */
async function chainedCopies(db: Db): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('gallery_entry as copy')
    .innerJoin('gallery', 'gallery.id', 'copy.gallery')
    .innerJoin('gallery_entry as source', 'source.id', 'copy.source')
    .innerJoin('gallery as origin', 'origin.id', 'source.gallery')
    .select('gallery.id')
    .distinct()
    .where((where) =>
      where.or([
        where('origin.kind', '=', 'frequent'),
        where('gallery.kind', '<>', 'frequent'),
        where('gallery.expires_at', '>', where.ref('origin.expires_at')),
      ]),
    )
    .execute()
  return rows.map(({ id }) => id)
}
