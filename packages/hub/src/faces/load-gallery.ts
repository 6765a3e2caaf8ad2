/** Templates of a gallery from the rows into memory. */

import { templateKey } from '@sallyport/proof/node/template-key'
import { entriesOf, type GalleryEntryRow, type GalleryRow } from '@sallyport/store/faces/galleries'
import type { Db } from '@sallyport/store/postgres/database'
import { openTemplate } from '@sallyport/vision/face/template-seal'

import type { KekDesk } from '../keystore/kek-desk.ts'
import type { Findable } from './gallery-desk.ts'
import type { Matching } from './judge-faces.ts'

/** Puts a gallery on the desk. What does not open is reported, and nobody is found by it. */
export async function loadGallery(
  gallery: GalleryRow,
  { model, desk }: Pick<Matching, 'model' | 'desk'>,
  context: {
    readonly db: Db
    readonly keks: Pick<KekDesk, 'keystore'>
    readonly report: (message: string) => void
  },
): Promise<void> {
  const people: Findable[] = []
  let closed = 0
  for (const entry of await entriesOf(context.db, gallery.id)) {
    if (entry.template === null) continue
    const key =
      entry.photo_header === null ? null : keyUnder(gallery.kek, entry.photo_header, context.keks)
    const opened = key === null ? null : openTemplate(entry.template, entry.id, key, model)
    if (opened?.kind === 'template')
      people.push({ entry: entry.id, identity: identityOf(entry), template: opened.template })
    else closed += 1
  }
  if (closed > 0)
    context.report(
      `faces: ${closed} templates of gallery ${gallery.id} do not open, or are of another model`,
    )
  desk.put(gallery.id, placeOf(gallery), people)
}

/** The key of a template, by the header of its photograph; null when the gallery's key is gone. */
export function keyUnder(kek: string, header: Uint8Array, { keystore }: Pick<KekDesk, 'keystore'>) {
  const unwrapped = keystore.unwrap(kek, header)
  return unwrapped?.kind === 'unwrapped' ? templateKey(unwrapped.fileKey) : null
}

/** One person on two lists is one person: their document says so. */
export function identityOf(
  entry: Pick<GalleryEntryRow, 'id' | 'document_issuer' | 'document_number'>,
): string {
  const { id, document_issuer: issuer, document_number: number } = entry
  return number === null ? id : `${issuer ?? ''} ${number}`
}

function placeOf({ lanes, direction, opens_at, expires_at }: GalleryRow) {
  return { lanes, direction, opensAt: opens_at, expiresAt: expires_at }
}
