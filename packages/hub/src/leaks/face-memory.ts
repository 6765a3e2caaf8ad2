/** Templates of stored faces, in memory while somebody searches: a face that is found leads to its picture. */

import { linesForGallery, linesForPair } from '@sallyport/core/face-verdict'
import type { Face } from '@sallyport/vision/face/face-reader'
import { Gallery, type GalleryEntry } from '@sallyport/vision/face/gallery'
import type { FaceTemplate } from '@sallyport/vision/face/template'

import type { Matching } from '../faces/judge-faces.ts'
import { limits } from '../limits.ts'
import type { FaceSource } from './face-sources.ts'

/** A face of a found picture. */
export type FoundFace = Pick<Face, 'box' | 'points'> & { readonly template: FaceTemplate }

export type FaceMemory = {
  /** Takes in what came since; faces in memory. */
  refresh(): Promise<number>
  /** Ids of what is stored and may be of the same person, the most alike first. */
  near(face: FoundFace): Promise<readonly { readonly id: string; readonly sure: boolean }[]>
  /** Overwrites the templates. The next `refresh` begins anew. */
  forget(): Promise<void>
}

export function createFaceMemory(
  { model, calibrations }: Pick<Matching, 'model' | 'calibrations'>,
  source: () => FaceSource,
): FaceMemory {
  let gallery: Gallery<string> | null = null
  let coming: FaceSource | null = null
  let refreshing: Promise<number> | null = null

  async function take(): Promise<number> {
    const memory = (gallery ??= new Gallery(model, model.dimensions))
    const from = (coming ??= source())
    for (;;) {
      const entries: readonly GalleryEntry[] | null = await from.next()
      if (entries === null) return memory.size
      // One gallery has room for as many; later ones are not found, and `refresh` says how many are.
      if (memory.add(entries).kind === 'refused') return memory.size
    }
  }

  return {
    refresh() {
      refreshing ??= take().finally(() => (refreshing = null))
      return refreshing
    },
    async near({ template }) {
      const answer = gallery?.search(template, limits.leakFacesNearMax)
      if (coming === null || answer?.kind !== 'found' || answer.size === 0) return []
      const lines = linesOf(answer.size)
      const found = answer.found.filter(({ distance }) => distance < lines.worthOpening)
      // A face that was forgotten since is in memory still, and in nothing else.
      const kept = await coming.kept(found.map(({ id }) => id))
      return found
        .filter(({ id }) => kept.has(id))
        .map(({ id, distance }) => ({ id, sure: distance <= lines.sure }))
    },
    async forget() {
      await refreshing?.catch(() => undefined)
      const erased = gallery
      gallery = null
      coming = null
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
