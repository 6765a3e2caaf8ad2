/**
 * Rows on their way into a backup: each a JSON array of the text that PostgreSQL itself writes and
 * reads for a value. Cut where the rows say, so that a day's new rows leave the old pieces as they are.
 */

import { createHash } from 'node:crypto'

import { type Kysely, sql } from 'kysely'

import type { Database } from '../schema.ts'
import type { Catalogue, Table } from './catalogue.ts'
import { backupLimits } from './limits.ts'
import type { PieceWriter } from './pieces.ts'
import type { Piece } from './snapshot.ts'

/** Says how text is spelled on the way out and in; `db` is one transaction. */
export async function setSpelling(db: Kysely<Database>): Promise<void> {
  for (const setting of [
    `statement_timeout = 0`,
    `TimeZone = 'UTC'`,
    `DateStyle = 'ISO, YMD'`,
    `IntervalStyle = 'postgres'`,
    `bytea_output = 'hex'`,
    `extra_float_digits = 1`,
  ])
    await sql.raw(`set local ${setting}`).execute(db)
}

/** All rows that the transaction sees. */
export async function copyRows(
  transaction: Kysely<Database>,
  { tables }: Catalogue,
  writer: PieceWriter,
  progress: (text: string) => void,
): Promise<readonly Piece[]> {
  const pieces: Piece[] = []
  for (const table of tables)
    pieces.push(...(await copyTable(transaction, table, writer, progress)))
  return pieces
}

async function copyTable(
  transaction: Kysely<Database>,
  table: Table,
  writer: PieceWriter,
  progress: (text: string) => void,
): Promise<readonly Piece[]> {
  const values = table.columns.map(({ name }) => sql`${sql.id(name)}::text`)
  const order = table.order.map((name) => sql.id(name))
  await sql`declare backup_rows no scroll cursor for
    select json_build_array(${sql.join(values)})::text as line from ${sql.table(table.name)}
    ${order.length === 0 ? sql`` : sql`order by ${sql.join(order)}`}`.execute(transaction)
  const pieces: Piece[] = []
  let lines: string[] = []
  let held = 0
  let rows = 0
  let from = 0
  const cut = async () => {
    if (lines.length === 0) return
    const plaintext = Buffer.from(lines.join('\n'))
    pieces.push(await writer.put({ part: 'rows', of: table.name, from, to: rows }, plaintext))
    progress(`rows: ${table.name} ${rows}`)
    lines = []
    held = 0
    from = rows
  }
  for (;;) {
    const fetched = await sql<{ line: string }>`
      fetch ${sql.lit(backupLimits.rowsAtOnce)} from backup_rows`.execute(transaction)
    for (const { line } of fetched.rows) {
      lines.push(line)
      held += line.length
      rows += 1
      const isFull = held >= backupLimits.rowsPieceMax
      if (isFull || (held >= backupLimits.rowsPieceMin && isCut(line))) await cut()
    }
    if (fetched.rows.length < backupLimits.rowsAtOnce) break
  }
  await cut()
  await sql`close backup_rows`.execute(transaction)
  return pieces
}

/** True for one row in 64, by what it says: the same rows are cut at the same places every day. */
function isCut(line: string): boolean {
  return ((createHash('sha256').update(line).digest()[0] ?? 0) & 63) === 0
}
