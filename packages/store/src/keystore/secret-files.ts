/** The few file operations a keystore needs, each durable or failed. Tests pass failing ones. */

import * as crypto from 'node:crypto'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'

import { syncDirectory } from '@sallyport/proof/node/sync-directory'

export type SecretFiles = {
  /** Makes a folder for its owner alone, its parents too; nothing happens when it is there. */
  makeFolder(folder: string): Promise<void>
  /** Names in a folder; throws when it is not there. */
  list(folder: string): Promise<readonly string[]>
  /** The whole file; null when it is not there. */
  read(file: string): Promise<Uint8Array | null>
  /** Durable under its name when this resolves; before that the old contents or the new, whole. */
  write(file: string, bytes: Uint8Array): Promise<void>
  /**
   * Overwrites, unlinks and puts the folder's names on the disk; nothing happens when it is not
   * there. A disk that writes elsewhere (flash, copy on write, snapshots) may keep the old blocks.
   */
  erase(file: string): Promise<void>
}

/** Ends the name of a file that is being written. */
export const draftSuffix = '.draft'

export const nodeSecretFiles: SecretFiles = {
  async makeFolder(folder) {
    await fs.mkdir(folder, { recursive: true, mode: 0o700 })
    await syncDirectory(path.dirname(folder))
  },
  list: (folder) => fs.readdir(folder),
  async read(file) {
    try {
      return await fs.readFile(file)
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  },
  async write(file, bytes) {
    const draft = `${file}${draftSuffix}`
    const handle = await fs.open(draft, 'w', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await fs.rename(draft, file)
    await syncDirectory(path.dirname(file))
  },
  async erase(file) {
    try {
      const handle = await fs.open(file, 'r+')
      try {
        const { size } = await handle.stat()
        await handle.writeFile(crypto.randomBytes(size))
        await handle.sync()
      } finally {
        await handle.close()
      }
      await fs.unlink(file)
    } catch (error) {
      if (!isMissing(error)) throw error
    }
    // Also when it was gone: the crash may have come before this.
    await syncDirectory(path.dirname(file))
  },
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
