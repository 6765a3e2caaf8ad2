/** Stored pictures that a found one might be a copy of: by hash, by plate, by face. Nothing is opened here. */

import type { Evidence } from '@sallyport/core/leaks/finding'
import { nearPlates } from '@sallyport/core/leaks/near-plates'
import { foldPlateText, type Look } from '@sallyport/core/plate'
import { type Orientation, pdqDistance } from '@sallyport/marks/hash/pdq'
import {
  captureById,
  type CaptureRow,
  type CrossingRow,
  crossingsById,
  type CrossingWithCaptures,
} from '@sallyport/store/crossings'
import { crossingsWithPlates } from '@sallyport/store/leaks/captures'
import { type StoredPhotograph, storedPhotograph } from '@sallyport/store/leaks/photographs'
import type { Db } from '@sallyport/store/postgres/database'

import { limits } from '../limits.ts'
import type { FaceMemory, FoundFace } from './face-memory.ts'
import { type HashMemory, wordsOf } from './hash-memory.ts'
import type { TurnedHash } from './leak-thread.ts'

/** A stored picture, and everything that led to it. */
export type Candidate = {
  readonly capture: CaptureRow
  readonly crossing: CrossingRow
  readonly orientation: Orientation
  /** Whether the whole of it looks alike: then its frame says where everything lies. */
  readonly framed: boolean
  /** The plate that was read in the file; null when no plate led to it. */
  readonly look: Look | null
  /** The face that was found in the file; null when no face led to it. */
  readonly face: FoundFace | null
}

/** The photograph of somebody expected or looked for, and the face in the file that led to it. */
export type PhotographCandidate = {
  readonly photograph: StoredPhotograph
  readonly face: FoundFace
}

export type Retrieved = {
  /** At most `limits.leakCandidatesMax`, the likeliest first. */
  readonly candidates: readonly Candidate[]
  readonly photographs: readonly PhotographCandidate[]
  readonly evidence: readonly Evidence[]
}

export type RetrieveContext = {
  readonly db: Db
  readonly memory: HashMemory
  /** Null where faces are off. */
  readonly faceMemory: FaceMemory | null
  readonly photographMemory: FaceMemory | null
}

/** What is known of a found file before anything is compared with it. */
export type Seen = {
  readonly hashes: readonly TurnedHash[]
  readonly looks: readonly Look[]
  readonly faces: readonly FoundFace[]
}

/** Near hashes first, then faces, then its plate, then plates a character away from it. */
export async function retrieve(seen: Seen, context: RetrieveContext): Promise<Retrieved> {
  const evidence: Evidence[] = []
  const candidates: Candidate[] = []
  /** By a face and by anything else are two comparisons; by anything else twice is one. */
  const add = (one: Pick<Candidate, 'capture' | 'crossing'> & Partial<Candidate>) => {
    const same = ({ capture, face }: Candidate) =>
      capture.id === one.capture.id && (face === null) === ((one.face ?? null) === null)
    const at = candidates.findIndex(same)
    const known = candidates[at] ?? {
      orientation: 'upright',
      framed: false,
      look: null,
      face: null,
    }
    if (at !== -1) candidates[at] = { ...known, ...one }
    else if (candidates.length < limits.leakCandidatesMax) candidates.push({ ...known, ...one })
  }
  const near = await context.memory.near(
    seen.hashes.map(({ hash }) => hash),
    limits.leakCandidatesMax,
  )
  evidence.push(...near.slice(0, 3).map((one) => ({ kind: 'near_hash', ...one }) as const))
  // Frames of one camera are near each other by the dozen: they leave room for what a plate or face leads to.
  for (const { capture: id } of near.slice(0, limits.leakNearComparedMax)) {
    const row = await captureById(context.db, id)
    if (row === null) continue
    const { capture, crossing } = row
    add({ capture, crossing, orientation: orientationOf(capture, seen), framed: true })
  }
  for (const face of seen.faces) {
    for (const { id, sure } of (await context.faceMemory?.near(face)) ?? []) {
      const row = await captureById(context.db, id)
      if (row === null) continue
      evidence.push({ kind: 'face', capture: id, sure })
      for (const capture of await picturesOfFace(row, context.db))
        add({ capture, crossing: row.crossing, face })
    }
  }
  for await (const { row, look, differing } of platesNear(seen.looks, context.db)) {
    const capture = pictureOf(row)
    if (capture === undefined) continue
    if (!evidence.some((one) => one.kind === 'plate' && one.capture === capture.id))
      evidence.push({ kind: 'plate', capture: capture.id, differing })
    add({ capture, crossing: row.crossing, look })
    if (candidates.length >= limits.leakCandidatesMax) break
  }
  const photographs = await photographsNear(seen.faces, context)
  for (const { sure, photograph } of photographs) {
    const { entry: capture, of } = photograph
    evidence.push({ kind: 'photograph', capture, of }, { kind: 'face', capture, sure })
  }
  return { candidates, photographs, evidence }
}

async function photographsNear(
  faces: readonly FoundFace[],
  { db, photographMemory }: RetrieveContext,
) {
  const found: (PhotographCandidate & { readonly sure: boolean })[] = []
  for (const face of faces) {
    for (const { id, sure } of (await photographMemory?.near(face)) ?? []) {
      const photograph = await storedPhotograph(db, id)
      if (photograph !== null) found.push({ photograph, face, sure })
    }
  }
  return found
}

/** The scene, or what is kept of the plate when that is shredded. */
function pictureOf({ captures }: CrossingWithCaptures): CaptureRow | undefined {
  const shown = captures.filter((one) => one.class === 'scene' || one.class === 'plate')
  const scene = shown.find((one) => one.class === 'scene')
  return scene?.shredding === null ? scene : (shown.find((one) => one.shredding === null) ?? scene)
}

/** The picture of the face, and the scene that it may have been cut out of as well. */
async function picturesOfFace(
  { capture, crossing }: { readonly capture: CaptureRow; readonly crossing: CrossingRow },
  db: Db,
): Promise<readonly CaptureRow[]> {
  const [row] = await crossingsById(db, [crossing.id])
  const scene = row?.captures.find((one) => one.class === 'scene')
  return scene === undefined ? [capture] : [capture, scene]
}

/** By what was read, then by what the reader thought likely next, then by each with one character wrong. */
async function* platesNear(looks: readonly Look[], db: Db) {
  const read = looks.filter(({ text }) => text.length >= limits.leakPlateMin)
  const likely = ({ alternatives }: Look) => alternatives.map(({ text }) => text)
  const tiers: readonly ((look: Look) => readonly string[])[] = [
    ({ text }) => [foldPlateText(text)],
    (look) => likely(look).map(foldPlateText),
    ({ text }) => nearPlates(text),
    (look) => likely(look).flatMap(nearPlates),
  ]
  const passed = new Set<string>()
  for (const [tier, textsOf] of tiers.entries()) {
    for (const look of read) {
      const ids = await crossingsWithPlates(db, textsOf(look), limits.leakCandidatesMax)
      const fresh = ids.filter((id) => !passed.has(id))
      for (const id of fresh) passed.add(id)
      const rows = await crossingsById(db, fresh)
      for (const row of rows.toSorted((a, b) => +b.crossing.received_at - +a.crossing.received_at))
        yield { row, look, differing: tier === 0 ? (0 as const) : (1 as const) }
    }
  }
}

function orientationOf({ copy_hash: hash }: CaptureRow, { hashes }: Seen): Orientation {
  if (hash === null) return 'upright'
  const words = wordsOf(hash)
  const nearest = hashes.toSorted((a, b) => pdqDistance(a.hash, words) - pdqDistance(b.hash, words))
  return nearest[0]?.orientation ?? 'upright'
}
