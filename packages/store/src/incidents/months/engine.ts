/** The second engine: DuckDB in this process, over files of one folder, without a network. */

import type { DuckDBConnection } from '@duckdb/node-api'

import { monthLimits } from './limits.ts'

/** One column of rows that are handed over: `big` is a whole number, as a number. */
export type ColumnType = 'text' | 'big'

export type Engine = {
  run(statement: string): Promise<void>
  /** Rows with their values as DuckDB has them. */
  rows(statement: string, values?: readonly string[]): Promise<readonly Record<string, unknown>[]>
  /** Appends rows to a table of these columns. */
  append(
    table: string,
    types: readonly ColumnType[],
    rows: readonly (readonly (string | number | null)[])[],
  ): Promise<void>
  close(): void
}

/** Null where this platform has no DuckDB, or it was not installed: it is an optional dependency. */
export async function loadEngine(): Promise<typeof import('@duckdb/node-api') | null> {
  return import('@duckdb/node-api').catch(() => null)
}

/** Opens an engine that reads and writes in `folder` alone; what memory has no room for goes to `spill`. */
export async function openEngine(
  duckdb: typeof import('@duckdb/node-api'),
  folder: string,
  spill: string,
): Promise<Engine> {
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    threads: String(monthLimits.threads),
    memory_limit: monthLimits.memory,
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
  })
  const connection = await instance.connect()
  await connection.run(`set allowed_directories = [${quoted(folder)}]`)
  await connection.run('set enable_external_access = false')
  await connection.run('set lock_configuration = true')
  return {
    async run(statement) {
      await connection.run(statement)
    },
    async rows(statement, values = []) {
      const reader = await connection.runAndReadAll(statement, [...values])
      return reader.getRowObjects()
    },
    append: (table, types, rows) => append(duckdb, connection, { table, types, rows }),
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** A text as SQL writes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

async function append(
  duckdb: typeof import('@duckdb/node-api'),
  connection: DuckDBConnection,
  {
    table,
    types,
    rows,
  }: {
    readonly table: string
    readonly types: readonly ColumnType[]
    readonly rows: readonly (readonly (string | number | null)[])[]
  },
): Promise<void> {
  const appender = await connection.createAppender(table)
  const chunkRows = 2_048
  for (let from = 0; from < rows.length; from += chunkRows) {
    const some = rows.slice(from, from + chunkRows)
    const chunk = duckdb.DuckDBDataChunk.create(
      types.map((type) => (type === 'text' ? duckdb.VARCHAR : duckdb.BIGINT)),
    )
    chunk.setRows(
      some.map((row) => row.map((value) => (typeof value === 'number' ? BigInt(value) : value))),
    )
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}
