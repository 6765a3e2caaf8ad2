/** Templates of stored faces, in memory while somebody searches: a face that is found leads to its picture. */

import { linesForGallery, linesForPair } from '@sallyport/core/face-verdict'
import { describedFaces, facesKeptAmong } from '@sallyport/store/leaks/faces'
import type { Db } from '@sallyport/store/postgres/database'
import type { Face } from '@sallyport/vision/face/face-reader'
import { Gallery } from '@sallyport/vision/face/gallery'
import type { FaceTemplate } from '@sallyport/vision/face/template'
import { openTemplate } from '@sallyport/vision/face/template-seal'

import type { Matching } from '../faces/judge-faces.ts'
import { keyUnder } from '../faces/load-gallery.ts'
import type { KekDesk } from '../keystore/kek-desk.ts'
import { limits } from '../limits.ts'

/** A face of a found picture. */
export type FoundFace = Pick<Face, 'box' | 'points'> & { readonly template: FaceTemplate }

export type FaceMemory = {
  /** Takes in what came since; faces in memory. */
  refresh(): Promise<number>
  /** Pictures of stored faces that may be of the same person, the most alike first. */
  near(face: FoundFace): Promise<readonly { readonly capture: string; readonly sure: boolean }[]>
  /** Overwrites the templates. The next `refresh` begins anew. */
  forget(): Promise<void>
}

type Context = { readonly db: Db; readonly keks: Pick<KekDesk, 'keystore'> }
type Place = { readonly receivedAt: Date; readonly id: string }

export function createFaceMemory(
  { model, calibrations }: Pick<Matching, 'model' | 'calibrations'>,
  { db, keks }: Context,
): FaceMemory {
  let gallery: Gallery<string> | null = null
  let last: Place | null = null
  let refreshing: Promise<number> | null = null

  async function take(): Promise<number> {
    const memory = (gallery ??= new Gallery(model, model.dimensions))
    for (;;) {
      const rows = await describedFaces(db, model.identity, last, limits.leakFacesPage)
      const entries = rows.flatMap(({ capture, kek, header, template }) => {
        const key = keyUnder(kek, header, keks)
        const opened = key === null ? null : openTemplate(template, capture, key, model)
        return opened?.kind === 'template' ? [{ id: capture, template: opened.template }] : []
      })
      // One gallery has room for as many; later ones are not found, and `refresh` says how many are.
      if (memory.add(entries).kind === 'refused') return memory.size
      last = rows.at(-1) ?? last
      if (rows.length < limits.leakFacesPage) return memory.size
    }
  }

  return {
    refresh() {
      refreshing ??= take().finally(() => (refreshing = null))
      return refreshing
    },
    async near({ template }) {
      const answer = gallery?.search(template, limits.leakFacesNearMax)
      if (answer?.kind !== 'found' || answer.size === 0) return []
      const lines = linesOf(answer.size)
      const found = answer.found.filter(({ distance }) => distance < lines.worthOpening)
      // A face that was forgotten since is in memory still, and in nothing else.
      const kept = await facesKeptAmong(
        db,
        found.map(({ id }) => id),
      )
      return found
        .filter(({ id }) => kept.has(id))
        .map(({ id, distance }) => ({ capture: id, sure: distance <= lines.sure }))
    },
    async forget() {
      await refreshing?.catch(() => undefined)
      const erased = gallery
      gallery = null
      last = null
      await erased?.close()
    },
  }

  /** The widest of the calibrations in service: nobody knows which camera a found picture is of. */
  function linesOf(size: number): { readonly worthOpening: number; readonly sure: number } {
    let [worthOpening, sure] = [0, -1]
    for (const { calibration } of calibrations.all()) {
      const pair = linesForPair(calibration.curves, calibration.thresholds)
      const among = linesForGallery(calibration.curves, calibration.thresholds, size)
      if (pair.kind === 'lines') worthOpening = Math.max(worthOpening, pair.lines.noMatch)
      if (among.kind === 'lines') sure = Math.max(sure, among.lines.match)
    }
    return { worthOpening, sure }
  }
}
