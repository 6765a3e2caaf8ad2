/** Files that are there after a power cut. The spool goes through this, so that tests can break it. */

import * as fs from 'node:fs/promises'
import * as path from 'node:path'

import { syncDirectory } from '@sallyport/proof/node/sync-directory'

export type DurableFiles = {
  /** Whole file, durable under its final name when this resolves: temporary, fdatasync, rename, fsync. */
  write(file: string, bytes: Uint8Array): Promise<void>
  read(file: string): Promise<Uint8Array>
  /** Durable move within one file system. */
  move(from: string, to: string): Promise<void>
  remove(file: string): Promise<void>
  /** The plain files in a directory. */
  list(directory: string): Promise<readonly ListedFile[]>
  /** Makes a directory, readable by its owner alone, and what it holds durable. */
  directory(directory: string): Promise<void>
}

export type ListedFile = {
  readonly name: string
  readonly bytes: number
  readonly modifiedAt: Date
}

export const temporarySuffix = '.tmp'

let drafts = 0

export const durableFiles: DurableFiles = {
  async write(file, bytes) {
    // Two writes of one file at once must not take each other's draft away.
    drafts += 1
    const draft = `${file}.${drafts}${temporarySuffix}`
    try {
      const handle = await fs.open(draft, 'w', 0o600)
      try {
        await handle.writeFile(bytes)
        await handle.datasync()
      } finally {
        await handle.close()
      }
      await fs.rename(draft, file)
    } catch (error) {
      // A full disk must not stay full of halves.
      await fs.rm(draft, { force: true }).catch(() => {})
      throw error
    }
    await syncDirectory(path.dirname(file))
  },
  read: (file) => fs.readFile(file),
  async move(from, to) {
    await fs.rename(from, to)
    await syncDirectory(path.dirname(to))
    await syncDirectory(path.dirname(from))
  },
  async remove(file) {
    await fs.rm(file, { force: true })
  },
  async list(directory) {
    const entries = await fs.readdir(directory, { withFileTypes: true })
    return Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async ({ name }) => {
          const { size, mtime } = await fs.stat(path.join(directory, name))
          return { name, bytes: size, modifiedAt: mtime }
        }),
    )
  },
  async directory(directory) {
    await fs.mkdir(directory, { recursive: true, mode: 0o700 })
    await syncDirectory(directory)
  },
}
