/** Travellers whose crossing people confirmed: what their passages are made of. */

import type { FaceOutcome } from '@sallyport/core/faces/outcome'
import { type Selectable, sql, type Transaction } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

type Passed = Pick<
  Selectable<Database['crossing']>,
  'received_at' | 'captured_at' | 'direction' | 'lane' | 'clock'
>

/** A face of a crossing, with the document of each entry that it may be and that is still there. */
export type FollowedFace = Passed & {
  readonly id: string
  readonly crossing: string
  readonly outcome: FaceOutcome
}

export type EntryDocument = {
  readonly id: string
  readonly issuer: string | null
  readonly number: string | null
}

/** The faces of these crossings that were compared and stand in the log. */
export async function followedFaces(
  db: Db | Transaction<Database>,
  crossings: readonly string[],
): Promise<readonly FollowedFace[]> {
  if (crossings.length === 0) return []
  return db
    .selectFrom('face')
    .innerJoin('crossing', (join) =>
      join
        .onRef('crossing.id', '=', 'face.crossing')
        .onRef('crossing.received_at', '=', 'face.received_at'),
    )
    .select(['face.id', 'face.crossing', 'face.outcome'])
    .select(['crossing.received_at', 'crossing.captured_at', 'crossing.direction'])
    .select(['crossing.lane', 'crossing.clock'])
    .where('face.crossing', 'in', [...crossings])
    .where('face.log_index', 'is not', null)
    .execute()
}

export async function documentsOf(
  db: Db | Transaction<Database>,
  entries: readonly string[],
): Promise<readonly EntryDocument[]> {
  if (entries.length === 0) return []
  return db
    .selectFrom('gallery_entry')
    .select(['id', 'document_issuer as issuer', 'document_number as number'])
    .where('id', 'in', [...entries])
    .execute()
}

/** A lane's clock is ahead of the hub's by less than this, or is put right. */
const clockAheadMs = 86_400_000

/** How many people of one direction, captured between two instants, were seen whom nobody confirmed. */
export async function countUnconfirmed(
  db: Db,
  direction: 'in' | 'out',
  from: Date,
  to: Date,
): Promise<number> {
  // Received later than captured, by as long as it likes: only the older months are left out.
  const receivedFrom = new Date(from.getTime() - clockAheadMs)
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from face
    join crossing on crossing.id = face.crossing and crossing.received_at = face.received_at
    where crossing.direction = ${direction} and face.log_index is not null
      and face.received_at >= ${receivedFrom}
      and crossing.captured_at >= ${from} and crossing.captured_at < ${to}
      and not exists (select from stay_passage where stay_passage.id = face.id)`.execute(db)
  return rows[0]?.count ?? 0
}

/** Takes passages away that nobody confirms any more; answers with the keys whose stays change. */
export async function dropPassages(
  transaction: Transaction<Database>,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return []
  const gone = await transaction
    .deleteFrom('stay_passage')
    .where('id', 'in', [...ids])
    .returning('key')
    .execute()
  return gone.flatMap(({ key }) => (key === null ? [] : [key]))
}

/** Crossings that people decided on since `since`, which confirm a traveller whose passage is not there. */
export async function unfollowedDecisions(
  db: Db,
  since: Date,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ crossing: string }>`
    select distinct face.crossing from window_standing
    join face on face.crossing = window_standing.crossing
    join gallery_entry on gallery_entry.id = (face.outcome #>> '{candidates,0,entry}')::uuid
    left join stay_passage on stay_passage.id = face.id
    where window_standing.changed_at >= ${since} and stay_passage.id is null
      and ((standing = 'admitted' and face.outcome ->> 'kind' = 'match')
        or (standing = 'closed' and face.outcome ->> 'kind' in ('match', 'too_close')))
      and face.log_index is not null and gallery_entry.document_number is not null
    limit ${limit}`.execute(db)
  return rows.map(({ crossing }) => crossing)
}
