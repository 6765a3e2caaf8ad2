/** Whether what ended the keys of days, and who set the hub's clock at ease, is what the log says. */

import { createHash } from 'node:crypto'

import { commit, type LogEntry } from '@sallyport/proof/entry'

import type { Db } from './postgres/database.ts'

const kinds = [
  'day_closed',
  'epoch_rest_lost',
  'epoch_destroyed',
  'epochs_rotated',
  'clock_confirmed',
] as const
type EpochEntry = Extract<LogEntry, { readonly kind: (typeof kinds)[number] }>

/** By index in the log. */
export type LoggedEpochs = Map<number, EpochEntry>

type Add = (code: 'row_not_in_log' | 'row_differs', about: string, detail: string) => void

/** Remembers an entry of the log when it is about the key of a day, or the clock. */
export function noteLoggedEpoch(logged: LoggedEpochs, entry: LogEntry, index: number): void {
  if (isEpochEntry(entry)) logged.set(index, entry)
}

function isEpochEntry(entry: LogEntry): entry is EpochEntry {
  return kinds.some((kind) => kind === entry.kind)
}

/**
 * Compares each row with its entry. A device that closed a later day has one row, so its earlier
 * entries have none; a row without an index was never acted on.
 */
export async function checkEpochs(
  db: Db,
  logged: LoggedEpochs,
  add: Add,
): Promise<{ readonly epochRows: number }> {
  let epochRows = 0
  const compare = (about: string, index: number | null, same: (entry: EpochEntry) => boolean) => {
    if (index === null) return
    epochRows += 1
    const entry = logged.get(index)
    if (entry === undefined)
      add('row_not_in_log', about, `The row says entry ${index}; the log does not.`)
    else if (!same(entry)) add('row_differs', about, `The row was changed since entry ${index}.`)
  }
  for (const row of await db.selectFrom('day_closed').selectAll().execute())
    compare(
      `closed ${row.device}`,
      row.log_index,
      (entry) =>
        entry.kind === 'day_closed' &&
        entry.device === row.device &&
        entry.through === row.through &&
        entry.last_sequence === row.last_sequence &&
        entry.statement_sha256 === sha256(row.statement),
    )
  for (const row of await db.selectFrom('epoch_rest_lost').selectAll().execute())
    compare(
      `lost ${row.port} ${row.day}`,
      row.log_index,
      (entry) =>
        entry.kind === 'epoch_rest_lost' &&
        entry.port === row.port &&
        entry.day === row.day &&
        entry.by === commit(row.commitment_salt, row.account),
    )
  for (const row of await db.selectFrom('epoch_end').selectAll().execute())
    compare(
      `ended ${row.port} ${row.day}`,
      row.log_index,
      (entry) =>
        entry.kind === 'epoch_destroyed' &&
        entry.port === row.port &&
        entry.day === row.day &&
        entry.how === row.how &&
        entry.recipient_sha256 === sha256(row.recipient),
    )
  for (const row of await db.selectFrom('epoch_rotation').selectAll().execute())
    compare(
      `rotated ${row.id}`,
      row.log_index,
      (entry) =>
        entry.kind === 'epochs_rotated' &&
        entry.port === row.port &&
        entry.rotation === row.id &&
        entry.rotated_at === row.rotated_at.toISOString() &&
        entry.from === row.from_day &&
        entry.why === row.why,
    )
  for (const row of await db.selectFrom('clock_confirmation').selectAll().execute())
    compare(
      `clock ${row.id}`,
      row.log_index,
      (entry) =>
        entry.kind === 'clock_confirmed' && entry.by === commit(row.commitment_salt, row.account),
    )
  return { epochRows }
}

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex')
}
