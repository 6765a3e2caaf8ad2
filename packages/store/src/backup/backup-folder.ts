/**
 * The folder that a backup lies in: sealed objects that are never changed, and numbered snapshots.
 * A snapshot exists once its note does, and its note is written last.
 */

import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'

import { syncDirectory } from '@sallyport/proof/node/sync-directory'

export type BackupFolder = {
  readonly directory: string
  /** Length of an object; null when it is not there. An object under its name is whole. */
  objectBytes(object: string): Promise<number | null>
  /** Throws when it is not there. */
  readObject(object: string): Promise<Uint8Array>
  /** Durable, but for its name: `syncNames` does that for all. */
  writeObject(object: string, bytes: Uint8Array): Promise<void>
  syncNames(): Promise<void>
  /** Every object, in no order. */
  objects(): AsyncGenerator<string>
  removeObject(object: string): Promise<void>
  /** Numbers of the snapshots, ascending. */
  snapshots(): Promise<readonly number[]>
  /** The list and its note; null when there is no such snapshot. */
  readSnapshot(
    number: number,
  ): Promise<{ readonly list: Uint8Array; readonly note: Uint8Array } | null>
  writeSnapshot(number: number, list: Uint8Array, note: string): Promise<void>
  removeSnapshot(number: number): Promise<void>
  /** The key that signs, as the folder says; null when it says none. */
  vkey(): Promise<string | null>
  writeVkey(vkey: string): Promise<void>
}

/** The backup in `directory`, which need not be there to be read as an empty one. */
export function backupFolder(directory: string): BackupFolder {
  const objects = path.join(directory, 'objects')
  const snapshots = path.join(directory, 'snapshots')
  const unsynced = new Set<string>()
  const place = (object: string) => path.join(objects, object.slice(0, 2), `${object}.age`)
  const named = (number: number, kind: string) =>
    path.join(snapshots, `${String(number).padStart(6, '0')}.${kind}`)

  async function write(file: string, bytes: Uint8Array | string): Promise<void> {
    const folder = path.dirname(file)
    const made = await mkdir(folder, { recursive: true, mode: 0o700 })
    if (made !== undefined) unsynced.add(path.dirname(folder)).add(directory)
    // Written beside and renamed: what has its name is whole, also after an interruption.
    const draft = path.join(folder, `.${randomBytes(8).toString('hex')}.part`)
    try {
      const handle = await open(draft, 'wx', 0o600)
      try {
        await handle.writeFile(bytes)
        await handle.datasync()
      } finally {
        await handle.close()
      }
      await rename(draft, file)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
    unsynced.add(folder)
  }

  async function syncNames(): Promise<void> {
    for (const folder of unsynced) await syncDirectory(folder)
    unsynced.clear()
  }

  return {
    directory,
    objectBytes: async (object) => (await orNull(stat(place(object))))?.size ?? null,
    readObject: (object) => readFile(place(object)),
    writeObject: (object, bytes) => write(place(object), bytes),
    syncNames,
    async *objects() {
      for (const folder of await namesIn(objects)) {
        for (const name of await namesIn(path.join(objects, folder))) {
          const object = /^([0-9a-f]{64})\.age$/.exec(name)?.[1]
          if (object !== undefined) yield object
        }
      }
    },
    removeObject: (object) => rm(place(object), { force: true }),
    async snapshots() {
      return (await namesIn(snapshots))
        .flatMap((name) => /^(\d{6})\.note$/.exec(name)?.[1] ?? [])
        .map(Number)
        .toSorted((a, b) => a - b)
    },
    async readSnapshot(number) {
      const [list, note] = await Promise.all([
        orNull(readFile(named(number, 'json'))),
        orNull(readFile(named(number, 'note'))),
      ])
      return list === null || note === null ? null : { list, note }
    },
    async writeSnapshot(number, list, note) {
      await write(named(number, 'json'), list)
      await syncNames()
      await write(named(number, 'note'), note)
      await syncNames()
    },
    async removeSnapshot(number) {
      // The note first: a list without one is nothing.
      await rm(named(number, 'note'), { force: true })
      await syncDirectory(snapshots)
      await rm(named(number, 'json'), { force: true })
    },
    vkey: async () =>
      (await orNull(readFile(path.join(directory, 'vkey'), 'utf8')))?.trim() ?? null,
    async writeVkey(vkey) {
      await write(path.join(directory, 'vkey'), `${vkey}\n`)
      await syncNames()
    },
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await orNull(readdir(folder))) ?? []
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
