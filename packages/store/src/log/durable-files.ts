/** The few file operations a log needs, each durable or failed. Tests pass failing ones. */

import * as fs from 'node:fs/promises'

import { syncDirectory } from '@sallyport/proof/node/sync-directory'

export type DurableFiles = {
  /** The whole file; null when it is not there. */
  read(path: string): Promise<Uint8Array | null>
  /** Length in bytes; null when it is not there. */
  size(path: string): Promise<number | null>
  /** Names in a folder; empty when it is not there. */
  list(folder: string): Promise<readonly string[]>
  /** Writes the whole file anew. When it resolves, the contents are on the disk. */
  write(path: string, bytes: Uint8Array): Promise<void>
  /** Renames within one file system; durable after `syncFolder` of the target's folder. */
  rename(from: string, to: string): Promise<void>
  /** Makes one folder; nothing happens when it is there. Durable after `syncFolder` of its parent. */
  makeFolder(path: string): Promise<void>
  /** Puts a folder's names on the disk. */
  syncFolder(path: string): Promise<void>
  /** Removes a file or folder with all in it; nothing happens when it is not there. */
  remove(path: string): Promise<void>
}

export const nodeFiles: DurableFiles = {
  async read(path) {
    const buffer = await orNull(fs.readFile(path))
    return buffer && new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
  },
  async size(path) {
    return (await orNull(fs.stat(path)))?.size ?? null
  },
  async list(folder) {
    return (await orNull(fs.readdir(folder))) ?? []
  },
  async write(path, bytes) {
    const file = await fs.open(path, 'w', 0o644)
    try {
      await file.writeFile(bytes)
      await file.datasync()
    } finally {
      await file.close()
    }
  },
  async rename(from, to) {
    await fs.rename(from, to)
  },
  async makeFolder(path) {
    try {
      await fs.mkdir(path)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  },
  syncFolder: syncDirectory,
  async remove(path) {
    await fs.rm(path, { recursive: true, force: true })
  },
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null
    throw error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}
