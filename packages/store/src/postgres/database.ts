/** A connection pool to PostgreSQL, as Kysely. The only place that knows the driver. */

import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'

import type { Database } from '../schema.ts'

export type Db = Kysely<Database>

/** Where the server is: a URL of the operator's own, or the socket directory of the embedded one. */
export type DatabaseAddress =
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'socket'
      readonly directory: string
      readonly port: number
      readonly user: string
      readonly database: string
    }

export const databaseLimits = {
  connectionsMax: 12,
  connectMsMax: 5_000,
  statementMsMax: 30_000,
} as const

const typeIds = { int8: 20, date: 1082, uuid: 2950 } as const

/** Opens a pool; nothing is connected until the first query. The caller destroys it. */
export function openDatabase(address: DatabaseAddress): Db {
  const types = new pg.TypeOverrides()
  types.setTypeParser(typeIds.int8, Number)
  types.setTypeParser(typeIds.date, (text) => text)
  // Ids are 32 hex digits everywhere else; PostgreSQL takes that form but answers with dashes.
  types.setTypeParser(typeIds.uuid, (text) => text.replaceAll('-', ''))
  const pool = new pg.Pool({
    ...(address.kind === 'url'
      ? { connectionString: address.url }
      : {
          host: address.directory,
          port: address.port,
          user: address.user,
          database: address.database,
        }),
    max: databaseLimits.connectionsMax,
    connectionTimeoutMillis: databaseLimits.connectMsMax,
    statement_timeout: databaseLimits.statementMsMax,
    types,
  })
  // An idle connection that breaks (server restarted) is replaced at the next query.
  pool.on('error', () => undefined)
  // One that breaks while it is in use: its query rejects, and that is where it is handled.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
}

/** True for failures that a retry after the server's return can mend, as against a wrong query. */
export function isDatabaseDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return (
    /^(ECONN|ENOENT|EPIPE|ETIMEDOUT|57P0|08|53|58)/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|driver has already been destroyed/i.test(
      error.message,
    )
  )
}

/** True when the server is well and refuses the values themselves: no retry will store them. */
export function isRowRefused(error: unknown): boolean {
  // SQLSTATE class 22 (data exception) and unique_violation. Not all of class 23: a month without its
  // partition is one too, and that is made good.
  return error instanceof Error && 'code' in error && /^(22|23505)/.test(String(error.code))
}

/** Server version as a number (180004 for 18.4). Throws when the server does not answer. */
export async function serverVersion(db: Db): Promise<number> {
  const { rows } = await sql<{
    version: string
  }>`select current_setting('server_version_num') as version`.execute(db)
  return Number(rows[0]?.version)
}
