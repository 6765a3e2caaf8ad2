/**
 * Rows that say of themselves that they are logged, and whose entry names them by their id: alarms,
 * access tokens, calls of the plate reader, subscriptions, evaluations, passenger lists, leak searches,
 * events of devices.
 */

import { commit, type LogEntry } from '@sallyport/proof/entry'
import type { PassengerListEntry } from '@sallyport/proof/passenger-entry'
import { sql } from 'kysely'

import { type AddFinding, checkActs, noteLoggedAct } from './fsck-acts.ts'
import { checkAttestations } from './fsck-attestations.ts'
import { checkDeviceEvents, checkMaintenance } from './fsck-devices.ts'
import { hashOfFiles } from './incidents/months/files.ts'
import { exportedMonths } from './incidents/months/months.ts'
import type { Db } from './postgres/database.ts'

/** By kind and id; what a failure had appended twice has two. */
export type LoggedNamed = Map<string, { readonly index: number; readonly entry: LogEntry }[]>

/** Tables, and the kind of entry that their `log_index` is of. */
const kinds = {
  alarm: 'alarm',
  access_token: 'token_issued',
  reading: 'reading',
  subscription: 'subscription_started',
  evaluation: 'evaluation',
  passenger_list: 'passenger_list_imported',
  leak_search: 'leak_search',
  scope_month: 'scope_month_exported',
  device_event: 'device_event',
  device_attestation: 'device_attested',
  maintenance_order: 'maintenance_ordered',
} as const

/** What is said of such a row later. */
const turns = ['maintenance_begun', 'maintenance_over'] as const

type NamedEntry = LogEntry & {
  readonly kind: (typeof kinds)[keyof typeof kinds] | (typeof turns)[number]
}

/** Remembers an entry of the log when it names a row. */
export function noteLoggedNamed(logged: LoggedNamed, entry: LogEntry, index: number): void {
  noteLoggedAct(logged, entry, index)
  if (!isNamed(entry)) return
  const key = `${entry.kind} ${idIn(entry)}`
  logged.set(key, [...(logged.get(key) ?? []), { index, entry }])
}

function isNamed(entry: LogEntry): entry is NamedEntry {
  return [...Object.values(kinds), ...turns].some((kind) => kind === entry.kind)
}

function idIn(entry: NamedEntry): string {
  switch (entry.kind) {
    case 'alarm':
      return entry.alarm
    case 'token_issued':
      return entry.token
    case 'reading':
      return entry.reading
    case 'subscription_started':
      return entry.subscription
    case 'evaluation':
      return entry.evaluation
    case 'passenger_list_imported':
      return entry.list
    case 'leak_search':
      return entry.search
    case 'scope_month_exported':
      return entry.export
    case 'device_event':
      return entry.event
    case 'device_attested':
      return entry.attestation
    case 'maintenance_ordered':
    case 'maintenance_begun':
    case 'maintenance_over':
      return entry.order
  }
}

/**
 * Looks each row up in the log. An entry without a row is no finding: passenger lists expire, and the
 * others are removed when their time is over.
 */
export async function checkNamed(
  db: Db,
  logged: LoggedNamed,
  add: AddFinding,
): Promise<{ readonly namedRows: number }> {
  let namedRows = 0
  for (const [table, kind] of Object.entries(kinds)) {
    const { rows } = await sql<{ id: string; log_index: number }>`
      select id, log_index from ${sql.table(table)} where log_index is not null`.execute(db)
    namedRows += rows.length
    for (const { id, log_index: at } of rows) {
      const found = logged.get(`${kind} ${id}`)?.some(({ index }) => index === at) ?? false
      if (!found) add('row_not_in_log', id, `A row of ${table} says entry ${at}; the log does not.`)
    }
  }
  namedRows += await checkActs(db, logged, add)
  await checkPassengerLists(db, logged, add)
  await checkDeviceEvents(db, logged, add)
  await checkMaintenance(db, logged, add)
  await checkAttestations(db, logged, add)
  await checkMonths(db, logged, add)
  return { namedRows }
}

/** Whether a list has as many travellers as were logged, and its file and importer are those of the entry. */
async function checkPassengerLists(db: Db, logged: LoggedNamed, add: AddFinding): Promise<void> {
  const lists = await db
    .selectFrom('passenger_list')
    .select(['id', 'sha256', 'file_salt', 'by_salt', 'imported_by', 'log_index'])
    .select((where) =>
      where
        .selectFrom('expected_traveller')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('expected_traveller.list', '=', 'passenger_list.id')
        .as('travellers'),
    )
    .where('log_index', 'is not', null)
    .execute()
  for (const row of lists) {
    const entry = logged
      .get(`passenger_list_imported ${row.id}`)
      ?.find(({ index }) => index === row.log_index)?.entry
    if (entry?.kind !== 'passenger_list_imported') continue
    if (!isListOf(entry, row)) {
      const detail = `The list or its travellers were changed since entry ${row.log_index}.`
      add('row_differs', row.id, detail)
    }
  }
}

/** Whether the files of a month that is over are those whose hashes were logged. */
async function checkMonths(db: Db, logged: LoggedNamed, add: AddFinding): Promise<void> {
  for (const { id, month, files, log_index: at } of await exportedMonths(db)) {
    const entry = logged.get(`scope_month_exported ${id}`)?.find(({ index }) => index === at)?.entry
    if (entry?.kind !== 'scope_month_exported') continue
    if (entry.month !== month || entry.files !== hashOfFiles(files))
      add('row_differs', id, `The files of ${month} are not those of entry ${at}.`)
  }
}

function isListOf(
  entry: PassengerListEntry,
  row: {
    readonly sha256: Buffer
    readonly file_salt: Buffer
    readonly by_salt: Buffer
    readonly imported_by: string
    readonly travellers: number | null
  },
): boolean {
  return (
    entry.travellers === row.travellers &&
    entry.file === commit(row.file_salt, row.sha256.toString('hex')) &&
    entry.by === commit(row.by_salt, row.imported_by)
  )
}
