/** The data directory of a hub and its database, for commands that work on them without the hub. */

import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'

import { loadHubKeys } from '@sallyport/hub/keys'
import type { HubSettings } from '@sallyport/hub/settings'
import { lockDirectory } from '@sallyport/proof/node/directory-lock'
import { formatVkey, parseVkey } from '@sallyport/proof/note'
import { fsck } from '@sallyport/store/fsck'
import type { FsckReport } from '@sallyport/store/fsck-report'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import { startEmbeddedServer } from '@sallyport/store/postgres/embedded'
import { runningServerAddress } from '@sallyport/store/postgres/running'
import { vaultReader } from '@sallyport/store/vault/segments'

import { CommandFailure, exitCodes } from './exit.ts'
import { step } from './terminal.ts'

/** The directory's full path. Throws when it is none of a hub. */
export async function dataOfHub({ data }: HubSettings): Promise<string> {
  const directory = path.resolve(data)
  if ((await stat(path.join(directory, 'keys')).catch(() => null)) === null) {
    throw new CommandFailure(
      `${directory} is no data directory of a hub. Name it with --data.`,
      exitCodes.wrongUse,
    )
  }
  return directory
}

/** Locks the directory while `work` runs. `next` is what to do when a hub has it. */
export async function withLock<T>(
  directory: string,
  next: string,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(directory, { recursive: true, mode: 0o711 })
  const lock = lockDirectory(directory)
  if (lock.kind === 'refused') throw new CommandFailure(`${lock.detail} ${next}`)
  try {
    return await work()
  } finally {
    lock.release()
  }
}

/** True while a hub, or another command, has the directory. */
export function isInUse(directory: string): boolean {
  const lock = lockDirectory(directory)
  if (lock.kind === 'locked') lock.release()
  return lock.kind === 'refused' && lock.code === 'directory_in_use'
}

/** The rows of a locked directory: the settings' database, or the embedded one, started for it. */
export async function withDatabase<T>(
  { databaseUrl }: HubSettings,
  directory: string,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const server =
    databaseUrl === undefined
      ? await startEmbeddedServer({ directory: path.join(directory, 'db'), progress: step })
      : null
  const db = openDatabase(server?.address ?? { kind: 'url', url: databaseUrl ?? '' })
  try {
    return await work(db)
  } finally {
    await db.destroy()
    await server?.stop()
  }
}

/** The rows of a directory that a running hub has: its own server is asked. */
export async function withRunningDatabase<T>(
  { databaseUrl }: HubSettings,
  directory: string,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const address =
    databaseUrl === undefined
      ? await runningServerAddress(path.join(directory, 'db'))
      : ({ kind: 'url', url: databaseUrl } as const)
  if (address === null)
    throw new CommandFailure(
      `The hub of ${directory} runs, and its database was not found. Is database_url set for it?`,
    )
  const db = openDatabase(address)
  try {
    return await work(db)
  } finally {
    await db.destroy()
  }
}

/** Everything that fsck checks, of a locked directory. */
export async function checkData(
  { logOrigin }: HubSettings,
  directory: string,
  db: Db,
  progress: (text: string) => void,
): Promise<FsckReport> {
  const keys = await loadHubKeys(path.join(directory, 'keys'), false)
  return fsck({
    db,
    vault: vaultReader(path.join(directory, 'vault')),
    log: folderTiles(path.join(directory, 'log')),
    // The key is the hub's own, the name the one this log was begun under.
    kept: await keptCheckpoints(path.join(directory, 'log')),
    vkey: formatVkey((await originOfLog(directory)) ?? logOrigin, keys.log.publicKey),
    progress,
  })
}

/** Checkpoints that witnesses have cosigned: the latest, and one an hour. */
async function keptCheckpoints(log: string) {
  const hourly = await readdir(path.join(log, 'witnessed')).catch(() => [])
  const names = ['witnessed-checkpoint', ...hourly.map((name) => `witnessed/${name}`)]
  const kept = []
  for (const name of names) {
    const note = await readFile(path.join(log, name)).catch(() => null)
    if (note !== null) kept.push({ name, note })
  }
  return kept
}

/** The name under which the log of a directory was begun; null when nothing says. */
export async function originOfLog(directory: string): Promise<string | null> {
  const vkey = await readFile(path.join(directory, 'log', 'vkey'), 'utf8').catch(() => '')
  return parseVkey(vkey.trim())?.name ?? null
}
