/** Work orders for lanes, and the one that is under way at each. */

import type { Insertable, Selectable } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type MaintenanceRow = Selectable<Database['maintenance_order']>
export type NamedMaintenanceRow = MaintenanceRow & {
  readonly made_by_name: string
  readonly begun_by_name: string | null
  readonly over_by_name: string | null
}

/** What the log commits to of an order. */
export function maintenanceTerms(
  row: Pick<MaintenanceRow, 'number' | 'technician' | 'party' | 'lane' | 'starts_at' | 'ends_at'>,
): string {
  const { number, technician, party, lane, starts_at, ends_at } = row
  return JSON.stringify([number, technician, party, lane, starts_at, ends_at])
}

export async function insertMaintenance(
  db: Db,
  row: Insertable<Database['maintenance_order']>,
): Promise<void> {
  await db.insertInto('maintenance_order').values(row).execute()
}

export async function maintenanceById(db: Db, id: string): Promise<MaintenanceRow | null> {
  const found = db.selectFrom('maintenance_order').selectAll().where('id', '=', id)
  return (await found.executeTakeFirst()) ?? null
}

/** Newest first, with the names of those who acted. */
export async function listMaintenance(
  db: Db,
  limit: number,
): Promise<readonly NamedMaintenanceRow[]> {
  return db
    .selectFrom('maintenance_order')
    .innerJoin('account as maker', 'maker.id', 'made_by')
    .leftJoin('account as beginner', 'beginner.id', 'begun_by')
    .leftJoin('account as ender', 'ender.id', 'over_by')
    .selectAll('maintenance_order')
    .select([
      'maker.name as made_by_name',
      'beginner.name as begun_by_name',
      'ender.name as over_by_name',
    ])
    .orderBy('made_at', 'desc')
    .orderBy('maintenance_order.id')
    .limit(limit)
    .execute()
}

/** What is under way; of one device when it is given. */
export async function maintenanceUnderWay(
  db: Db,
  device?: string,
): Promise<readonly MaintenanceRow[]> {
  let query = db
    .selectFrom('maintenance_order')
    .selectAll()
    .where('begun_at', 'is not', null)
    .where('over_at', 'is', null)
  if (device !== undefined) query = query.where('device', '=', device)
  return query.execute()
}

/** Keeps that an order was begun or ended, which the log has. */
export async function noteTurned(
  db: Db,
  id: string,
  change: Partial<Omit<MaintenanceRow, 'id'>>,
): Promise<void> {
  await db.updateTable('maintenance_order').set(change).where('id', '=', id).execute()
}

export async function noteOverrun(db: Db, id: string, at: Date): Promise<void> {
  await db.updateTable('maintenance_order').set({ overrun_at: at }).where('id', '=', id).execute()
}

/** Crossings with a camera's picture that a device took after `since`, by its own clock. */
export async function capturesSince(db: Db, device: string, since: Date): Promise<number> {
  const { count } = await db
    .selectFrom('crossing')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('device', '=', device)
    .where('kind', '=', 'crossing')
    .where('captured_at', '>', since)
    .where('received_at', '>', since)
    .executeTakeFirstOrThrow()
  return count
}
