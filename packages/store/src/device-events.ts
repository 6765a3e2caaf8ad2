/** What devices saw of themselves: signed statements, in the order of each device's own numbers. */

import type { Insertable, Selectable } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type DeviceEventRow = Selectable<Database['device_event']>

/** The newest event of a device by its own number, and the one under `sequence`. */
export async function knownEvents(
  db: Db,
  device: string,
  sequence: number,
): Promise<{ readonly last: DeviceEventRow | null; readonly same: DeviceEventRow | null }> {
  const of = db.selectFrom('device_event').selectAll().where('device', '=', device)
  const last = await of.orderBy('sequence', 'desc').limit(1).executeTakeFirst()
  const same = await of.where('sequence', '=', sequence).executeTakeFirst()
  return { last: last ?? null, same: same ?? null }
}

/** Throws when this number of the device is taken. */
export async function insertDeviceEvent(
  db: Db,
  row: Insertable<Database['device_event']>,
): Promise<void> {
  await db.insertInto('device_event').values(row).execute()
}

/** Newest first by the hub's clock; `before` is the last of the page before. */
export async function listDeviceEvents(
  db: Db,
  page: {
    readonly device: string | null
    readonly before: { readonly at: Date; readonly id: string } | null
    readonly limit: number
  },
): Promise<readonly DeviceEventRow[]> {
  let query = db.selectFrom('device_event').selectAll()
  if (page.device !== null) query = query.where('device', '=', page.device)
  if (page.before !== null) {
    const { at, id } = page.before
    query = query.where((where) =>
      where.eb(where.refTuple('received_at', 'id'), '<', where.tuple(at, id)),
    )
  }
  return query.orderBy('received_at', 'desc').orderBy('id', 'desc').limit(page.limit).execute()
}

/** When a device said, after `since` by the hub's clock, that it is in maintenance; by its own clock. */
export async function maintenanceBegan(db: Db, device: string, since: Date): Promise<Date | null> {
  const row = await db
    .selectFrom('device_event')
    .select('observed_at')
    .where('device', '=', device)
    .where('kind', '=', 'maintenance_began')
    .where('received_at', '>=', since)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.observed_at ?? null
}
