/** Many watch entries as CSV (RFC 4180): all of them or, with the lines that are wrong, none. */

import { type CsvRecord, csvRecords } from './csv.ts'
import { parseJurisdiction } from './jurisdiction.ts'
import { parsePlateText, type PlateText } from './plate.ts'
import { decideTerms } from './watch-decisions.ts'
import { type Tolerance, tolerances, watchLimits } from './watch.ts'

/** What a person says of an entry before it is one. */
export type WatchTerms = {
  readonly plate: PlateText
  readonly jurisdiction: string | null
  readonly issuer: string
  readonly reason: string
  readonly expiresAt: Date
  readonly tolerance: Tolerance
}

export type ImportLine = {
  /** In the file, from 1. */
  readonly line: number
  readonly terms: WatchTerms
  /** How many plates it would accept. */
  readonly accepts: number
}

export type ImportError = { readonly line: number; readonly detail: string }

export type ParsedImport =
  | { readonly kind: 'lines'; readonly lines: readonly ImportLine[] }
  | { readonly kind: 'refused'; readonly errors: readonly ImportError[]; readonly total: number }

const needed = ['plate', 'issuer', 'reason', 'expires_at'] as const
const known = [...needed, 'jurisdiction', 'tolerance'] as const
type Column = (typeof known)[number]

/** Reads the file at hub time `now`. The first line names the columns, in any order. */
export function parseWatchCsv(text: string, now: Date): ParsedImport {
  const errors: ImportError[] = []
  const lines: ImportLine[] = []
  const seen = new Map<string, number>()
  const records = csvRecords(text.replace(/^\uFEFF/, ''))
  const head = records.next()
  const columns = head.done === true ? 'the file is empty' : columnsOf(head.value)
  if (typeof columns === 'string') return refused([{ line: 1, detail: columns }])
  for (const record of records) {
    if (lines.length + errors.length >= watchLimits.importLinesMax) {
      const most = watchLimits.importLinesMax
      errors.push({ line: record.line, detail: `an import has at most ${most} entries: split it` })
      break
    }
    const parsed = parseLine(record, columns, now)
    const twin = typeof parsed === 'string' ? undefined : seen.get(identityOf(parsed.terms))
    if (typeof parsed === 'string') errors.push({ line: record.line, detail: parsed })
    else if (twin !== undefined)
      errors.push({ line: record.line, detail: `the same plate and issuer as line ${twin}` })
    else {
      seen.set(identityOf(parsed.terms), record.line)
      lines.push({ line: record.line, ...parsed })
    }
  }
  if (errors.length > 0) return refused(errors)
  if (lines.length === 0) return refused([{ line: 1, detail: 'no entry follows the column names' }])
  return { kind: 'lines', lines }
}

/** Two entries that say the same of one plate: the second adds nothing. */
export function identityOf(terms: Pick<WatchTerms, 'plate' | 'jurisdiction' | 'issuer'>): string {
  return [terms.plate, terms.jurisdiction ?? '', terms.issuer.toLowerCase()].join('\n')
}

/** '2026-12-31' (to the end of that day, UTC) or an RFC 3339 instant; null when it is neither. */
export function parseExpiry(text: string): Date | null {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text)
  if (!day && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text))
    return null
  const at = new Date(day ? `${text}T00:00:00Z` : text)
  if (Number.isNaN(at.getTime())) return null
  // The calendar rolls 31 February over into March; a person who wrote it meant something else.
  if (day && !at.toISOString().startsWith(text)) return null
  return day ? new Date(at.getTime() + 24 * 3_600_000) : at
}

function refused(errors: readonly ImportError[]): ParsedImport {
  return {
    kind: 'refused',
    errors: errors.slice(0, watchLimits.importErrorsMax),
    total: errors.length,
  }
}

type Columns = ReadonlyMap<Column, number>

function columnsOf({ fields }: CsvRecord): Columns | string {
  const names = fields.map((field) => field.trim().toLowerCase())
  const strange = names.find((name) => !known.some((one) => one === name))
  if (strange !== undefined)
    return `'${strange}' is not a column; the columns are ${known.join(', ')}, separated by commas`
  const missing = needed.find((name) => !names.includes(name))
  if (missing !== undefined) return `the column '${missing}' is missing`
  if (new Set(names).size < names.length) return 'a column is named twice'
  return new Map(known.filter((one) => names.includes(one)).map((one) => [one, names.indexOf(one)]))
}

/** The terms of one line, or what is wrong with it. */
function parseLine(
  { fields, broken }: CsvRecord,
  columns: Columns,
  now: Date,
): { readonly terms: WatchTerms; readonly accepts: number } | string {
  if (broken !== null) return broken
  if (fields.length !== columns.size)
    return `it has ${fields.length} fields, the first line has ${columns.size}`
  const field = (column: Column) => {
    const at = columns.get(column)
    return at === undefined ? '' : (fields[at] ?? '').trim()
  }
  const plate = parsePlateText(field('plate'))
  if (plate === null) return 'plate: letters and digits, 1 to 12'
  const jurisdiction =
    field('jurisdiction') === '' ? null : parseJurisdiction(field('jurisdiction'))
  if (jurisdiction === null && field('jurisdiction') !== '')
    return "jurisdiction: 'us', 'us-ca', 'mx-bcn', or nothing"
  const issuer = field('issuer')
  const reason = field('reason')
  if (!isLine(issuer, 1, watchLimits.issuerLengthMax))
    return `issuer: one line of 1 to ${watchLimits.issuerLengthMax} characters`
  if (!isLine(reason, watchLimits.reasonLengthMin, watchLimits.reasonLengthMax))
    return `reason: one line of ${watchLimits.reasonLengthMin} to ${watchLimits.reasonLengthMax} characters`
  const expiresAt = parseExpiry(field('expires_at'))
  if (expiresAt === null) return 'expires_at: 2026-12-31, or 2026-12-31T12:00:00Z'
  const said = field('tolerance') === '' ? `${watchLimits.toleranceDefault}` : field('tolerance')
  const tolerance = tolerances.find((one) => String(one) === said)
  if (tolerance === undefined) return `tolerance: ${tolerances.join(', ')}, or nothing`
  const terms = { plate, jurisdiction, issuer, reason, expiresAt, tolerance }
  const decision = decideTerms(terms, now)
  return decision.kind === 'allow' ? { terms, accepts: decision.accepts } : decision.detail
}

/** One line as people write it: any script, no control characters, no half characters. */
function isLine(text: string, shortest: number, longest: number): boolean {
  return text.length >= shortest && text.length <= longest && /^[^\p{Cc}\p{Cs}]*$/u.test(text)
}
