/** Where stored faces come from that a found one may be led back to: pictures of crossings, and photographs of lists. */

import { describedFaces, facesKeptAmong } from '@sallyport/store/leaks/faces'
import { describedPhotographs, photographEntries } from '@sallyport/store/leaks/photographs'
import type { Db } from '@sallyport/store/postgres/database'
import type { FaceModel } from '@sallyport/vision/face/face-reader'
import type { GalleryEntry } from '@sallyport/vision/face/gallery'
import { openTemplate } from '@sallyport/vision/face/template-seal'

import { keyUnder } from '../faces/load-gallery.ts'
import type { KekDesk } from '../keystore/kek-desk.ts'
import { limits } from '../limits.ts'

export type FaceSource = {
  /** Templates that came since the last call, some at a time; null when there are no more for now. */
  next(): Promise<readonly GalleryEntry[] | null>
  /** Of those ids the ones whose template is still kept. */
  kept(ids: readonly string[]): Promise<ReadonlySet<string>>
}

type Context = { readonly db: Db; readonly keks: Pick<KekDesk, 'keystore'> }
type Sealed = { readonly template: Buffer; readonly kek: string; readonly header: Buffer }

/** Faces of crossings, by the id of their picture. */
export function facesOfCrossings(model: FaceModel, { db, keks }: Context): FaceSource {
  let last: { readonly receivedAt: Date; readonly id: string } | null = null
  return {
    async next() {
      const rows = await describedFaces(db, model.identity, last, limits.leakFacesPage)
      last = rows.at(-1) ?? last
      if (rows.length === 0) return null
      return rows.flatMap((row) => opened(row.capture, row, model, keks))
    },
    kept: (ids) => facesKeptAmong(db, ids),
  }
}

/** Photographs of open galleries and of people who are looked for, by the id of their entry. */
export function facesOfPhotographs(model: FaceModel, { db, keks }: Context): FaceSource {
  const known = new Set<string>()
  let waiting: readonly string[] = []
  const fresh = async () => {
    const rows = await photographEntries(db, model.identity)
    const named = rows.map(({ entry, sha256 }) => ({
      entry,
      name: `${entry} ${sha256?.toString('hex') ?? ''}`,
    }))
    const unknown = named.filter(({ name }) => !known.has(name))
    for (const { name } of unknown) known.add(name)
    return unknown.map(({ entry }) => entry)
  }
  return {
    async next() {
      if (waiting.length === 0) waiting = await fresh()
      if (waiting.length === 0) return null
      const rows = await describedPhotographs(db, waiting.slice(0, limits.leakFacesPage))
      waiting = waiting.slice(limits.leakFacesPage)
      return rows.flatMap((row) => opened(row.entry, row, model, keks))
    },
    async kept(ids) {
      const rows = await describedPhotographs(db, ids)
      return new Set(rows.map(({ entry }) => entry))
    },
  }
}

function opened(
  id: string,
  { template, kek, header }: Sealed,
  model: FaceModel,
  keks: Pick<KekDesk, 'keystore'>,
): readonly GalleryEntry[] {
  const key = keyUnder(kek, header, keks)
  const answer = key === null ? null : openTemplate(template, id, key, model)
  return answer?.kind === 'template' ? [{ id, template: answer.template }] : []
}
