/** What changes and ends galleries, each with its log entry first, whoever or whatever does it. */

import { randomBytes } from 'node:crypto'

import { frequentLimits } from '@sallyport/core/faces/frequent-rule'
import { commit } from '@sallyport/proof/entry'
import { type Copy, copiesOf } from '@sallyport/store/faces/frequent-crossers'
import {
  deleteEntries,
  endGallery,
  entriesOf,
  type GalleryRow,
  noteGalleryAct,
} from '@sallyport/store/faces/galleries'

import type { GalleriesContext } from './galleries.ts'
import type { GalleryDesk } from './gallery-desk.ts'

/** Of `account` null is the hub itself. Called one at a time. */
export type GalleryActs = {
  /** Logs that people can be found by a gallery from now on, or no longer. */
  changed(
    gallery: string,
    account: string | null,
    described: number,
    removed: number,
  ): Promise<void>
  /** Ends a gallery, and what was copied from it. */
  over(gallery: GalleryRow, how: 'expired' | 'ended', account: string | null): Promise<void>
  /** Nobody is found by these entries from their log entries on. */
  takeOut(entries: readonly Copy[]): Promise<void>
  /** Deletes entries; who opts out of a crossing of today is known by what is kept of them. */
  erase(entries: readonly string[]): Promise<void>
}

export function createGalleryActs(
  { db, journal, keks, now }: Pick<GalleriesContext, 'db' | 'journal' | 'keks' | 'now'>,
  desk: GalleryDesk | null,
): GalleryActs {
  async function changed(
    gallery: string,
    account: string | null,
    described: number,
    removed: number,
  ): Promise<void> {
    const [at, salt] = [now(), randomBytes(16)]
    const logIndex = await journal.append({
      v: 1,
      at: at.toISOString(),
      kind: 'gallery_changed',
      gallery,
      described,
      removed,
      ...byOf(account, salt),
    })
    await noteGalleryAct(db, { gallery, act: 'changed', at, account, salt, log_index: logIndex })
  }

  async function takeOut(entries: readonly Copy[]): Promise<void> {
    for (const gallery of new Set(entries.map((one) => one.gallery))) {
      const own = entries.filter((one) => one.gallery === gallery)
      await changed(gallery, null, 0, own.length)
      for (const { id } of own) desk?.remove(gallery, id)
      await erase(own.map(({ id }) => id))
    }
  }

  function erase(entries: readonly string[]): Promise<void> {
    return deleteEntries(db, entries, goneAt(now()))
  }

  return {
    changed,
    takeOut,
    erase,
    async over(gallery, how, account) {
      const people = (await entriesOf(db, gallery.id)).map(({ id }) => id)
      await takeOut(await copiesOf(db, people))
      const [at, salt] = [now(), randomBytes(16)]
      const logIndex = await journal.append({
        v: 1,
        at: at.toISOString(),
        kind: 'gallery_ended',
        gallery: gallery.id,
        how,
        ...byOf(account, salt),
      })
      const act = { gallery: gallery.id, act: 'ended', at, account, salt } as const
      await noteGalleryAct(db, { ...act, log_index: logIndex })
      await desk?.close(gallery.id)
      await endGallery(db, gallery.id, { at, logIndex }, goneAt(at))
      await keks.destroy([gallery.kek])
    },
  }
}

function goneAt(at: Date) {
  const { lateOptOutMs } = frequentLimits
  return {
    salt: randomBytes(16),
    since: new Date(at.getTime() - lateOptOutMs),
    keptUntil: new Date(at.getTime() + lateOptOutMs),
  }
}

function byOf(account: string | null, salt: Buffer): { readonly by?: string } {
  return account === null ? {} : { by: commit(salt, account) }
}
