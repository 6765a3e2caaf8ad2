/** Whether what devices signed of themselves is what stands in its row, and what the log names. */

import { createHash } from 'node:crypto'

import { verifyDeviceEvent } from '@sallyport/proof/device-event'
import { commit } from '@sallyport/proof/entry'
import { verify } from '@sallyport/proof/node/ed25519'

import type { LoggedNamed } from './fsck-named.ts'
import { maintenanceTerms } from './maintenance.ts'
import type { Db } from './postgres/database.ts'

type Add = (code: 'row_differs', about: string, detail: string) => void

/** Checks each event's signature, and that columns, statement and entry say the same. */
export async function checkDeviceEvents(db: Db, logged: LoggedNamed, add: Add): Promise<void> {
  const rows = await db
    .selectFrom('device_event')
    .innerJoin('device', 'device.id', 'device_event.device')
    .selectAll('device_event')
    .select('device.public_key')
    .execute()
  for (const row of rows) {
    const verified = verifyDeviceEvent(row.public_key, row.statement, row.signature, verify)
    if (verified.kind === 'refused') {
      add('row_differs', row.id, 'The event is not what its device signed.')
      continue
    }
    const { statement } = verified
    const sha256 = createHash('sha256').update(row.statement).digest('hex')
    const agrees =
      statement.device === row.device &&
      statement.lane === row.lane &&
      statement.sequence === row.sequence &&
      statement.event.kind === row.kind &&
      statement.observed_at === row.observed_at.toISOString() &&
      sha256 === row.statement_sha256.toString('hex')
    const entry = logged
      .get(`device_event ${row.id}`)
      ?.find(({ index }) => index === row.log_index)?.entry
    const isLogged =
      entry?.kind === 'device_event' &&
      entry.device === row.device &&
      entry.sequence === row.sequence &&
      entry.what === row.kind &&
      entry.statement_sha256 === sha256
    // Without an entry it is found as such already.
    if (!agrees || (entry !== undefined && !isLogged))
      add(
        'row_differs',
        row.id,
        'The row of an event is not what its device signed and the log has.',
      )
  }
}

/** Checks that each work order, its beginning and its end are what the log has. */
export async function checkMaintenance(db: Db, logged: LoggedNamed, add: Add): Promise<void> {
  for (const row of await db.selectFrom('maintenance_order').selectAll().execute()) {
    const at = (kind: string, index: number | null) =>
      logged.get(`${kind} ${row.id}`)?.find((one) => one.index === index)?.entry
    const ordered = at('maintenance_ordered', row.log_index)
    const terms = commit(row.terms_salt, maintenanceTerms(row))
    const isOrdered =
      ordered === undefined ||
      (ordered.kind === 'maintenance_ordered' &&
        ordered.device === row.device &&
        ordered.terms === terms &&
        ordered.by === commit(row.by_salt, row.made_by))
    const turns = [
      [at('maintenance_begun', row.begun_log_index), row.begun_by, row.begun_salt, row.begun_at],
      [at('maintenance_over', row.over_log_index), row.over_by, row.over_salt, row.over_at],
    ] as const
    const areTurned = turns.every(([entry, by, salt, when]) =>
      when === null
        ? true
        : entry !== undefined &&
          'by' in entry &&
          by !== null &&
          salt !== null &&
          entry.by === commit(salt, by) &&
          entry.at === when.toISOString() &&
          (entry.kind !== 'maintenance_begun' || 'watch' in entry === row.watched),
    )
    if (!isOrdered || !areTurned)
      add('row_differs', row.id, 'A work order is not what the log has of it.')
  }
}
