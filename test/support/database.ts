/** A database of its own for a test, made and dropped in a moment. */

import { randomBytes } from 'node:crypto'

import { openDatabase } from '@sallyport/store/postgres/database'
import { sql } from 'kysely'
import { inject } from 'vitest'

export type TestDatabase = { readonly url: string; drop(): Promise<void> }

/** Creates an empty database on the run's server, or on that of `serverUrl`. */
export async function makeDatabase(
  serverUrl: string = inject('databaseUrl'),
): Promise<TestDatabase> {
  return create(serverUrl, null)
}

/** Creates a database on the run's server that has every migration already, and no row. */
export async function makeMigratedDatabase(): Promise<TestDatabase> {
  return create(inject('databaseUrl'), inject('databaseTemplate'))
}

/** A copy of a database that nobody is connected to: what a backup of its rows would be. */
export async function copyDatabase({ url }: TestDatabase): Promise<TestDatabase> {
  return create(inject('databaseUrl'), new URL(url).pathname.slice(1))
}

async function create(serverUrl: string, template: string | null): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  const from = template === null ? '' : ` template ${template}`
  await administer(serverUrl, `create database ${name}${from}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () => administer(serverUrl, `drop database if exists ${name} with (force)`),
  }
}

async function administer(url: string, statement: string): Promise<void> {
  const db = openDatabase({ kind: 'url', url })
  try {
    await sql.raw(statement).execute(db)
  } finally {
    await db.destroy()
  }
}
