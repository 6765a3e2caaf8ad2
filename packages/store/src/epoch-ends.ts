/** Rows of epochs that end: who has closed a day, who declared its rest lost, what was destroyed. */

import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type EpochEndRow = Selectable<Database['epoch_end']>
export type DayClosedRow = Selectable<Database['day_closed']>

export async function dayClosedOf(db: Db, device: string): Promise<DayClosedRow | null> {
  const row = await db
    .selectFrom('day_closed')
    .selectAll()
    .where('device', '=', device)
    .executeTakeFirst()
  return row ?? null
}

/** Keeps a device's newest word; an older one that comes late changes nothing. */
export async function noteDayClosed(
  db: Db,
  row: Omit<Insertable<Database['day_closed']>, 'arrived_through'>,
): Promise<void> {
  await db
    .insertInto('day_closed')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('device').doUpdateSet(row).where('day_closed.through', '<', row.through),
    )
    .execute()
}

export type DeviceClosing = {
  readonly device: string
  readonly lane: string
  readonly enrolledAt: Date
  /** Null when it has closed no day yet. */
  readonly through: string | null
  /** Sequences up to the last it named that never arrived. */
  readonly missing: number
}

/** Every device of a port that is not revoked, with what has arrived of what it named. */
export async function devicesClosing(db: Db, port: string): Promise<readonly DeviceClosing[]> {
  // Only what came since the last look is counted; a row without a log index is not acknowledged yet.
  await sql`update day_closed set arrived_through = day_closed.last_sequence
    where arrived_through < last_sequence and last_sequence - arrived_through = (
      select count(*) from intake where intake.device = day_closed.device
        and sequence > arrived_through and sequence <= last_sequence and log_index is not null
    )`.execute(db)
  const { rows } = await sql<{
    device: string
    lane: string
    enrolled_at: Date
    through: string | null
    missing: number
  }>`
    select device.id as device, device.lane, device.enrolled_at, day_closed.through,
      coalesce(day_closed.last_sequence - arrived_through - (
        select count(*) from intake where intake.device = device.id
          and sequence > arrived_through and sequence <= day_closed.last_sequence
          and intake.log_index is not null
      ), 0) as missing
    from device join lane on lane.id = device.lane
    left join day_closed on day_closed.device = device.id
    where lane.port = ${port} and device.revoked_at is null
    order by device.lane, device.id`.execute(db)
  return rows.map(({ enrolled_at, ...row }) => ({ ...row, enrolledAt: enrolled_at }))
}

export async function epochEnds(db: Db, port: string): Promise<readonly EpochEndRow[]> {
  return db.selectFrom('epoch_end').selectAll().where('port', '=', port).orderBy('day').execute()
}

/** Keeps the row that is there: an epoch ends once. */
export async function insertEpochEnd(
  db: Db,
  row: Pick<EpochEndRow, 'port' | 'day' | 'recipient' | 'how' | 'at' | 'rotation'>,
): Promise<void> {
  await db
    .insertInto('epoch_end')
    .values({ ...row, log_index: null, erased_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function noteEpochEnd(
  db: Db,
  { port, day, recipient }: Pick<EpochEndRow, 'port' | 'day' | 'recipient'>,
  change: { readonly log_index: number } | { readonly erased_at: Date },
): Promise<void> {
  await db
    .updateTable('epoch_end')
    .set(change)
    .where('port', '=', port)
    .where('day', '=', day)
    .where('recipient', '=', recipient)
    .execute()
}

/** Accounts whose declaration stands in the log, by day. */
export async function restLostBy(
  db: Db,
  port: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await db
    .selectFrom('epoch_rest_lost')
    .select(['day', 'account'])
    .where('port', '=', port)
    .where('log_index', 'is not', null)
    .execute()
  const found = new Map<string, string[]>()
  for (const { day, account } of rows) found.set(day, [...(found.get(day) ?? []), account])
  return found
}

/** The salt of a person's declaration: that of the first try when there was one. */
export async function insertRestLost(
  db: Db,
  row: Pick<Selectable<Database['epoch_rest_lost']>, 'port' | 'day' | 'account' | 'at'> & {
    readonly commitment_salt: Uint8Array
  },
): Promise<{ readonly salt: Buffer; readonly logIndex: number | null }> {
  await db
    .insertInto('epoch_rest_lost')
    .values({ ...row, log_index: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const stored = await db
    .selectFrom('epoch_rest_lost')
    .select(['commitment_salt', 'log_index'])
    .where('port', '=', row.port)
    .where('day', '=', row.day)
    .where('account', '=', row.account)
    .executeTakeFirstOrThrow()
  return { salt: stored.commitment_salt, logIndex: stored.log_index }
}

export async function noteRestLost(
  db: Db,
  { port, day, account }: { readonly port: string; readonly day: string; readonly account: string },
  logIndex: number,
): Promise<void> {
  await db
    .updateTable('epoch_rest_lost')
    .set({ log_index: logIndex })
    .where('port', '=', port)
    .where('day', '=', day)
    .where('account', '=', account)
    .execute()
}

/** Whether this very bundle was accepted before; its crossing and where it stands in the log. */
export async function acceptedBefore(
  db: Db,
  device: string,
  sequence: number,
  manifestSha256: string,
): Promise<{ readonly crossing: string; readonly logIndex: number } | null> {
  const row = await db
    .selectFrom('intake')
    .select(['crossing', 'log_index'])
    .where('device', '=', device)
    .where('sequence', '=', sequence)
    .where('manifest_sha256', '=', Buffer.from(manifestSha256, 'hex'))
    .executeTakeFirst()
  return row === undefined || row.log_index === null
    ? null
    : { crossing: row.crossing, logIndex: row.log_index }
}
