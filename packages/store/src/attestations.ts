/** Hand-over pages of devices, and what the hub's records say beside them. */

import type { Insertable, Selectable } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type AttestationRow = Selectable<Database['device_attestation']>

/** Throws when there is one of this id. */
export async function insertAttestation(
  db: Db,
  row: Insertable<Database['device_attestation']>,
): Promise<void> {
  await db.insertInto('device_attestation').values(row).execute()
}

export async function attestationById(db: Db, id: string): Promise<AttestationRow | null> {
  const row = await db
    .selectFrom('device_attestation')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** When, by its own clock, a device made the newest page that the hub has of it. */
export async function newestAttestation(db: Db, device: string): Promise<Date | null> {
  const row = await db
    .selectFrom('device_attestation')
    .select('made_at')
    .where('device', '=', device)
    .orderBy('made_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.made_at ?? null
}

/** Newest first by the hub's clock. */
export async function listAttestations(
  db: Db,
  { device, limit }: { readonly device: string | null; readonly limit: number },
): Promise<readonly AttestationRow[]> {
  let query = db.selectFrom('device_attestation').selectAll()
  if (device !== null) query = query.where('device', '=', device)
  return query.orderBy('received_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** Every device that was ever enrolled, with its key. */
export async function devicesWithKeys(db: Db) {
  return db
    .selectFrom('device')
    .select(['id', 'lane', 'public_key', 'enrolled_at', 'revoked_at'])
    .orderBy('enrolled_at')
    .orderBy('id')
    .execute()
}

/** Hash of the event that the hub has of a device under `sequence`; null when it has none. */
export async function eventHash(db: Db, device: string, sequence: number): Promise<string | null> {
  const row = await db
    .selectFrom('device_event')
    .select('statement_sha256')
    .where('device', '=', device)
    .where('sequence', '=', sequence)
    .executeTakeFirst()
  return row?.statement_sha256.toString('hex') ?? null
}

/** Whether the work of an order at this device had begun, and was not over, at `at` by the hub's clock. */
export async function orderStood(
  db: Db,
  { order, device, at }: { readonly order: string; readonly device: string; readonly at: Date },
): Promise<boolean> {
  const row = await db
    .selectFrom('maintenance_order')
    .select('id')
    .where('id', '=', order)
    .where('device', '=', device)
    .where('begun_at', '<=', at)
    .where((where) => where.or([where('over_at', 'is', null), where('over_at', '>=', at)]))
    .executeTakeFirst()
  return row !== undefined
}
