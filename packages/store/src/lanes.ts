/** Ports, lanes, devices and their enrolment. */

import type { GaugeFigures } from '@sallyport/core/gauge'
import type { Insertable, Selectable } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database, SpoolReport } from './schema.ts'

export type LaneRow = Selectable<Database['lane']>
export type PortRow = Selectable<Database['port']>
export type DeviceRow = Selectable<Database['device']>

export async function ensurePort(db: Db, port: Insertable<Database['port']>): Promise<void> {
  await db
    .insertInto('port')
    .values(port)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ name: port.name, zone: port.zone }),
    )
    .execute()
}

export async function portById(db: Db, id: string): Promise<PortRow | null> {
  return (await db.selectFrom('port').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** False when a lane of this id exists already. */
export async function insertLane(db: Db, lane: Insertable<Database['lane']>): Promise<boolean> {
  const done = await db
    .insertInto('lane')
    .values(lane)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

export async function laneById(db: Db, id: string): Promise<LaneRow | null> {
  return (await db.selectFrom('lane').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/**
 * Every lane (or those of `ids`) with its device: the newest that was not revoked, else the newest.
 */
export async function lanesWithDevices(
  db: Db,
  ids?: readonly string[],
): Promise<readonly { readonly lane: LaneRow; readonly device: DeviceRow | null }[]> {
  let laneQuery = db.selectFrom('lane').selectAll().orderBy('id')
  let deviceQuery = db.selectFrom('device').selectAll().orderBy('enrolled_at', 'desc')
  if (ids !== undefined) {
    if (ids.length === 0) return []
    laneQuery = laneQuery.where('id', 'in', ids)
    deviceQuery = deviceQuery.where('lane', 'in', ids)
  }
  const [lanes, devices] = await Promise.all([laneQuery.execute(), deviceQuery.execute()])
  return lanes.map((lane) => {
    const own = devices.filter((device) => device.lane === lane.id)
    return { lane, device: own.find((device) => device.revoked_at === null) ?? own[0] ?? null }
  })
}

export async function deviceById(db: Db, id: string): Promise<DeviceRow | null> {
  return (await db.selectFrom('device').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function insertEnrolmentCode(
  db: Db,
  code: { codeSha256: Uint8Array; lane: string; expiresAt: Date },
): Promise<void> {
  await db
    .insertInto('enrolment_code')
    .values({
      code_sha256: code.codeSha256,
      lane: code.lane,
      expires_at: code.expiresAt,
      device: null,
    })
    .execute()
}

/**
 * Uses a code once: inserts the device and binds it to the code's lane, or answers null when the code
 * is unknown, used or expired. A second request with the same code and key gets the same device.
 */
export async function enrolDevice(
  db: Db,
  codeSha256: Uint8Array,
  device: { id: string; publicKey: Uint8Array },
  now: Date,
  /** Writes the log entry; when it fails, nothing is enrolled. */
  beforeCommit: (device: string) => Promise<void>,
): Promise<{
  readonly device: string
  readonly lane: LaneRow
  readonly port: PortRow
} | null> {
  return db.transaction().execute(async (transaction) => {
    const code = await transaction
      .selectFrom('enrolment_code')
      .selectAll()
      .where('code_sha256', '=', Buffer.from(codeSha256))
      .forUpdate()
      .executeTakeFirst()
    if (code === undefined) return null
    const lane = await transaction
      .selectFrom('lane')
      .selectAll()
      .where('id', '=', code.lane)
      .executeTakeFirstOrThrow()
    const port = await transaction
      .selectFrom('port')
      .selectAll()
      .where('id', '=', lane.port)
      .executeTakeFirstOrThrow()
    if (code.device !== null) {
      const before = await transaction
        .selectFrom('device')
        .selectAll()
        .where('id', '=', code.device)
        .executeTakeFirst()
      // The answer was lost on its way: the same key may ask again.
      return before !== undefined && before.public_key.equals(device.publicKey)
        ? { device: before.id, lane, port }
        : null
    }
    if (code.expires_at <= now) return null
    await transaction
      .insertInto('device')
      .values({
        id: device.id,
        lane: lane.id,
        public_key: device.publicKey,
        enrolled_at: now,
        last_manifest_sha256: Buffer.alloc(32),
      })
      .execute()
    await transaction
      .updateTable('enrolment_code')
      .set({ device: device.id })
      .where('code_sha256', '=', Buffer.from(codeSha256))
      .execute()
    await beforeCommit(device.id)
    return { device: device.id, lane, port }
  })
}

/** False when there is no such device or it is revoked already. */
export async function revokeDevice(
  db: Db,
  id: string,
  reason: string,
  now: Date,
): Promise<boolean> {
  const done = await db
    .updateTable('device')
    .set({ revoked_at: now, revoked_reason: reason })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

export type Heartbeat = {
  readonly boot: string
  readonly clockOffsetMs: number
  readonly spool: SpoolReport
  readonly camera: string
  readonly software: string
  readonly gauge: GaugeFigures | null
}

export async function noteHeartbeat(
  db: Db,
  device: string,
  beat: Heartbeat,
  now: Date,
): Promise<void> {
  await db
    .updateTable('device')
    .set({
      last_seen_at: now,
      boot: beat.boot,
      clock_offset_ms: beat.clockOffsetMs,
      spool: JSON.stringify(beat.spool),
      camera: beat.camera,
      software: beat.software,
      gauge: beat.gauge === null ? null : JSON.stringify(beat.gauge),
    })
    .where('id', '=', device)
    .execute()
}
