/** From what people decided at the window to the passages of travellers. */

import { confirmedEntry } from '@sallyport/core/stays/confirmed-traveller'
import { encodeKey } from '@sallyport/core/stays/passage'
import { windowState } from '@sallyport/core/window/window'
import type { Database } from '@sallyport/store/schema'
import { type NewPassage, putPassages } from '@sallyport/store/stays/passages'
import {
  documentsOf,
  dropPassages,
  type EntryDocument,
  type FollowedFace,
  followedFaces,
} from '@sallyport/store/stays/travellers'
import { asStep, windowSteps } from '@sallyport/store/window/steps'
import type { Transaction } from 'kysely'

/**
 * Writes the passages of travellers whom people confirmed at these crossings, and takes away those whom
 * nobody confirms any more. Answers with the keys whose stays change. A passage stays when its gallery
 * has ended: what was confirmed then is what happened.
 */
export async function followTravellers(
  transaction: Transaction<Database>,
  crossings: readonly string[],
): Promise<readonly string[]> {
  const faces = await followedFaces(transaction, crossings)
  if (faces.length === 0) return []
  const steps = await windowSteps(transaction, crossings)
  const confirmed = faces.map((face) => {
    const own = steps.filter(({ crossing }) => crossing === face.crossing)
    return { face, entry: confirmedEntry(face.outcome, windowState(own.map(asStep))) }
  })
  const documents = new Map(
    (
      await documentsOf(
        transaction,
        confirmed.flatMap(({ entry }) => (entry === null ? [] : [entry])),
      )
    ).map((document) => [document.id, document]),
  )
  const passages = confirmed.flatMap(({ face, entry }) =>
    passageOf(face, documents.get(entry ?? '')),
  )
  const over = confirmed.flatMap(({ face, entry }) => (entry === null ? [face.id] : []))
  return [...(await dropPassages(transaction, over)), ...(await putPassages(transaction, passages))]
}

/** Without a document nobody could say who it was at the next crossing. */
function passageOf(face: FollowedFace, document: EntryDocument | undefined): readonly NewPassage[] {
  if (document === undefined || document.number === null) return []
  const { id, crossing, received_at, captured_at, direction, lane, clock } = face
  const { issuer, number } = document
  return [
    {
      ...{ id, crossing, received_at, direction, lane, clock },
      at: captured_at,
      jurisdiction: null,
      key: encodeKey({ kind: 'document', issuer: issuer ?? 'XXX', number }),
      ...{ text: null, verdict: null, near: null },
    },
  ]
}
