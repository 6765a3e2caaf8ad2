/** Whether what people stated about entries and exits is what the log says. */

import { commit, type LogEntry } from '@sallyport/proof/entry'
import { committedStatement, type StayStatementEntry } from '@sallyport/proof/stay-entry'

import type { Db } from './postgres/database.ts'

/** By statement; what a failure had appended twice has two. */
export type LoggedStatements = Map<
  string,
  { readonly index: number; readonly entry: StayStatementEntry }[]
>

type Add = (
  code: 'stay_statement_not_in_log' | 'stay_statement_differs',
  about: string,
  detail: string,
) => void

/** Remembers an entry of the log when it is a statement. */
export function noteLoggedStatement(
  logged: LoggedStatements,
  entry: LogEntry,
  index: number,
): void {
  if (entry.kind !== 'stay_statement') return
  logged.set(entry.statement, [...(logged.get(entry.statement) ?? []), { index, entry }])
}

/**
 * Compares each row with its entry. An entry without a row is no finding: statements about a crossing
 * go with it when its time is over.
 */
export async function checkStatements(
  db: Db,
  logged: LoggedStatements,
  add: Add,
): Promise<{ readonly stayStatements: number }> {
  const rows = await db.selectFrom('stay_statement').selectAll().execute()
  for (const row of rows) {
    if (row.log_index === null) continue
    const found = logged.get(row.id)?.find(({ index }) => index === row.log_index)
    if (found === undefined) {
      add(
        'stay_statement_not_in_log',
        row.id,
        `The row says entry ${row.log_index}; the log does not.`,
      )
      continue
    }
    const { entry } = found
    const { other, day, reason } = row
    const terms = { other, instant: row.instant?.toISOString() ?? null, day, reason }
    const same =
      entry.passage === row.passage &&
      entry.says === row.kind &&
      entry.terms === commit(row.terms_salt, committedStatement(terms)) &&
      entry.by === commit(row.by_salt, row.account) &&
      (entry.supersedes ?? null) === row.supersedes
    if (!same)
      add('stay_statement_differs', row.id, `The row was changed since entry ${row.log_index}.`)
  }
  return { stayStatements: rows.length }
}
