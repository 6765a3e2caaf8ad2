/** Rows out of a backup into an empty database, in one transaction: all of them or none. */

import { type Kysely, sql, type Transaction } from 'kysely'

import { migrate } from '../migrate.ts'
import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'
import { type Catalogue, readCatalogue, type Table } from './catalogue.ts'
import { setSpelling } from './rows-out.ts'
import type { Piece } from './snapshot.ts'

export type LoadOptions = {
  readonly catalogue: Catalogue
  readonly pieces: readonly Piece[]
  /** The lines of a piece. */
  readonly open: (piece: Piece) => Promise<Uint8Array>
  readonly progress: (text: string) => void
}

/**
 * Makes the tables as they were then, fills them, and brings them to the newest schema. Throws when
 * the backup is of a newer version than this program.
 */
export async function loadRows(db: Db, options: LoadOptions): Promise<{ readonly rows: number }> {
  const { catalogue, pieces, open, progress } = options
  await migrate(db, catalogue.migrations)
  let rows = 0
  await db.transaction().execute(async (transaction) => {
    await setSpelling(transaction)
    for (const { name, of, bound } of catalogue.partitions) {
      if (!monthBound.test(bound)) throw new Error(`The partition ${name} is none of a month.`)
      await sql`create table if not exists ${sql.id(name)} partition of ${sql.table(of)} ${sql.raw(bound)}`.execute(
        transaction,
      )
    }
    // What the backup calls its columns is compared, and never becomes SQL: only our own schema does.
    const { tables } = await readCatalogue(transaction)
    // Migrations put rows of their own into some tables; the backup has those, and what became of them.
    await sql`truncate ${sql.join(tables.map(({ name }) => sql.table(name)))}`.execute(transaction)
    const constraints = await deferReferences(transaction)
    for (const piece of pieces) {
      const table = tables.find(({ name }) => name === piece.of)
      const theirs = catalogue.tables.find(({ name }) => name === piece.of)
      if (table === undefined || namesOf(table) !== namesOf(theirs))
        throw new Error(`The backup's table ${piece.of} is not the one that its migrations make.`)
      rows += await insertLines(transaction, table, await open(piece), piece)
      progress(`rows: ${piece.of} ${piece.to}`)
    }
    await restoreReferences(transaction, constraints)
    for (const { name, value } of catalogue.sequences)
      await sql`select setval(${name}::regclass, ${value})`.execute(transaction)
  })
  await migrate(db)
  return { rows }
}

const monthBound = /^FOR VALUES FROM \('[\d :+-]+'\) TO \('[\d :+-]+'\)$/

function namesOf(table: Table | undefined): string {
  return table?.columns.map(({ name }) => name).join(' ') ?? ''
}

async function insertLines(
  transaction: Transaction<Database>,
  { name, columns }: Table,
  lines: Uint8Array,
  piece: Piece,
): Promise<number> {
  // One parameter for all: the server reads the lines itself.
  const json = `[${Buffer.from(lines).toString('utf8').replaceAll('\n', ',')}]`
  const values = columns.map(
    (column, at) => sql`(line ->> ${sql.lit(at)})::${sql.raw(column.type)}`,
  )
  const { numAffectedRows } = await sql`
    insert into ${sql.table(name)} (${sql.join(columns.map((column) => sql.id(column.name)))})
    overriding system value
    select ${sql.join(values)} from json_array_elements(${json}::json) as line`.execute(transaction)
  const inserted = Number(numAffectedRows)
  if (inserted !== piece.to - piece.from)
    throw new Error(`${name}: ${inserted} rows in a piece of ${piece.to - piece.from}.`)
  return inserted
}

type Reference = { readonly table: string; readonly name: string }

/** Tables refer to each other, and to themselves: what they refer to may come later. */
async function deferReferences(transaction: Kysely<Database>): Promise<readonly Reference[]> {
  const { rows } = await sql<Reference>`
    select conrelid::regclass::text as table, conname as name from pg_constraint
    where contype = 'f' and conparentid = 0 and not condeferrable
      and connamespace = current_schema()::regnamespace`.execute(transaction)
  for (const { table, name } of rows)
    await sql`alter table ${sql.raw(table)} alter constraint ${sql.id(name)} deferrable initially deferred`.execute(
      transaction,
    )
  return rows
}

async function restoreReferences(
  transaction: Kysely<Database>,
  references: readonly Reference[],
): Promise<void> {
  await sql`set constraints all immediate`.execute(transaction)
  for (const { table, name } of references)
    await sql`alter table ${sql.raw(table)} alter constraint ${sql.id(name)} not deferrable`.execute(
      transaction,
    )
}
