/**
 * Pictures of travellers whom people confirmed at the window: labels for the evaluation of face models.
 * Such a model makes templates of its own, so neither a template nor a gallery that still stands is asked
 * for; `confirmableFaces` in `calibrations.ts` needs both, since it compares those that are kept.
 */

import type { FaceLabel } from '@sallyport/core/evaluation-people'
import { decodeKey } from '@sallyport/core/stays/passage'
import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'

/**
 * The newest pictures of faces, at most `limit`, whose traveller was confirmed between the two times and
 * still is. What was forgotten, shredded or opted out of is not among them.
 */
export async function confirmedFaces(
  db: Db,
  { from, to }: { readonly from: Date; readonly to: Date },
  limit: number,
): Promise<readonly FaceLabel[]> {
  const { rows } = await sql<{ capture: string; key: string; lane: string }>`
    select face.capture, stay_passage.key, stay_passage.lane
    from stay_passage
    join face on face.id = stay_passage.id and face.received_at = stay_passage.received_at
    join window_standing on window_standing.crossing = face.crossing
      and window_standing.received_at = face.received_at
    join capture on capture.id = face.capture and capture.received_at = face.received_at
    where window_standing.verdict_at >= ${from} and window_standing.verdict_at < ${to}
      and window_standing.opted_out_at is null
      and stay_passage.key like 'document:%' and face.forgotten_at is null
      and face.log_index is not null and capture.shredding is null
    order by window_standing.verdict_at desc, face.id
    limit ${limit}`.execute(db)
  return rows.map(({ capture, key, lane }) => {
    const who = decodeKey(key)
    const issuer = who?.kind === 'document' ? who.issuer : 'unknown'
    return { capture, person: key, camera: lane, issuer }
  })
}
