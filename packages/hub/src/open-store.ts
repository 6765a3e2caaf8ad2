/** What a hub keeps its rows in: the data directory, locked, and the database, migrated. */

import { mkdir } from 'node:fs/promises'
import path from 'node:path'

import { lockDirectory } from '@sallyport/proof/node/directory-lock'
import { readMark } from '@sallyport/store/backup/restored-mark'
import { migrate } from '@sallyport/store/migrate'
import { type Db, openDatabase, serverVersion } from '@sallyport/store/postgres/database'
import { startEmbeddedServer } from '@sallyport/store/postgres/embedded'

import type { HubOptions } from './hub.ts'
import { HubStartError } from './start-error.ts'

/** One hub to a data directory: two would write two logs under one name. */
export async function lockData(data: string): Promise<() => Promise<void>> {
  // Passable for the database's own user when the hub runs as root; what is in it is closed.
  await mkdir(data, { recursive: true, mode: 0o711 })
  const locked = lockDirectory(data)
  if (locked.kind === 'refused') {
    const next =
      locked.code === 'directory_in_use'
        ? 'End it first, or choose another directory with --data.'
        : 'Make the directory writable for the hub, or choose another with --data.'
    throw new HubStartError(locked.code, `${locked.detail} ${next}`)
  }
  return async () => locked.release()
}

/** A directory that a restore made, or that a final backup left, is not signed in before it is said how. */
export async function expectOwnData(data: string): Promise<void> {
  const mark = await readMark(data)
  switch (mark?.state) {
    case undefined:
      return
    case 'restoring':
      throw new HubStartError(
        'restore_unfinished',
        `A restore into ${data} did not come to its end. Remove the directory and restore again.`,
      )
    case 'retired':
      throw new HubStartError(
        'hub_retired',
        `The final backup of ${data} was made; the hub goes on where that was restored. If it never was, remove ${path.join(data, 'restored.json')}: two hubs that go on sign two histories.`,
      )
    case 'restored':
      throw new HubStartError(
        'log_restored',
        `${data} was restored from a backup, and others may have seen more of its log: a hub that went on would sign two histories. Say how the log goes on: sallyport log continue --data ${data} --from MIRROR, or --as NEW_NAME when the rest is lost.`,
      )
  }
}

/** Opens the database, starting the embedded one where none is named. Throws for the operator. */
export async function openStore(
  { settings, progress, report }: HubOptions,
  data: string,
  undo: (() => Promise<void>)[],
): Promise<Db> {
  let db: Db
  if (settings.databaseUrl === undefined) {
    const server = await startEmbeddedServer({
      directory: path.join(data, 'db'),
      ...(progress === undefined ? {} : { progress }),
      ...(report === undefined ? {} : { report }),
    })
    undo.push(() => server.stop())
    db = openDatabase(server.address)
  } else {
    db = openDatabase({ kind: 'url', url: settings.databaseUrl })
  }
  undo.push(() => db.destroy())
  await reach(db)
  await migrate(db)
  return db
}

/** A database that is down is told apart from one that refuses the schema. */
async function reach(db: Db): Promise<void> {
  try {
    await serverVersion(db)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new HubStartError(
      'database_down',
      `The database does not answer (${reason}). Start it, or check database_url.`,
      { cause: error },
    )
  }
}
