/** Opens the photograph of a candidate, of their document or their watch entry, beside the crossing that they are a candidate of. */

import { crossingById } from '@sallyport/store/crossings'
import { facesOf } from '@sallyport/store/faces/faces'
import { entryById, galleryById } from '@sallyport/store/faces/galleries'
import type { Db } from '@sallyport/store/postgres/database'
import { soughtPhotograph } from '@sallyport/store/travellers/sought'

import { newId } from '../ids.ts'
import {
  carryOut,
  type OpenedPicture,
  type OpeningAsk,
  type OpeningContext,
  reviewStateOf,
} from '../openings.ts'
import { type Problem, problem } from '../problems.ts'
import type { Unsealed } from '../unsealed.ts'
import { candidatesOf } from './views.ts'

/**
 * Decided, logged and marked like every other picture, under the crossing's lane and time: a photograph
 * of somebody who is nobody's candidate opens for nobody.
 */
export async function openPhotograph(
  ask: Pick<OpeningAsk, 'account' | 'purpose' | 'note'> & {
    readonly crossing: string
    readonly entry: string
  },
  context: OpeningContext,
): Promise<OpenedPicture | Problem> {
  const { db, keks } = context
  const [found, photograph] = await Promise.all([
    crossingById(db, ask.crossing),
    photographOf(db, ask.entry),
  ])
  const faces = await facesOf(db, ask.crossing)
  const isCandidate = faces.some(({ outcome }) =>
    candidatesOf(outcome).some((one) => one.entry === ask.entry),
  )
  if (found === null || photograph === null || !isCandidate)
    return problem('not_found', 'There is no such photograph, or its gallery or entry has ended.')
  const { kek, header, body, sha256 } = photograph
  const { crossing } = found
  const capture = {
    id: ask.entry,
    crossing: crossing.id,
    received_at: crossing.received_at,
    class: 'face',
    bytes: body.length,
    sha256,
    header,
    kek,
    epoch_day: crossing.epoch_day,
    segment: 0,
    position: 0,
    shredding: null,
    shredded_at: null,
    copy_hash: null,
  } as const
  const [opening, at] = [newId(), context.now()]
  const decided = { ...ask, capture: ask.entry, view: null, grant: null }
  const review = await reviewStateOf(db, crossing)
  const answer = await context.policy.decide({ ...decided, capture, crossing, review, opening }, at)
  const unseal = async (): Promise<Unsealed> => {
    const opened = keks.open(kek, { header, body })
    return opened.kind === 'opened' ? opened : { kind: 'not_openable', detail: 'Its key is gone.' }
  }
  return carryOut(
    { ask: decided, opening, capture, crossing, answer, at, leaves: true, unseal },
    context,
  )
}

/** The sealed photograph of an entry of a gallery, or of somebody who is looked for; null when it is gone. */
async function photographOf(db: Db, id: string) {
  const [expected, sought] = await Promise.all([entryById(db, id), soughtPhotograph(db, id)])
  const entry = expected ?? sought
  const kek = sought?.kek ?? (expected && (await galleryById(db, expected.gallery)))?.kek
  const { photo_header: header, photo_body: body, photo_sha256: sha256 } = entry ?? {}
  return kek && header && body && sha256 ? { kek, header, body, sha256 } : null
}
