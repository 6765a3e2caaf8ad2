/** One PostgreSQL for the whole run: the embedded one, or SALLYPORT_TEST_DATABASE_URL. */

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { migrate } from '@sallyport/store/migrate'
import { openDatabase } from '@sallyport/store/postgres/database'
import { startEmbeddedServer } from '@sallyport/store/postgres/embedded'
import { sql } from 'kysely'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of a database in which others may be created. */
    databaseUrl: string
    /** Name of a database with every migration and no row, which nobody is connected to. */
    databaseTemplate: string
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['SALLYPORT_TEST_DATABASE_URL']
  const server = given === undefined ? await startServer() : { url: given, stop: async () => {} }
  const template = await makeTemplate(server.url)
  project.provide('databaseUrl', server.url)
  project.provide('databaseTemplate', template)
  return async () => {
    await execute(server.url, [`drop database ${template}`])
    await server.stop()
  }
}

async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sallyport-test-'))
  // Root's server runs as another user, who must be able to enter.
  const { chmod } = await import('node:fs/promises')
  await chmod(directory, 0o711)
  const server = await startEmbeddedServer({ directory: path.join(directory, 'db') })
  const { user, directory: host, port, database } = server.address
  const url = `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
  // Only a power cut would show the difference, and no test ends this server. Dropping a database
  // waits for the disk otherwise.
  await execute(url, ['alter system set fsync = off', 'select pg_reload_conf()'])
  return {
    url,
    async stop() {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Copying it takes a sixtieth of what applying every migration takes. */
async function makeTemplate(serverUrl: string): Promise<string> {
  const name = `test_template_${randomBytes(8).toString('hex')}`
  await execute(serverUrl, [`create database ${name}`])
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const db = openDatabase({ kind: 'url', url: url.href })
  try {
    await migrate(db)
  } finally {
    await db.destroy()
  }
  return name
}

async function execute(url: string, statements: readonly string[]): Promise<void> {
  const db = openDatabase({ kind: 'url', url })
  try {
    for (const statement of statements) await sql.raw(statement).execute(db)
  } finally {
    await db.destroy()
  }
}
