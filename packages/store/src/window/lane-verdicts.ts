/** What was said at lanes while the hub was out of reach: kept as it came, whether it counts or not. */

import type { SaidAtLane } from '@sallyport/core/window/window'
import type { Insertable, Selectable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'
import { columnsOf } from './steps.ts'

export type LaneVerdictRow = Selectable<Database['lane_verdict']>

export async function laneVerdictById(db: Db, id: string): Promise<LaneVerdictRow | null> {
  const row = await db
    .selectFrom('lane_verdict')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/**
 * Stores a verdict, with the step that it becomes where it has a place; neither counts yet. False when
 * the place was taken meanwhile, or the verdict is here already.
 */
export async function insertLaneVerdict(
  db: Db,
  row: Insertable<Database['lane_verdict']>,
  said: SaidAtLane,
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const { id, crossing, received_at, place, note, given_at, log_from } = row
    if (place !== null && place !== undefined) {
      const step = await transaction
        .insertInto('window_step')
        .values({
          ...{ id, crossing, received_at, place, note, log_from, at: given_at },
          ...columnsOf(said),
          ...{ account: null, by_salt: null, terms_salt: null },
          ...{ state: 'pending', log_index: null },
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      if (step.numInsertedOrUpdatedRows !== 1n) return false
    }
    const done = await transaction
      .insertInto('lane_verdict')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    return done.numInsertedOrUpdatedRows === 1n
  })
}

/** Those that came after people had decided at the hub, oldest first. */
export async function laneConflicts(
  db: Db,
  crossings: readonly string[],
): Promise<readonly LaneVerdictRow[]> {
  if (crossings.length === 0) return []
  return db
    .selectFrom('lane_verdict')
    .selectAll()
    .where('crossing', 'in', [...crossings])
    .where('place', 'is', null)
    .where('log_index', 'is not', null)
    .orderBy('log_index')
    .execute()
}

/** Those without a place whose log entry is not known; the others are settled as steps. */
export async function pendingConflicts(db: Db): Promise<readonly LaneVerdictRow[]> {
  return db
    .selectFrom('lane_verdict')
    .selectAll()
    .where('place', 'is', null)
    .where('log_index', 'is', null)
    .orderBy('log_from')
    .execute()
}

export async function noteConflictLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('lane_verdict').set({ log_index: logIndex }).where('id', '=', id).execute()
}

/** The log did not take it: the lane brings it again. */
export async function dropConflict(db: Db, id: string): Promise<void> {
  await db.deleteFrom('lane_verdict').where('id', '=', id).where('log_index', 'is', null).execute()
}
