/** Taking passenger lists in: read whole, checked, stored, logged, and only then expected. */

import { createHash, randomBytes } from 'node:crypto'

import type { Zone } from '@sallyport/core/stays/zone'
import { decodeList } from '@sallyport/core/travellers/encoding'
import { expiryOf } from '@sallyport/core/travellers/expiry'
import { type ListHead, parsePassengerCsv } from '@sallyport/core/travellers/passenger-csv'
import type {
  ListError,
  ParsedLists,
  PassengerList,
} from '@sallyport/core/travellers/passenger-list'
import { parsePaxlst } from '@sallyport/core/travellers/paxlst'
import { commit } from '@sallyport/proof/entry'
import {
  insertPassengerLists,
  type NewExpectedTraveller,
  type NewPassengerList,
  notePassengerListLogged,
} from '@sallyport/store/passenger-lists'
import type { Db } from '@sallyport/store/postgres/database'

import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { type Problem, problem } from '../problems.ts'

type Context = {
  readonly db: Db
  readonly journal: Journal
  readonly now: () => Date
  readonly stays: { readonly zone: Zone }
}

export type ListAsk = {
  readonly file: Uint8Array
  readonly format: 'paxlst' | 'csv'
  /** What a table does not say itself. */
  readonly head: ListHead | null
  /** How many travellers the check showed; null: nothing is imported. */
  readonly accepts: number | null
  readonly account: string
}

export type CheckedLists = {
  readonly kind: 'checked' | 'imported'
  readonly lists: readonly {
    readonly id: string | null
    readonly list: PassengerList
    readonly expiresAt: Date
  }[]
  readonly warnings: readonly ListError[]
  readonly travellers: number
}

export async function importPassengerLists(
  ask: ListAsk,
  context: Context,
): Promise<CheckedLists | Problem> {
  const now = context.now()
  const parsed = readLists(ask, now)
  if (parsed.kind === 'refused') return refusedList(parsed)
  const lists: { list: PassengerList; expiresAt: Date }[] = []
  for (const list of parsed.lists) {
    const expiry = expiryOf(list, context.stays.zone, now)
    if (expiry.kind === 'refused') return problem('passenger_list_over', expiry.detail)
    lists.push({ list, expiresAt: expiry.at })
  }
  const travellers = lists.reduce((sum, { list }) => sum + list.travellers.length, 0)
  const { warnings } = parsed
  if (ask.accepts === null)
    return {
      kind: 'checked',
      lists: lists.map((one) => ({ id: null, ...one })),
      warnings,
      travellers,
    }
  if (ask.accepts !== travellers)
    return problem(
      'passenger_list_differs',
      `It names ${travellers} travellers, not as many as the check showed. Check it again.`,
      { accepts: travellers },
    )
  const rows = lists.map(({ list, expiresAt }) => rowOf(list, expiresAt, warnings, ask, now))
  const people = lists.flatMap(({ list }, place) => travellerRows(list, rows[place]?.id ?? ''))
  if (!(await insertPassengerLists(context.db, rows, people)))
    return problem('already_exists', 'This list was imported already; it is expected once.')
  for (const [place, row] of rows.entries()) {
    const logIndex = await context.journal.append({
      v: 1,
      at: now.toISOString(),
      kind: 'passenger_list_imported',
      list: row.id,
      travellers: lists[place]?.list.travellers.length ?? 0,
      file: commit(row.file_salt, Buffer.from(row.sha256).toString('hex')),
      by: commit(row.by_salt, ask.account),
    })
    await notePassengerListLogged(context.db, row.id, logIndex)
  }
  return {
    kind: 'imported',
    lists: lists.map((one, place) => ({ id: rows[place]?.id ?? null, ...one })),
    warnings,
    travellers,
  }
}

function readLists({ file, format, head }: ListAsk, now: Date): ParsedLists {
  const decoded = decodeList(file)
  if (decoded.kind === 'refused') return { kind: 'refused', errors: [decoded.fault], total: 1 }
  const noHead = {
    line: 1,
    column: 1,
    detail: 'a table does not say what flight or voyage it is of',
  }
  const parsed =
    format === 'paxlst'
      ? parsePaxlst(decoded.text, now.getUTCFullYear())
      : head === null
        ? ({ kind: 'refused', errors: [noHead], total: 1 } as const)
        : parsePassengerCsv(decoded.text, head)
  if (parsed.kind === 'refused' || decoded.warning === null) return parsed
  return {
    ...parsed,
    warnings: [{ line: 1, column: 1, detail: decoded.warning }, ...parsed.warnings],
  }
}

function refusedList({
  errors,
  total,
}: Extract<ParsedLists, { readonly kind: 'refused' }>): Problem {
  const [first] = errors
  return problem(
    'import_refused',
    `${total === 1 ? 'Something is' : `${total} things are`} wrong; line ${first?.line ?? 1}, column ${first?.column ?? 1}: ${first?.detail ?? ''}. Nothing was imported.`,
    { errors, errors_total: total },
  )
}

function rowOf(
  list: PassengerList,
  expiresAt: Date,
  warnings: readonly ListError[],
  { file, format, account }: ListAsk,
  now: Date,
): NewPassengerList & { readonly id: string } {
  return {
    id: newId(),
    format,
    sha256: createHash('sha256').update(file).digest(),
    transport: list.transport,
    reference: list.reference,
    departs_from: list.departsFrom,
    departs_at: list.departsAt,
    arrives_in: list.arrivesIn,
    arrives_at: list.arrivesAt,
    sender: list.sender,
    control: list.control,
    message: list.message,
    people: list.people,
    partial: list.partial,
    warnings: JSON.stringify(warnings.map(({ line, detail }) => `line ${line}: ${detail}`)),
    imported_at: now,
    imported_by: account,
    expires_at: expiresAt,
    file_salt: randomBytes(16),
    by_salt: randomBytes(16),
    log_index: null,
  }
}

function travellerRows(list: PassengerList, id: string): readonly NewExpectedTraveller[] {
  return list.travellers.map((one, index) => ({
    id: newId(),
    list: id,
    place: index + 1,
    role: one.role,
    surname: one.surname,
    given_names: one.givenNames,
    born: one.born,
    sex: one.sex,
    nationality: one.nationality,
    document_kind: one.document?.kind ?? null,
    document_number: one.document?.number ?? null,
    document_issuer: one.document?.issuer ?? null,
    document_expires: one.document?.expires ?? null,
    embarks: one.embarks,
    debarks: one.debarks,
    booking: one.booking,
  }))
}
