/** Copies of stored pictures, planted in memory: how many of each kind the search finds is what it would miss. */

import type { PlantedCopies } from '@sallyport/core/leaks/statement'
import { pdqVersion } from '@sallyport/marks/hash/pdq'
import { captureById } from '@sallyport/store/crossings'
import { someCaptures } from '@sallyport/store/leaks/captures'
import { someFaces } from '@sallyport/store/leaks/faces'
import { mainFace } from '@sallyport/vision/face/face-reader'
import { decodePicture } from '@sallyport/vision/picture'

import { unsealed } from '../unsealed.ts'
import { examine, type ExamineContext } from './examine.ts'
import { facesAlone } from './faces-alone.ts'
import { plantedFaces, plantedKinds, plantFace } from './plant.ts'

type Planted = { readonly kind: string; readonly bytes: Uint8Array }

/** Plants copies of so many scenes, and of so many faces; `opening` logs what is opened, as for every file. */
export async function runSelfTest(
  pictures: number,
  context: ExamineContext,
  opening: (captures: readonly string[]) => Promise<number>,
): Promise<readonly PlantedCopies[]> {
  const counts = new Map<string, { planted: number; found: number }>()
  const plant = async (capture: string, copies: readonly Planted[]) => {
    const own = await crossingOf(capture)
    for (const { kind, bytes } of copies) {
      const { finding } = await examine(bytes, context, opening)
      const count = counts.get(kind) ?? { planted: 0, found: 0 }
      count.planted += 1
      // A crossing has a scene and pictures cut out of it: any of them is what was copied.
      const of = finding.verdict === 'ours' ? await crossingOf(finding.capture) : null
      if (of !== null && of === own) count.found += 1
      counts.set(kind, count)
    }
  }
  for (const capture of await someCaptures(context.db, pdqVersion, pictures))
    await plant(capture, await copiesOfScene(capture))
  if (context.faceReader !== null)
    for (const capture of await someFaces(context.db, pictures))
      await plant(capture, await copiesOfFace(capture))
  return Array.from(counts, ([kind, count]) => ({ kind, ...count }))

  async function crossingOf(capture: string | null): Promise<string | null> {
    return capture === null ? null : ((await captureById(context.db, capture))?.crossing.id ?? null)
  }

  async function copiesOfScene(id: string): Promise<readonly Planted[]> {
    const stored = await opened(id)
    if (stored === null) return []
    const trait = stored.reads?.copies?.pictures.find(({ capture }) => capture === id)
    const copies = []
    for (const { name, make } of plantedKinds) {
      const bytes = await make(stored.picture, trait?.plate ?? null)
      if (bytes !== null) copies.push({ kind: name, bytes })
    }
    return copies
  }

  async function copiesOfFace(id: string): Promise<readonly Planted[]> {
    const stored = await opened(id)
    if (stored === null || context.faceReader === null) return []
    const face = mainFace(await facesAlone(stored.picture, context.faceReader), stored.picture)
    const bytes = face === null ? null : await plantFace(stored.picture, face.box)
    return bytes === null ? [] : [{ kind: plantedFaces, bytes }]
  }

  async function opened(id: string) {
    const found = await captureById(context.db, id)
    if (found === null) return null
    await opening([id])
    const stored = await unsealed(found.capture, context)
    if (stored.kind !== 'opened') return null
    const decoded = await decodePicture(stored.plaintext)
    if (decoded.kind === 'refused') return null
    return { picture: decoded.picture, reads: found.crossing.reads }
  }
}
