/** Photographs of people who are expected or looked for, as a search for copies sees them. */

import type { PhotographOf } from '@sallyport/core/leaks/finding'

import type { Db } from '../postgres/database.ts'

/** What opens a template: it is sealed for the entry, under a key that follows from the photograph's. */
export type DescribedPhotograph = {
  readonly entry: string
  readonly template: Buffer
  readonly kek: string
  readonly header: Buffer
}

/** A stored photograph and where it stands. */
export type StoredPhotograph = {
  readonly entry: string
  readonly of: PhotographOf
  readonly kek: string
  readonly header: Buffer
  readonly body: Buffer
}

/** Entries of open galleries, and of people who are looked for, that this model described; another photograph is another hash. */
export async function photographEntries(
  db: Db,
  model: string,
): Promise<readonly { readonly entry: string; readonly sha256: Buffer | null }[]> {
  const listed = inGalleries(db)
    .select(['gallery_entry.id as entry', 'photo_sha256 as sha256'])
    .where('gallery.model', '=', model)
    .where('gallery_entry.template', 'is not', null)
  const sought = amongSought(db)
    .select(['id as entry', 'photo_sha256 as sha256'])
    .where('model', '=', model)
    .where('template', 'is not', null)
  return [...(await listed.execute()), ...(await sought.execute())]
}

/** The templates of those of them that are still there. */
export async function describedPhotographs(
  db: Db,
  entries: readonly string[],
): Promise<readonly DescribedPhotograph[]> {
  if (entries.length === 0) return []
  const listed = inGalleries(db)
    .select(['gallery_entry.id as entry', 'template', 'gallery.kek', 'photo_header as header'])
    .where('gallery_entry.id', 'in', [...entries])
  const sought = amongSought(db)
    .select(['id as entry', 'template', 'kek', 'photo_header as header'])
    .where('id', 'in', [...entries])
  const rows = [...(await listed.execute()), ...(await sought.execute())]
  return rows.flatMap(({ template, header, ...row }) =>
    template === null || header === null ? [] : [{ ...row, template, header }],
  )
}

/** The sealed photograph of an entry; null when its gallery or it is over. */
export async function storedPhotograph(db: Db, entry: string): Promise<StoredPhotograph | null> {
  const listed = await inGalleries(db)
    .select(['gallery.id as gallery', 'gallery.name', 'gallery.kek', 'photo_header', 'photo_body'])
    .where('gallery_entry.id', '=', entry)
    .executeTakeFirst()
  if (listed !== undefined) {
    const { gallery, name } = listed
    return sealed(entry, { kind: 'gallery', gallery, name }, listed)
  }
  const sought = await amongSought(db)
    .select(['kek', 'photo_header', 'photo_body'])
    .where('id', '=', entry)
    .executeTakeFirst()
  return sought === undefined ? null : sealed(entry, { kind: 'sought' }, sought)
}

function sealed(
  entry: string,
  of: PhotographOf,
  row: {
    readonly kek: string
    readonly photo_header: Buffer | null
    readonly photo_body: Buffer | null
  },
): StoredPhotograph | null {
  const { kek, photo_header: header, photo_body: body } = row
  return header === null || body === null ? null : { entry, of, kek, header, body }
}

function inGalleries(db: Db) {
  return db
    .selectFrom('gallery_entry')
    .innerJoin('gallery', 'gallery.id', 'gallery_entry.gallery')
    .where('gallery.log_index', 'is not', null)
    .where('gallery.ended_at', 'is', null)
    .where('photo_body', 'is not', null)
}

function amongSought(db: Db) {
  return db
    .selectFrom('traveller_sought')
    .where('log_index', 'is not', null)
    .where('end_log_index', 'is', null)
    .where('photo_body', 'is not', null)
}
