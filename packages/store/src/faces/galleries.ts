/** Galleries and their entries: who is expected at a place and time, with sealed templates. */

import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'
import { type Gone, noteGoneEntries } from './opt-outs.ts'

export type GalleryRow = Selectable<Database['gallery']>
export type GalleryEntryRow = Selectable<Database['gallery_entry']>
export type NewGallery = Insertable<Database['gallery']>
export type NewGalleryEntry = Insertable<Database['gallery_entry']>

/** Rows of one insert: PostgreSQL takes 65,535 parameters. */
const insertMax = 2000

/** Stores a gallery with everybody in it. It is in force when the log has it. */
export async function insertGallery(
  db: Db,
  gallery: NewGallery,
  entries: readonly NewGalleryEntry[],
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.insertInto('gallery').values(gallery).execute()
    for (let at = 0; at < entries.length; at += insertMax)
      await transaction
        .insertInto('gallery_entry')
        .values(entries.slice(at, at + insertMax))
        .execute()
  })
}

export async function noteGalleryLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('gallery').set({ log_index: logIndex }).where('id', '=', id).execute()
}

/** Galleries that the log has and that are not ended, those to come and those past their time as well. */
export async function openGalleries(db: Db): Promise<readonly GalleryRow[]> {
  return db
    .selectFrom('gallery')
    .selectAll()
    .where('log_index', 'is not', null)
    .where('ended_at', 'is', null)
    .orderBy('made_at')
    .execute()
}

/** What a failure left before its log entry was never in force. Answers their keys. */
export async function dropUnlogged(db: Db, before: Date): Promise<readonly string[]> {
  const rows = await db
    .deleteFrom('gallery')
    .where('log_index', 'is', null)
    .where('made_at', '<', before)
    .returning('kek')
    .execute()
  return rows.map(({ kek }) => kek)
}

export type ListedGallery = GalleryRow & {
  readonly made_by_name: string | null
  readonly people: number
  readonly described: number
}

/** Newest first, ended ones last. */
export async function listGalleries(db: Db, limit: number): Promise<readonly ListedGallery[]> {
  return galleryQuery(db)
    .orderBy(sql`ended_at is not null`)
    .orderBy('made_at', 'desc')
    .orderBy('gallery.id')
    .limit(limit)
    .execute()
}

export async function galleryById(db: Db, id: string): Promise<ListedGallery | null> {
  return (await galleryQuery(db).where('gallery.id', '=', id).executeTakeFirst()) ?? null
}

function galleryQuery(db: Db) {
  return db
    .selectFrom('gallery')
    .leftJoin('account', 'account.id', 'gallery.made_by')
    .selectAll('gallery')
    .select('account.name as made_by_name')
    .select((where) => [
      where
        .selectFrom('gallery_entry')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('gallery_entry.gallery', '=', 'gallery.id')
        .as('people'),
      where
        .selectFrom('gallery_entry')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('gallery_entry.gallery', '=', 'gallery.id')
        .where('template', 'is not', null)
        .as('described'),
    ])
    .where('gallery.log_index', 'is not', null)
    .$narrowType<{ people: number; described: number }>()
}

export async function entriesOf(db: Db, gallery: string): Promise<readonly GalleryEntryRow[]> {
  return db
    .selectFrom('gallery_entry')
    .selectAll()
    .where('gallery', '=', gallery)
    .orderBy('place')
    .execute()
}

export async function entryById(db: Db, id: string): Promise<GalleryEntryRow | null> {
  const row = await db
    .selectFrom('gallery_entry')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** Puts a sealed photograph and its template in place of those that an entry had. */
export async function describeEntry(
  db: Db,
  id: string,
  described: Required<
    Pick<
      NewGalleryEntry,
      'template' | 'quality' | 'photo_header' | 'photo_body' | 'photo_sha256' | 'described_at'
    >
  >,
): Promise<void> {
  await db.updateTable('gallery_entry').set(described).where('id', '=', id).execute()
}

/** Nobody is found by these entries any more. */
export async function deleteEntries(db: Db, ids: readonly string[], gone: Gone): Promise<void> {
  if (ids.length === 0) return
  await db.transaction().execute(async (transaction) => {
    await noteGoneEntries(transaction, ids, gone)
    await transaction
      .deleteFrom('gallery_entry')
      .where('id', 'in', [...ids])
      .execute()
  })
}

/** Keeps what shows whose change the log has. */
export async function noteGalleryAct(
  db: Db,
  act: Insertable<Database['gallery_act']>,
): Promise<void> {
  await db.insertInto('gallery_act').values(act).execute()
}

/** The gallery is over: its people go, that it was there stays. */
export async function endGallery(
  db: Db,
  id: string,
  { at, logIndex }: { readonly at: Date; readonly logIndex: number },
  gone: Gone,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const people = await transaction
      .selectFrom('gallery_entry')
      .select('id')
      .where('gallery', '=', id)
      .execute()
    await noteGoneEntries(
      transaction,
      people.map((one) => one.id),
      gone,
    )
    await transaction.deleteFrom('gallery_entry').where('gallery', '=', id).execute()
    await transaction
      .updateTable('gallery')
      .set({ ended_at: at, end_log_index: logIndex })
      .where('id', '=', id)
      .execute()
  })
}

/** What a list of candidates shows of an entry. */
export type CandidateEntry = {
  readonly id: string
  readonly name: string
  readonly document_kind: string | null
  readonly document_number: string | null
  readonly has_photo: boolean
  readonly kind: GalleryRow['kind']
  readonly gallery_name: string
}

/** Entries by their ids, as far as their galleries are still here. */
export async function candidateEntries(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CandidateEntry>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('gallery_entry')
    .innerJoin('gallery', 'gallery.id', 'gallery_entry.gallery')
    .select(['gallery_entry.id', 'gallery_entry.name', 'document_kind', 'document_number'])
    .select(['photo_sha256', 'gallery.kind', 'gallery.name as gallery_name'])
    .where('gallery_entry.id', 'in', ids)
    .execute()
  return new Map(
    rows.map(({ photo_sha256, ...row }) => [row.id, { ...row, has_photo: photo_sha256 !== null }]),
  )
}
