/** The rows that fsck compares, a page at a time. */

import { type RawBuilder, sql } from 'kysely'

import type { FaceRow } from './faces/faces.ts'
import type { Db } from './postgres/database.ts'

export const pageRows = 500

/** All rows of a partitioned table, a page at a time, by (received_at, id). */
export async function* pages<Table extends keyof Columns>(
  db: Db,
  table: Table,
  columns: readonly (keyof Columns[Table] & string)[],
): AsyncGenerator<Columns[Table]> {
  let after: { readonly received_at: Date; readonly id: string } | null = null
  for (;;) {
    const where: RawBuilder<unknown> =
      after === null
        ? sql`true`
        : sql`(received_at, id) > (${after.received_at}, ${after.id}::uuid)`
    const page: { rows: Columns[Table][] } = await sql<Columns[Table]>`
      select ${sql.join(columns.map((column) => sql.id(column)))} from ${sql.table(table)}
      where ${where} order by received_at, id limit ${pageRows}`.execute(db)
    yield* page.rows
    const last = page.rows.at(-1)
    if (last === undefined || page.rows.length < pageRows) return
    after = { received_at: last.received_at, id: last.id }
  }
}

type Columns = {
  crossing: {
    id: string
    received_at: Date
    device: string
    sequence: number
    manifest: Buffer
    manifest_sha256: Buffer
    signature: Buffer
    log_index: number | null
  }
  capture: {
    id: string
    received_at: Date
    sha256: Buffer
    bytes: number
    header: Buffer
    segment: number | null
    position: number | null
    shredded_at: Date | null
  }
  face: Pick<
    FaceRow,
    'id' | 'received_at' | 'crossing' | 'capture' | 'outcome' | 'calibration' | 'salt' | 'log_index'
  >
}
