/** One PostgreSQL for the whole run: the embedded one, or SALLYPORT_TEST_DATABASE_URL. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { startEmbeddedServer } from '@sallyport/store/postgres/embedded'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of a database in which others may be created. */
    databaseUrl: string
  }
}

export async function setup(project: TestProject): Promise<(() => Promise<void>) | void> {
  const given = process.env['SALLYPORT_TEST_DATABASE_URL']
  if (given !== undefined) {
    project.provide('databaseUrl', given)
    return
  }
  const directory = await mkdtemp(path.join(tmpdir(), 'sallyport-test-'))
  // Root's server runs as another user, who must be able to enter.
  const { chmod } = await import('node:fs/promises')
  await chmod(directory, 0o711)
  const server = await startEmbeddedServer({ directory: path.join(directory, 'db') })
  const { user, directory: host, port, database } = server.address
  project.provide(
    'databaseUrl',
    `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
  )
  return async () => {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  }
}
