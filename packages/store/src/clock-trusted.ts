/** Rows of the hub's clock: when it was last believed, and who said what time it is. */

import type { Selectable } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

/** Null before the first time. */
export async function clockTrustedAt(db: Db): Promise<Date | null> {
  const row = await db.selectFrom('clock_trusted').select('at').executeTakeFirst()
  return row?.at ?? null
}

export async function noteClockTrusted(db: Db, at: Date): Promise<void> {
  await db
    .insertInto('clock_trusted')
    .values({ at })
    .onConflict((conflict) => conflict.column('one').doUpdateSet({ at }))
    .execute()
}

export async function insertClockConfirmation(
  db: Db,
  row: Pick<Selectable<Database['clock_confirmation']>, 'id' | 'at' | 'account'> & {
    readonly commitment_salt: Uint8Array
  },
): Promise<void> {
  await db
    .insertInto('clock_confirmation')
    .values({ ...row, log_index: null })
    .execute()
}

export async function noteClockConfirmationLogged(
  db: Db,
  id: string,
  logIndex: number,
): Promise<void> {
  await db
    .updateTable('clock_confirmation')
    .set({ log_index: logIndex })
    .where('id', '=', id)
    .execute()
}
