/** A found picture laid over one that is stored: what tells the stored one from others is a plate, or a face. */

import type { Evidence } from '@sallyport/core/leaks/finding'
import { nearPlates } from '@sallyport/core/leaks/near-plates'
import { type Box, foldPlateText, type Look } from '@sallyport/core/plate'
import type { Hint, Likeness } from '@sallyport/marks/copies/likeness'
import type { FaceReader } from '@sallyport/vision/face/face-reader'
import { decodePicture } from '@sallyport/vision/picture'

import type { ReaderDesk } from '../reader/desk.ts'
import type { Comparer } from './comparer.ts'
import type { FoundFace } from './face-memory.ts'
import { faceHints } from './face-place.ts'
import { facesAlone } from './faces-alone.ts'
import type { Candidate, PhotographCandidate } from './retrieve.ts'

export type LayOverContext = {
  readonly desk: Pick<ReaderDesk, 'read'>
  readonly comparer: Comparer
  /** Null where faces are off. */
  readonly faceReader: Pick<FaceReader, 'look'> | null
}

/** The found file with what was seen in it. */
export type FoundPicture = {
  readonly bytes: Uint8Array
  readonly width: number
  readonly height: number
  readonly looks: readonly Look[]
}

type LaidOver = Extract<Evidence, { kind: 'laid_over' }>

/** Null when there is nothing to compare: the stored picture shows neither plate nor face, or shares too little. */
export async function layOver(
  found: FoundPicture,
  stored: Uint8Array,
  candidate: Candidate,
  corners: boolean,
  context: LayOverContext,
): Promise<LaidOver | null> {
  const { capture, orientation, framed, face } = candidate
  const ofFace = face !== null || capture.class === 'face'
  const subject = ofFace ? 'face' : 'plate'
  const there = ofFace
    ? await faceIn(stored, face, context)
    : await plateIn(stored, candidate, context)
  if (there === null) return null
  const answer = await context.comparer.ask({
    kind: 'likeness',
    found: { bytes: found.bytes, orientation },
    stored,
    boxes: {
      stored: there.box,
      found: orientation === 'upright' ? hintsOf(found, candidate, there) : [],
      corners,
    },
    framed,
  })
  if (answer.kind !== 'likeness' || answer.likeness.kind === 'unlike') return null
  return laidOver(capture.id, subject, answer.likeness)
}

/** The photograph of somebody on a list is all face: the place of it in both is known, or there is none. */
export async function layOverPhotograph(
  { bytes }: Pick<FoundPicture, 'bytes'>,
  stored: Uint8Array,
  { photograph, face }: PhotographCandidate,
  context: LayOverContext,
): Promise<LaidOver | null> {
  const there = await faceIn(stored, face, context)
  if (there?.face === undefined) return null
  const answer = await context.comparer.ask({
    kind: 'likeness',
    found: { bytes, orientation: 'upright' },
    stored,
    boxes: { stored: there.box, found: faceHints(there.face, face), corners: false },
    framed: false,
  })
  if (answer.kind !== 'likeness' || answer.likeness.kind === 'unlike') return null
  return laidOver(photograph.entry, 'face', answer.likeness)
}

function laidOver(
  capture: string,
  subject: LaidOver['subject'],
  { agreeing, box, grain, frame, around, bare }: Extract<Likeness, { kind: 'laid' }>,
): LaidOver {
  return { kind: 'laid_over', capture, subject, corners: agreeing, box, grain, frame, around, bare }
}

type There = { readonly box: Box; readonly face?: FoundFace }

function hintsOf(
  { width, height, looks }: FoundPicture,
  { crossing, look, face }: Candidate,
  there: There,
): readonly Hint[] {
  if (face !== null) return there.face === undefined ? [] : faceHints(there.face, face)
  const own = nearPlates(crossing.plate_text ?? '')
  // Another plate in the picture says nothing of where this one would be.
  const read = look ?? looks.find(({ text }) => own.includes(foldPlateText(text)))
  if (read === undefined) return []
  const hints: Hint[] = [{ box: read.box, loose: true }]
  // A picture of little more than a plate is the plate, wherever the reader saw it.
  const bare = read.plateWidthPx > width / 3
  if (bare) hints.push({ box: { x: 0, y: 0, width, height }, loose: true })
  return hints
}

/** As the lane sealed it; of an older lane it is looked for again. */
async function plateIn(
  stored: Uint8Array,
  { capture, crossing }: Candidate,
  { desk }: LayOverContext,
): Promise<There | null> {
  const { reads, plate_text: text } = crossing
  const trait = reads?.copies?.pictures.find((one) => one.capture === capture.id)
  if (trait !== undefined) return trait.plate === null ? null : { box: trait.plate }
  const read = await desk.read(stored)
  if (read.kind !== 'looks') return null
  const own = read.looks.find((look) => look.text === text) ?? read.looks[0]
  return own === undefined ? null : { box: own.box }
}

/** The face of the stored picture that is most like the found one; the first where none was found. */
async function faceIn(
  stored: Uint8Array,
  wanted: FoundFace | null,
  { faceReader }: LayOverContext,
): Promise<There | null> {
  const decoded = await decodePicture(stored)
  if (faceReader === null || decoded.kind === 'refused') return null
  const faces = (await facesAlone(decoded.picture, faceReader)).flatMap(({ template, ...face }) =>
    template === null ? [] : [{ ...face, template }],
  )
  const [nearest] =
    wanted === null ? faces : faces.toSorted((a, b) => distance(a, wanted) - distance(b, wanted))
  return nearest === undefined ? null : { box: nearest.box, face: nearest }
}

function distance({ template: a }: FoundFace, { template: b }: FoundFace): number {
  return Math.hypot(...a.vector.map((one, at) => one - (b.vector[at] ?? 0)))
}
