/**
 * Galleries of a running hub: made, described, changed and ended, each with its log entry first. What
 * is in them is sealed under a key of the gallery's own, which goes with it.
 */

import { createHash, randomBytes } from 'node:crypto'

import { oldEnough } from '@sallyport/core/basis/basis'
import {
  decideGallery,
  galleryLimits,
  type GalleryTerms,
  type madeGalleryKinds,
} from '@sallyport/core/faces/gallery-terms'
import { commit } from '@sallyport/proof/entry'
import { epochDay } from '@sallyport/proof/epoch'
import { copiesOf } from '@sallyport/store/faces/frequent-crossers'
import {
  describeEntry,
  dropUnlogged,
  entriesOf,
  galleryById,
  type GalleryRow,
  insertGallery,
  type NewGalleryEntry,
  noteGalleryLogged,
  openGalleries,
} from '@sallyport/store/faces/galleries'
import type { PortRow } from '@sallyport/store/lanes'
import { passengerListById, travellersOf } from '@sallyport/store/passenger-lists'
import { sealTemplate } from '@sallyport/vision/face/template-seal'

import { newId } from '../ids.ts'
import type { KekDesk } from '../keystore/kek-desk.ts'
import { type Problem, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import { createTurn, type Turn } from '../turns.ts'
import { facesOff } from './faces-off.ts'
import type { Faces, FacesContext } from './faces.ts'
import { createGalleryActs, type GalleryActs } from './gallery-acts.ts'
import type { Findable } from './gallery-desk.ts'
import { identityOf, keyUnder, loadGallery } from './load-gallery.ts'
import type { OpenedFaces } from './open-faces.ts'
import { type PhotoAnswer, type PhotoAsk, photosFor } from './photos.ts'

export type GalleriesContext = Omit<FacesContext, 'events'> & {
  readonly faces: Pick<Faces, 'now'>
  readonly keks: KekDesk
  readonly port: PortRow
  /** Of whom is not this old no face is described. */
  readonly ageMin: number
}

export type GalleryAsk = GalleryTerms & {
  readonly kind: (typeof madeGalleryKinds)[number]
  /** The passenger list whose people it is for. */
  readonly list: string
  readonly account: string
}

export type Galleries = {
  /** Makes a gallery of the people of a list; nobody is found in it before photographs are there. */
  make(ask: GalleryAsk): Promise<{ readonly kind: 'made'; readonly id: string } | Problem>
  /** Describes photographs and puts the templates into the gallery. */
  addPhotos(
    gallery: string,
    photos: readonly PhotoAsk[],
    account: string,
  ): Promise<{ readonly kind: 'taken'; readonly photos: readonly PhotoAnswer[] } | Problem>
  /** Nobody is found by this entry from the log entry on. */
  removeEntry(gallery: string, entry: string, account: string): Promise<Problem | null>
  /** Ends a gallery before its time. */
  end(gallery: string, account: string): Promise<Problem | null>
  /** Templates of a gallery that are searched now. */
  searchable(gallery: string): number
  /** Opens what is in force, ends what is over unless the clock is not believed. Call before serving, and now and then. */
  upkeep(believed: boolean): Promise<void>
  /** For the part that makes galleries by rules: what changes them, and one change after the other. */
  readonly acts: GalleryActs
  readonly inTurn: Turn
}

const noGallery = problem('not_found', 'There is no such gallery, or it is over.')
/** A making has its log entry well within this time, or never gets one. */
export const unloggedMs = 60_000

export function createGalleries(context: GalleriesContext, opened: OpenedFaces | null): Galleries {
  const { db, journal, keks, now, port, report } = context
  const acts = createGalleryActs(context, opened?.matching.desk ?? null)
  /** Changes go one after the other: rows, memory and log must have them in one order. */
  const inTurn = createTurn()

  async function inForce(id: string): Promise<GalleryRow | null> {
    const row = await galleryById(db, id)
    return row === null || row.ended_at !== null || row.expires_at <= now() ? null : row
  }

  async function make(ask: GalleryAsk) {
    if (opened === null) return facesOff('off_at_hub')
    const at = now()
    const decision = decideGallery(ask, at)
    if (decision.kind === 'refuse') return problem('gallery_not_taken', decision.detail)
    const list = await passengerListById(db, ask.list, at)
    if (list === null)
      return problem('not_found', 'There is no such passenger list, or it expired.')
    if ((await openGalleries(db)).length >= galleryLimits.openAtOnceMax)
      return problem(
        'gallery_not_taken',
        `At most ${galleryLimits.openAtOnceMax} galleries are open at once. End what is over.`,
      )
    const travellers = await travellersOf(db, list.id)
    const id = newId()
    const kek = await keks.freshKek({
      class: 'gallery',
      day: epochDay(at),
      port: port.id,
      use: 'day',
    })
    const salt = randomBytes(16)
    const entries = travellers.map((one, index): NewGalleryEntry => ({
      id: newId(),
      gallery: id,
      place: index + 1,
      name: `${one.surname} ${one.given_names}`.trim(),
      born: one.born,
      nationality: one.nationality,
      document_kind: one.document_kind,
      document_number: one.document_number,
      document_issuer: one.document_issuer,
    }))
    await insertGallery(
      db,
      {
        id,
        kind: ask.kind,
        name: ask.name,
        list: list.id,
        lanes: [...ask.lanes],
        direction: ask.direction,
        opens_at: ask.opensAt,
        expires_at: ask.expiresAt,
        model: opened.matching.model.identity,
        kek,
        made_at: at,
        made_by: ask.account,
        made_salt: salt,
      },
      entries,
    )
    const logIndex = await journal.append({
      v: 1,
      at: at.toISOString(),
      kind: 'gallery_opened',
      gallery: id,
      entries: entries.length,
      by: commit(salt, ask.account),
    })
    await noteGalleryLogged(db, id, logIndex)
    opened.matching.desk.put(id, ask, [])
    return { kind: 'made', id } as const
  }

  async function addPhotos(id: string, photos: readonly PhotoAsk[], account: string) {
    const here = context.faces.now()
    if (typeof here === 'string') return facesOff(here)
    if (opened === null) return facesOff('off_at_hub')
    const { matching, reader } = opened
    const gallery = await inForce(id)
    if (gallery === null) return noGallery
    if (gallery.kind === 'frequent')
      return problem(
        'gallery_not_taken',
        'A rule made this gallery of photographs that lists have. Send them to the gallery of a list.',
      )
    if (gallery.model !== matching.model.identity)
      return problem(
        'gallery_of_other_model',
        `This gallery is of ${gallery.model}; the hub compares with ${matching.model.identity}. Make it again.`,
      )
    const found = await photosFor(photos, await entriesOf(db, id), {
      reader,
      mayDescribe: ({ born }) => oldEnough(born, epochDay(now()), context.ageMin),
    })
    await acts.takeOut(
      await copiesOf(
        db,
        found.described.map(({ entry }) => entry.id),
      ),
    )
    if (found.described.length > 0) await acts.changed(id, account, found.described.length, 0)
    const people: Findable[] = []
    for (const { entry, photo } of found.described) {
      const sealed = keks.seal(gallery.kek, photo.jpeg)
      const key = keyUnder(gallery.kek, sealed.header, keks)
      if (key === null) throw new Error('what was just sealed opens')
      await describeEntry(db, entry.id, {
        template: sealTemplate(photo.template, entry.id, key),
        quality: JSON.stringify(photo.quality),
        photo_header: sealed.header,
        photo_body: sealed.body,
        photo_sha256: createHash('sha256').update(sealed.body).digest(),
        described_at: now(),
      })
      people.push({ entry: entry.id, identity: identityOf(entry), template: photo.template })
    }
    if (!matching.desk.add(id, people)) await loadGallery(gallery, opened.matching, context)
    return { kind: 'taken', photos: found.answers } as const
  }

  async function upkeep(believed: boolean): Promise<void> {
    const at = now()
    const unlogged = believed ? await dropUnlogged(db, new Date(at.getTime() - unloggedMs)) : []
    for (const kek of unlogged) await keks.destroy([kek])
    for (const gallery of await openGalleries(db)) {
      if (gallery.expires_at <= at) {
        if (believed) await acts.over(gallery, 'expired', null)
      } else if (opened !== null && !opened.matching.desk.isOpen(gallery.id))
        await loadGallery(gallery, opened.matching, context)
    }
  }

  return {
    make: (ask) => inTurn(() => make(ask)),
    addPhotos: (gallery, photos, account) => inTurn(() => addPhotos(gallery, photos, account)),
    removeEntry: (id, entry, account) =>
      inTurn(async () => {
        const gallery = await inForce(id)
        const known = gallery === null ? [] : await entriesOf(db, id)
        if (!known.some((one) => one.id === entry)) return noGallery
        await acts.takeOut(await copiesOf(db, [entry]))
        await acts.changed(id, account, 0, 1)
        opened?.matching.desk.remove(id, entry)
        await acts.erase([entry])
        return null
      }),
    end: (id, account) =>
      inTurn(async () => {
        const gallery = await inForce(id)
        if (gallery === null) return noGallery
        await acts.over(gallery, 'ended', account)
        return null
      }),
    searchable: (id) => opened?.matching.desk.sizeOf(id) ?? 0,
    upkeep: (believed) =>
      inTurn(() => upkeep(believed)).catch((error: unknown) =>
        report(`faces: ${reportWords(error)}`),
      ),
    acts,
    inTurn,
  }
}
