/** Faces of crossings: what was said of each, and the sealed template that it was said by. */

import type { FaceOutcome } from '@sallyport/core/faces/outcome'
import type { Box } from '@sallyport/core/plate'
import { type Insertable, type Selectable, sql, type Transaction } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'
import { forgetTravellerHits } from '../travellers/hits.ts'
import { keysOfCrossing, noteGoneOptOuts, noteOptOuts } from './opt-outs.ts'

export type NewFace = Insertable<Database['face']>
export type FaceRow = Selectable<Database['face']>

/** Keeps faces with the rows of their crossings, in the same transaction. */
export async function insertFaces(
  transaction: Transaction<Database>,
  faces: readonly NewFace[],
): Promise<void> {
  if (faces.length > 0) await transaction.insertInto('face').values(faces).execute()
}

/** Faces of a crossing that the log has; who was seen longest comes first. */
export async function facesOf(db: Db, crossing: string): Promise<readonly FaceRow[]> {
  return db
    .selectFrom('face')
    .selectAll()
    .where('crossing', '=', crossing)
    .where('log_index', 'is not', null)
    .orderBy('looks', 'desc')
    .orderBy('id')
    .execute()
}

/** Boxes of faces in the frames that these pictures of them were cut out of; none of what is forgotten. */
export async function faceBoxes(db: Db, capture: string): Promise<readonly Box[]> {
  const rows = await db
    .selectFrom('face')
    .select('box')
    .where('capture', '=', capture)
    .where('box', 'is not', null)
    .execute()
  return rows.flatMap(({ box }) => (box === null ? [] : [box]))
}

/** Faces that nobody was told of yet and whose crossing stands in the log; oldest first. */
export async function unloggedFaces(db: Db, limit: number): Promise<readonly FaceRow[]> {
  return db
    .selectFrom('face')
    .innerJoin('crossing', (join) =>
      join
        .onRef('crossing.id', '=', 'face.crossing')
        .onRef('crossing.received_at', '=', 'face.received_at'),
    )
    .selectAll('face')
    .where('face.log_index', 'is', null)
    .where('face.forgotten_at', 'is', null)
    .where('crossing.log_index', 'is not', null)
    .orderBy('face.at')
    .limit(limit)
    .execute()
}

export async function noteFacesLogged(
  db: Db,
  logged: readonly { readonly id: string; readonly logIndex: number }[],
): Promise<void> {
  if (logged.length === 0) return
  await sql`update face set log_index = noted.log_index
    from unnest(
      ${logged.map(({ id }) => id)}::uuid[],
      ${logged.map(({ logIndex }) => logIndex)}::bigint[]
    ) as noted (id, log_index)
    where face.id = noted.id and face.log_index is null`.execute(db)
}

/**
 * Forgets the faces of a crossing: that there were some stays, what they were and whose they might be
 * goes. Until then a commitment to each such document keeps them out of galleries of those who cross often.
 */
export async function forgetFaces(
  db: Db,
  crossing: string,
  at: Date,
  noted: Parameters<typeof noteOptOuts>[2],
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await noteOptOuts(transaction, await keysOfCrossing(transaction, crossing), noted)
    await noteGoneOptOuts(transaction, crossing, noted.expiresAt)
    await setForgotten(transaction, crossing, at)
    await forgetTravellerHits(transaction, crossing)
  })
}

async function setForgotten(
  transaction: Transaction<Database>,
  crossing: string,
  at: Date,
): Promise<void> {
  const outcome: FaceOutcome = { kind: 'opted_out' }
  await transaction
    .updateTable('face')
    .set({
      template: null,
      quality: null,
      box: null,
      salt: null,
      calibration: null,
      outcome: JSON.stringify(outcome),
      forgotten_at: at,
    })
    .where('crossing', '=', crossing)
    .where('forgotten_at', 'is', null)
    .execute()
}

/** Faces of a crossing that are not forgotten. */
export async function countFaces(
  db: Db,
  crossing: string,
): Promise<{ readonly faces: number; readonly compared: number }> {
  const row = await db
    .selectFrom('face')
    .select(({ fn }) => [
      fn.countAll<number>().as('faces'),
      fn.count<number>('calibration').as('compared'),
    ])
    .where('crossing', '=', crossing)
    .where('forgotten_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row
}
