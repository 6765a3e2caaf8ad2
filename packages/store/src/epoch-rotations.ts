/** Rows of epoch identities that replaced others at once, and of what devices hold of it. */

import { type Selectable, sql } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type EpochRotationRow = Selectable<Database['epoch_rotation']>

/** Rotations of a port that the log has, in their order. */
export async function epochRotations(db: Db, port: string): Promise<readonly EpochRotationRow[]> {
  return db
    .selectFrom('epoch_rotation')
    .selectAll()
    .where('port', '=', port)
    .where('log_index', 'is not', null)
    .orderBy('rotated_at')
    .execute()
}

/**
 * The row of a rotation, made at its first call: its `rotated_at` is `at`, or just after the newest
 * before where the clock went back.
 */
export async function ensureRotation(
  db: Db,
  row: Pick<EpochRotationRow, 'id' | 'port' | 'from_day' | 'why' | 'log_from'> & {
    readonly at: Date
  },
): Promise<EpochRotationRow> {
  const { at, ...rest } = row
  await sql`insert into epoch_rotation (id, port, from_day, why, log_from, rotated_at)
    select ${rest.id}, ${rest.port}, ${rest.from_day}::date, ${rest.why}, ${rest.log_from},
      greatest(${at}::timestamptz,
        (select max(rotated_at) + interval '1 millisecond' from epoch_rotation where port = ${rest.port}))
    on conflict (id) do nothing`.execute(db)
  return db
    .selectFrom('epoch_rotation')
    .selectAll()
    .where('id', '=', rest.id)
    .executeTakeFirstOrThrow()
}

export async function noteRotationLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('epoch_rotation').set({ log_index: logIndex }).where('id', '=', id).execute()
}

/** What a device says of the announcement that it seals by. */
export type SaidAnnouncement = Pick<
  Selectable<Database['device_announcement']>,
  'issued_at' | 'rotated_at' | 'earlier_through' | 'earlier_verdicts'
>

/** Keeps its newest word, and writes nothing where that is the same. */
export async function noteAnnouncement(
  db: Db,
  device: string,
  said: SaidAnnouncement,
  at: Date,
): Promise<void> {
  await db
    .insertInto('device_announcement')
    .values({ device, ...said, said_at: at })
    .onConflict((conflict) =>
      conflict
        .column('device')
        .doUpdateSet({ ...said, said_at: at })
        .where(
          sql<boolean>`(device_announcement.issued_at, device_announcement.rotated_at,
            device_announcement.earlier_through, device_announcement.earlier_verdicts)
            is distinct from (excluded.issued_at, excluded.rotated_at, excluded.earlier_through,
            excluded.earlier_verdicts)`,
        ),
    )
    .execute()
}

export type DeviceHolding = {
  readonly device: string
  readonly lane: string
  readonly enrolledAt: Date
  readonly lastSeenAt: Date | null
  /** Null where it never said what it holds. */
  readonly said:
    | (SaidAnnouncement & {
        /** Sequences up to `earlier_through` that never arrived. */
        readonly missing: number
      })
    | null
}

/** Every device of a port that is not revoked, with what it said that it holds. */
export async function devicesHolding(db: Db, port: string): Promise<readonly DeviceHolding[]> {
  const { rows } = await sql<{
    device: string
    lane: string
    enrolled_at: Date
    last_seen_at: Date | null
    issued_at: Date | null
    rotated_at: Date | null
    earlier_through: number
    earlier_verdicts: number
    missing: number
  }>`
    select device.id as device, device.lane, device.enrolled_at, device.last_seen_at, said.issued_at,
      said.rotated_at, said.earlier_through, said.earlier_verdicts,
      greatest(0, said.earlier_through - counted.above - (
        select count(*) from intake where intake.device = device.id
          and sequence > counted.above and sequence <= said.earlier_through
          and intake.log_index is not null
      )) as missing
    from device join lane on lane.id = device.lane
    left join device_announcement as said on said.device = device.id
    left join day_closed on day_closed.device = device.id
    -- All up to there have arrived: nobody counts them again.
    cross join lateral (select coalesce(day_closed.arrived_through, 0) as above) as counted
    where lane.port = ${port} and device.revoked_at is null
    order by device.lane, device.id`.execute(db)
  return rows.map((row) => ({
    device: row.device,
    lane: row.lane,
    enrolledAt: row.enrolled_at,
    lastSeenAt: row.last_seen_at,
    said:
      row.issued_at === null
        ? null
        : {
            issued_at: row.issued_at,
            rotated_at: row.rotated_at,
            earlier_through: row.earlier_through,
            earlier_verdicts: row.earlier_verdicts,
            missing: row.missing,
          },
  }))
}
