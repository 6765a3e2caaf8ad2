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
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(serverUrl, `create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () => administer(serverUrl, `drop database if exists ${name} with (force)`),
  }
}

/** A copy of a database that nobody is connected to: what a backup of its rows would be. */
export async function copyDatabase({ url }: TestDatabase): Promise<TestDatabase> {
  const from = new URL(url)
  const name = `test_${randomBytes(8).toString('hex')}`
  const to = new URL(url)
  to.pathname = `/${name}`
  const server = new URL(inject('databaseUrl'))
  await administer(server.href, `create database ${name} template ${from.pathname.slice(1)}`)
  return {
    url: to.href,
    drop: () => administer(server.href, `drop database if exists ${name} with (force)`),
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
