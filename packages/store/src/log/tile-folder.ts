/** Writes a log's files so that each is whole and durable under its name, or not there. */

import * as path from 'node:path'

import type { TileFile } from '@sallyport/proof/tree-edge'

import type { DurableFiles } from './durable-files.ts'

/** Beside the tiles, on the same file system; emptied at every start. */
export const temporaryFolder = '.tmp'

export class TileFolder {
  readonly #root: string
  readonly #files: DurableFiles
  /** Folders whose own names are on the disk. */
  readonly #durable = new Set<string>()

  constructor(root: string, files: DurableFiles) {
    this.#root = root
    this.#files = files
    this.#durable.add(path.resolve(root))
  }

  /** Makes the folder where there is none, and clears what an earlier process left half written. */
  async prepare(): Promise<void> {
    const missing: string[] = []
    for (let at = path.resolve(this.#root); ; at = path.dirname(at)) {
      if ((await this.#files.size(at)) !== null) break
      missing.push(at)
    }
    for (const folder of missing.toReversed()) {
      await this.#files.makeFolder(folder)
      await this.#files.syncFolder(path.dirname(folder))
    }
    await this.#files.remove(path.join(this.#root, temporaryFolder))
    await this.#files.makeFolder(path.join(this.#root, temporaryFolder))
  }

  /** Writes all `tiles`; when it resolves, contents and names are on the disk. */
  async writeTiles(tiles: readonly TileFile[]): Promise<void> {
    const unsynced = new Set<string>()
    const made: string[] = []
    for (const tile of tiles) {
      await this.#makeFolders(path.dirname(path.resolve(this.#root, tile.path)), unsynced, made)
    }
    await settled(
      tiles.map(async (tile, at) => this.#files.write(this.#temporary(`tile-${at}`), tile.bytes)),
    )
    for (const [at, tile] of tiles.entries()) {
      const target = path.resolve(this.#root, tile.path)
      await this.#files.rename(this.#temporary(`tile-${at}`), target)
      unsynced.add(path.dirname(target))
    }
    await settled([...unsynced].map(async (folder) => this.#files.syncFolder(folder)))
    for (const folder of made) this.#durable.add(folder)
  }

  /** Replaces one file at the top. When it resolves, the new contents are what a restart finds. */
  async publish(name: string, bytes: Uint8Array): Promise<void> {
    const temporary = this.#temporary(name)
    await this.#files.write(temporary, bytes)
    await this.#files.rename(temporary, path.join(this.#root, name))
    await this.#files.syncFolder(this.#root)
  }

  /** Removes folders of partial tiles whose full tile is published. What stays does no harm. */
  async removeSuperseded(folders: readonly string[]): Promise<void> {
    for (const folder of folders) {
      const full = path.resolve(this.#root, folder)
      this.#durable.delete(full)
      await this.#files.remove(full).catch(() => undefined)
    }
  }

  #temporary(name: string): string {
    return path.join(this.#root, temporaryFolder, name)
  }

  async #makeFolders(folder: string, unsynced: Set<string>, made: string[]): Promise<void> {
    if (this.#durable.has(folder) || made.includes(folder)) return
    await this.#makeFolders(path.dirname(folder), unsynced, made)
    await this.#files.makeFolder(folder)
    // Also when it was there: an earlier process may have died before its name was on the disk.
    unsynced.add(path.dirname(folder))
    made.push(folder)
  }
}

/** Waits for all, then throws the first failure: nothing may still be writing when it is told. */
async function settled(works: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) {
    if (result.status === 'rejected') throw result.reason
  }
}
