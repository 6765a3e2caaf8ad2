/** Passenger lists: who is expected. A list is there whole or not, and goes when it expires. */

import type { Insertable, Selectable } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type NewPassengerList = Insertable<Database['passenger_list']>
export type NewExpectedTraveller = Insertable<Database['expected_traveller']>
export type PassengerListRow = Selectable<Database['passenger_list']> & {
  readonly imported_by_name: string
  readonly travellers: number
}
export type ExpectedTravellerRow = Selectable<Database['expected_traveller']>

/** Rows of one insert: PostgreSQL takes 65,535 parameters. */
const insertMax = 2000
/** An import has its log entry well within this time, or never gets one. */
const unloggedMs = 60_000

/** Stores lists of one file and their travellers. False when one of them is there already. */
export async function insertPassengerLists(
  db: Db,
  lists: readonly NewPassengerList[],
  travellers: readonly NewExpectedTraveller[],
): Promise<boolean> {
  return db
    .transaction()
    .execute(async (transaction) => {
      for (const list of lists) {
        // What a failure left without its log entry was never told of, and makes room.
        await transaction
          .deleteFrom('passenger_list')
          .where('sha256', '=', Buffer.from(list.sha256))
          .where('log_index', 'is', null)
          .where('imported_at', '<', new Date(new Date(list.imported_at).getTime() - unloggedMs))
          .execute()
      }
      const stored = await transaction
        .insertInto('passenger_list')
        .values([...lists])
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .execute()
      if (stored.length < lists.length) throw new ListThere()
      for (let at = 0; at < travellers.length; at += insertMax)
        await transaction
          .insertInto('expected_traveller')
          .values(travellers.slice(at, at + insertMax))
          .execute()
      return true
    })
    .catch((error: unknown) => {
      if (error instanceof ListThere) return false
      throw error
    })
}

class ListThere extends Error {}

export async function notePassengerListLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('passenger_list').set({ log_index: logIndex }).where('id', '=', id).execute()
}

/** Lists in force, newest first. */
export async function listPassengerLists(
  db: Db,
  now: Date,
  limit: number,
): Promise<readonly PassengerListRow[]> {
  return listQuery(db, now).orderBy('imported_at', 'desc').orderBy('id').limit(limit).execute()
}

export async function passengerListById(
  db: Db,
  id: string,
  now: Date,
): Promise<PassengerListRow | null> {
  return (await listQuery(db, now).where('passenger_list.id', '=', id).executeTakeFirst()) ?? null
}

function listQuery(db: Db, now: Date) {
  return db
    .selectFrom('passenger_list')
    .innerJoin('account', 'account.id', 'passenger_list.imported_by')
    .selectAll('passenger_list')
    .select('account.name as imported_by_name')
    .select((where) =>
      where
        .selectFrom('expected_traveller')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('expected_traveller.list', '=', 'passenger_list.id')
        .as('travellers'),
    )
    .where('log_index', 'is not', null)
    .where('expires_at', '>', now)
    .$narrowType<{ travellers: number }>()
}

export async function travellersOf(db: Db, list: string): Promise<readonly ExpectedTravellerRow[]> {
  return db
    .selectFrom('expected_traveller')
    .selectAll()
    .where('list', '=', list)
    .orderBy('place')
    .execute()
}

/** Deletes what has expired, travellers with it; answers with how many lists went. */
export async function sweepPassengerLists(db: Db, now: Date): Promise<number> {
  const gone = await db
    .deleteFrom('passenger_list')
    .where('expires_at', '<=', now)
    .executeTakeFirst()
  return Number(gone.numDeletedRows)
}
