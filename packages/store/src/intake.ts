/** Rows of arriving crossings: everything one batch of bundles changes, in one transaction. */

import type { DeviceCursor } from '@sallyport/core/sequence'
import { type Insertable, type Selectable, sql, type Transaction } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type DeviceRow = Selectable<Database['device']>
export type NewCrossing = Insertable<Database['crossing']>
export type NewCapture = Insertable<Database['capture']>

export type AcceptedIntake = {
  readonly manifestSha256: string
  readonly crossing: string
  readonly logIndex: number | null
}

/** What of a device may change between two of its bundles. */
export type KnownDevice = {
  readonly revokedAt: Date | null
  readonly clockOffsetMs: number | null
  readonly source: DeviceRow['source']
}

/** What is known of the devices and sequences of a batch, locked until the transaction ends. */
export type IntakeView = {
  readonly cursors: ReadonlyMap<string, DeviceCursor>
  readonly devices: ReadonlyMap<string, KnownDevice>
  /** Keyed by `${device}/${sequence}`. */
  readonly accepted: ReadonlyMap<string, AcceptedIntake>
  /** Those of the batch's crossing and body ids that are taken. */
  readonly takenIds: ReadonlySet<string>
}

export type AcceptedCrossing = {
  readonly crossing: NewCrossing
  readonly captures: readonly NewCapture[]
}

/** Reads what a batch must be judged against and locks its devices' rows. */
export async function viewForIntake(
  transaction: Transaction<Database>,
  arriving: readonly {
    readonly device: string
    readonly sequence: number
    readonly crossing: string
    readonly bodies: readonly { readonly id: string }[]
  }[],
): Promise<IntakeView> {
  const ids = [...new Set(arriving.map(({ device }) => device))].sort()
  const devices = await transaction
    .selectFrom('device')
    .select([
      'id',
      'last_sequence',
      'last_manifest_sha256',
      'revoked_at',
      'clock_offset_ms',
      'source',
    ])
    .where('id', 'in', ids)
    // One order for all hubs, so that two batches never wait for each other in a ring.
    .orderBy('id')
    .forUpdate()
    .execute()
  const rows = await transaction
    .selectFrom('intake')
    .select(['device', 'sequence', 'manifest_sha256', 'crossing', 'log_index'])
    .where('device', 'in', ids)
    .where('sequence', 'in', [...new Set(arriving.map(({ sequence }) => sequence))])
    .execute()
  const crossings = await transaction
    .selectFrom('intake')
    .select('crossing')
    .where('crossing', 'in', [...new Set(arriving.map(({ crossing }) => crossing))])
    .execute()
  const bodies = arriving.flatMap((one) => one.bodies.map(({ id }) => id))
  const captures =
    bodies.length === 0
      ? []
      : await transaction.selectFrom('capture').select('id').where('id', 'in', bodies).execute()
  return {
    takenIds: new Set([...crossings.map((row) => row.crossing), ...captures.map((row) => row.id)]),
    devices: new Map(
      devices.map((row) => [
        row.id,
        { revokedAt: row.revoked_at, clockOffsetMs: row.clock_offset_ms, source: row.source },
      ]),
    ),
    cursors: new Map(
      devices.map((row) => [
        row.id,
        {
          lastSequence: row.last_sequence,
          lastManifestSha256: row.last_manifest_sha256.toString('hex'),
        },
      ]),
    ),
    accepted: new Map(
      rows.map((row) => [
        `${row.device}/${row.sequence}`,
        {
          manifestSha256: row.manifest_sha256.toString('hex'),
          crossing: row.crossing,
          logIndex: row.log_index,
        },
      ]),
    ),
  }
}

/** Inserts accepted crossings; `cursors` are the devices' new ends of chain. */
export async function insertCrossings(
  transaction: Transaction<Database>,
  accepted: readonly AcceptedCrossing[],
  cursors: ReadonlyMap<string, DeviceCursor>,
  sources: ReadonlyMap<string, Database['crossing']['source']>,
): Promise<void> {
  if (accepted.length === 0) return
  await transaction
    .insertInto('intake')
    .values(
      accepted.map(({ crossing }) => ({
        device: crossing.device,
        sequence: crossing.sequence,
        manifest_sha256: crossing.manifest_sha256,
        crossing: crossing.id,
        received_at: crossing.received_at,
        log_index: null,
      })),
    )
    .execute()
  await transaction
    .insertInto('crossing')
    .values(accepted.map(({ crossing }) => crossing))
    .execute()
  const captures = accepted.flatMap((one) => one.captures)
  if (captures.length > 0) await transaction.insertInto('capture').values(captures).execute()
  await moveCursors(transaction, cursors, sources)
}

async function moveCursors(
  transaction: Transaction<Database>,
  cursors: ReadonlyMap<string, DeviceCursor>,
  sources: ReadonlyMap<string, Database['crossing']['source']>,
): Promise<void> {
  if (cursors.size === 0) return
  const ends = [...cursors.values()]
  await sql`update device set
      last_sequence = moved.last_sequence,
      last_manifest_sha256 = decode(moved.last_manifest_sha256, 'hex'),
      source = coalesce(moved.source, device.source)
    from unnest(
      ${[...cursors.keys()]}::uuid[],
      ${ends.map((end) => end.lastSequence)}::bigint[],
      ${ends.map((end) => end.lastManifestSha256)}::text[],
      ${[...cursors.keys()].map((id) => sources.get(id) ?? null)}::text[]
    ) as moved (id, last_sequence, last_manifest_sha256, source)
    where device.id = moved.id`.execute(transaction)
}

export type LoggedCrossing = {
  readonly crossing: string
  readonly receivedAt: Date
  readonly device: string
  readonly sequence: number
  readonly logIndex: number
}

/** Notes under which index each crossing stands in the log: from then on it is acknowledged. */
export async function noteLogged(db: Db, logged: readonly LoggedCrossing[]): Promise<void> {
  if (logged.length === 0) return
  // One statement is one transaction, and one way to the server instead of four.
  await sql`with noted as (
      select * from unnest(
        ${logged.map((one) => one.device)}::uuid[],
        ${logged.map((one) => one.sequence)}::bigint[],
        ${logged.map((one) => one.crossing)}::uuid[],
        ${logged.map((one) => one.receivedAt.toISOString())}::timestamptz[],
        ${logged.map((one) => one.logIndex)}::bigint[]
      ) as noted (device, sequence, crossing, received_at, log_index)
    ), crossings as (
      update crossing set log_index = noted.log_index from noted
      where crossing.id = noted.crossing and crossing.received_at = noted.received_at
    )
    update intake set log_index = noted.log_index from noted
    where intake.device = noted.device and intake.sequence = noted.sequence`.execute(db)
}

export type UnloggedCrossing = {
  readonly crossing: string
  readonly receivedAt: Date
  readonly device: string
  readonly sequence: number
}

/** Accepted rows whose log entry is unknown: a crash fell between the two. */
export async function unloggedCrossings(db: Db): Promise<readonly UnloggedCrossing[]> {
  const rows = await db
    .selectFrom('intake')
    .select(['device', 'sequence', 'crossing', 'received_at'])
    .where('log_index', 'is', null)
    .orderBy('received_at')
    .execute()
  return rows.map((row) => ({
    crossing: row.crossing,
    receivedAt: row.received_at,
    device: row.device,
    sequence: row.sequence,
  }))
}

/** The highest log index that any row knows: entries beyond it may belong to unlogged crossings. */
export async function highestKnownLogIndex(db: Db): Promise<number> {
  const row = await db
    .selectFrom('intake')
    .select(({ fn }) => fn.max('log_index').as('highest'))
    .executeTakeFirst()
  return row?.highest ?? -1
}

/** The highest log index that any row refers to: a log that is shorter was rolled back. */
export async function highestReferredLogIndex(db: Db): Promise<number> {
  const { rows } = await sql<{ highest: number | null }>`
    select greatest(
      (select max(log_index) from intake),
      (select max(log_index) from opening),
      (select max(log_index) from alarm),
      (select max(log_index) from verdict),
      (select max(log_index) from stay_statement),
      (select log_index from stay_cursor),
      (select max(log_index) from passenger_list),
      (select max(log_index) from face),
      (select max(log_index) from leak_search),
      (select max(end_log_index) from leak_search),
      (select max(log_index) from leak_file),
      (select max(log_index) from gallery),
      (select max(log_index) from gallery_act),
      (select max(log_index) from evaluation),
      (select max(log_index) from candidate_evaluation),
      (select max(report_log_index) from candidate_evaluation),
      (select max(greatest(log_index, report_log_index)) from face_calibration),
      (select max(log_index) from watch_entry),
      (select max(withdrawal_log_index) from watch_entry),
      (select max(log_index) from watch_hit),
      (select max(judgement_log_index) from watch_hit),
      (select max(log_index) from traveller_sought),
      (select max(end_log_index) from traveller_sought),
      (select max(log_index) from traveller_hit),
      (select max(log_index) from traveller_verdict),
      (select max(log_index) from day_closed),
      (select max(log_index) from device_event),
      (select max(log_index) from device_attestation),
      (select max(greatest(log_index, lifted_log_index)) from supervision),
      (select max(greatest(log_index, begun_log_index, over_log_index)) from maintenance_order),
      (select max(log_index) from epoch_rest_lost),
      (select max(log_index) from epoch_end),
      (select max(log_index) from epoch_rotation)
    ) as highest`.execute(db)
  return rows[0]?.highest ?? -1
}

/** A crossing with its captures, as `fsck` and the log need them. */
export async function crossingWithBodies(db: Db, id: string) {
  const crossing = await db
    .selectFrom('crossing')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (crossing === undefined) return null
  const captures = await db
    .selectFrom('capture')
    .selectAll()
    .where('crossing', '=', id)
    .where('received_at', '=', crossing.received_at)
    .execute()
  return { crossing, captures }
}
