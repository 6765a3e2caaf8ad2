/** Numbers for plates of crossings that were opened, so that scopes count without a plate at hand. */

import { randomBytes } from 'node:crypto'

import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import { surePlate } from './parts-sql.ts'

export type OpeningPlace = {
  readonly party: string | null
  readonly port: string | null
  readonly lane: string | null
  readonly day: string | null
  readonly vehicle: number | null
}

/** Whose and of what an opening is, as scopes count it. */
export async function placeOfOpening(
  db: Db,
  opening: { readonly crossing: string; readonly account: string },
): Promise<OpeningPlace> {
  const { rows } = await sql<Omit<OpeningPlace, 'vehicle'> & { readonly plate: string | null }>`
    select (select party from account where id = ${opening.account}) as party, c.port, c.lane,
      (c.captured_at at time zone port.zone)::date as day, ${surePlate} as plate
    from crossing c join port on port.id = c.port where c.id = ${opening.crossing}`.execute(db)
  const [row] = rows
  if (row === undefined) return { party: null, port: null, lane: null, day: null, vehicle: null }
  const { plate, ...place } = row
  return { ...place, vehicle: plate === null ? null : await vehicleOf(db, plate) }
}

async function vehicleOf(db: Db, plate: string): Promise<number | null> {
  await db
    .insertInto('vehicle')
    .values({ id: newVehicle(), plate })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await db
    .selectFrom('vehicle')
    .select('id')
    .where('plate', '=', plate)
    .executeTakeFirst()
  return row?.id ?? null
}

/** 52 random bits: below 2^53, and a second plate does not meet it. */
function newVehicle(): number {
  return Number(randomBytes(8).readBigUInt64BE() >> 12n)
}

/**
 * Log entries looked at again: two people who decide at once are noted in either order, so a lower
 * index may appear after the cursor passed it. Taking a verdict twice changes nothing.
 */
const verdictOverlap = 10_000

/** Lets openings follow what people said of plates since the last time. Call before counting. */
export async function settleVehicles(db: Db): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const cursor = await transaction
      .selectFrom('scope_cursor')
      .select('verdict_log_index')
      .forUpdate()
      .executeTakeFirstOrThrow()
    // The bound is read once: a verdict that commits between two statements is the next time's.
    const until = await sql<{ last: number | null }>`
      select max(log_index) as last from verdict where state = 'logged'`.execute(transaction)
    const last = until.rows[0]?.last ?? -1
    const changed = sql`select crossing from verdict where state = 'logged'
      and log_index > ${cursor.verdict_log_index - verdictOverlap} and log_index <= ${last}`
    const { rows } = await sql<{ plate: string }>`
      select distinct ${surePlate} as plate from crossing c
      where c.id in (${changed}) and exists (select from opening o where o.crossing = c.id)
        and ${surePlate} is not null`.execute(transaction)
    for (const { plate } of rows) await vehicleOf(transaction, plate)
    await sql`update opening set vehicle = v.id
      from crossing c left join vehicle v on v.plate = ${surePlate}
      where c.id in (${changed}) and opening.crossing = c.id`.execute(transaction)
    await sql`update scope_cursor set verdict_log_index = greatest(verdict_log_index, ${last}::bigint)`.execute(
      transaction,
    )
  })
}

/** Plates of these crossings that scopes have a number for. Ask before the reads are erased. */
export async function platesOfShredding(db: Db, shredding: string): Promise<readonly string[]> {
  const { rows } = await sql<{ plate: string }>`
    select distinct v.plate from capture k
    join crossing c on c.id = k.crossing and c.received_at = k.received_at
    join vehicle v on v.plate in (c.plate_folded, c.verdict_folded)
    where k.shredding = ${shredding}`.execute(db)
  return rows.map(({ plate }) => plate)
}

/** Forgets those that no crossing has any more: their numbers go on saying what was the same. */
export async function forgetVehicles(db: Db, plates: readonly string[]): Promise<void> {
  await sql`delete from vehicle where plate = any(${[...plates]}::text[])
    and not exists (select from crossing c
      where c.plate_folded = vehicle.plate or c.verdict_folded = vehicle.plate)`.execute(db)
}
