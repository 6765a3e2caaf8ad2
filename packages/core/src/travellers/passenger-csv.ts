/** Passenger lists as a table: one traveller a line, the flight or voyage beside the file. */

import { type CsvRecord, csvRecords } from '../csv.ts'
import { parseDay } from '../stays/zone.ts'
import { listLimits } from './limits.ts'
import {
  type ExpectedTraveller,
  type ListError,
  type ParsedLists,
  type PassengerList,
  travellerRoles,
} from './passenger-list.ts'

/** What a table does not say itself. */
export type ListHead = Pick<
  PassengerList,
  'transport' | 'reference' | 'departsFrom' | 'departsAt' | 'arrivesIn' | 'arrivesAt'
>

const columns = [
  'surname',
  'given_names',
  'born',
  'sex',
  'nationality',
  'document_kind',
  'document_number',
  'document_issuer',
  'document_expires',
  'role',
  'embarks',
  'debarks',
  'booking',
] as const
type Column = (typeof columns)[number]

/** Reads a table whose first line names its columns; `surname` must be among them. */
export function parsePassengerCsv(text: string, head: ListHead): ParsedLists {
  const errors: ListError[] = []
  const warnings: ListError[] = []
  const travellers: ExpectedTraveller[] = []
  const seen = new Set<string>()
  let places: ReadonlyMap<Column, number> | null = null
  for (const record of csvRecords(text.replace(/^\ufeff/, ''))) {
    if (places === null) {
      const found = columnsOf(record)
      if (typeof found === 'string') return refused([at(record, found)])
      places = found
      continue
    }
    if (travellers.length === listLimits.travellersMax)
      return refused([at(record, `more than ${listLimits.travellersMax} travellers`)])
    const traveller = travellerOf(record, places)
    if (typeof traveller === 'string') {
      errors.push(at(record, traveller))
      continue
    }
    const { surname, givenNames, born, document } = traveller
    const key =
      document === null
        ? `name ${surname} ${givenNames} ${born ?? ''}`
        : `document ${document.issuer ?? ''} ${document.number}`
    if (seen.has(key))
      warnings.push(at(record, 'this traveller is listed twice, and expected once'))
    else travellers.push(traveller)
    seen.add(key)
  }
  if (places === null) return refused([{ line: 1, column: 1, detail: 'the file is empty' }])
  if (errors.length > 0) return refused(errors)
  const rest = { sender: null, control: null, message: null, partial: false }
  return {
    kind: 'lists',
    lists: [{ ...head, ...rest, people: 'passengers', travellers }],
    warnings,
  }
}

function refused(errors: readonly ListError[]): ParsedLists {
  return {
    kind: 'refused',
    errors: errors.slice(0, listLimits.errorsMax),
    total: errors.length,
  }
}

function at({ line }: CsvRecord, detail: string): ListError {
  return { line, column: 1, detail }
}

function columnsOf({ fields, broken }: CsvRecord): ReadonlyMap<Column, number> | string {
  if (broken !== null) return broken
  const found = new Map<Column, number>()
  for (const [place, field] of fields.entries()) {
    const name = columns.find((column) => column === field.trim().toLowerCase())
    if (name === undefined)
      return `no column is called '${field.trim().slice(0, 30)}'; there are ${columns.join(', ')}`
    if (found.has(name)) return `the column ${name} is there twice`
    found.set(name, place)
  }
  return found.has('surname') ? found : 'no column surname'
}

function travellerOf(
  { fields, broken }: CsvRecord,
  places: ReadonlyMap<Column, number>,
): ExpectedTraveller | string {
  if (broken !== null) return broken
  if (fields.length !== places.size)
    return `${fields.length} fields, where the first line has ${places.size}`
  const text = (column: Column): string => (fields[places.get(column) ?? -1] ?? '').trim()
  const long = columns.find((column) => text(column).length > listLimits.fieldLengthMax)
  if (long !== undefined) return `${long} is longer than ${listLimits.fieldLengthMax} characters`
  if (text('surname') === '') return 'no surname'
  const wrongDay = (['born', 'document_expires'] as const).find(
    (column) => text(column) !== '' && parseDay(text(column)) === null,
  )
  if (wrongDay !== undefined) return `${wrongDay} is not a day as 1974-08-12`
  const sex = text('sex').toUpperCase()
  if (sex !== '' && sex !== 'F' && sex !== 'M' && sex !== 'X') return 'sex is F, M, X or empty'
  const role = travellerRoles.find((one) => one === (text('role') || 'passenger'))
  if (role === undefined) return `role is ${travellerRoles.join(', ')} or empty`
  const none = (column: Column): string | null => (text(column) === '' ? null : text(column))
  return {
    role,
    surname: text('surname'),
    givenNames: text('given_names'),
    born: none('born'),
    sex: sex === '' ? null : sex,
    nationality: none('nationality')?.toUpperCase() ?? null,
    document:
      text('document_number') === ''
        ? null
        : {
            kind: text('document_kind').toUpperCase() || 'P',
            number: text('document_number').toUpperCase(),
            issuer: none('document_issuer')?.toUpperCase() ?? null,
            expires: none('document_expires'),
          },
    embarks: none('embarks'),
    debarks: none('debarks'),
    booking: none('booking'),
  }
}
