/** Witnessed checkpoints beside the published one: the latest, and one an hour for later statements. */

import * as path from 'node:path'

import { fromUtf8, utf8 } from '@sallyport/proof/bytes'
import { type DurableFiles, nodeFiles } from '@sallyport/store/log/durable-files'

import { witnessLimits } from './limits.ts'

export const witnessedFile = 'witnessed-checkpoint'
const folderName = 'witnessed'

export type WitnessedFiles = {
  /** The latest one as it was kept; null when there is none. */
  readonly latest: string | null
  /** Replaces the latest one durably; keeps it under its size too when an hour has passed. */
  keep(note: string, size: number, now: Date): Promise<void>
  /** The one kept for exactly `size` entries; null when there is none. */
  read(size: number): Promise<string | null>
  /** Sizes of those kept, ascending. */
  sizes(): Promise<readonly number[]>
}

/** Opens them in the log's folder. */
export async function openWitnessedFiles(
  directory: string,
  files: DurableFiles = nodeFiles,
): Promise<WitnessedFiles> {
  const folder = path.join(directory, folderName)
  const target = path.join(directory, witnessedFile)
  await files.makeFolder(folder)
  await files.syncFolder(directory)
  const found = await files.read(target)
  let latest = found === null ? null : fromUtf8(found)
  let keptAt = -Infinity
  const place = async (file: string, note: string) => {
    // Not in `.tmp`, which belongs to the log's writer.
    const draft = path.join(folder, '.draft')
    await files.write(draft, utf8(note))
    await files.rename(draft, file)
    await files.syncFolder(path.dirname(file))
  }
  const sizes = async () =>
    (await files.list(folder))
      .filter((name) => /^\d{1,15}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b)
  return {
    get latest() {
      return latest
    },
    async keep(note, size, now) {
      await place(target, note)
      latest = note
      if (now.getTime() - keptAt < witnessLimits.keptEveryMs) return
      if ((await files.list(folder)).length >= witnessLimits.keptMax) return
      await place(path.join(folder, String(size)), note)
      keptAt = now.getTime()
    },
    async read(size) {
      const bytes = Number.isSafeInteger(size)
        ? await files.read(path.join(folder, String(size)))
        : null
      return bytes === null ? null : fromUtf8(bytes)
    },
    sizes,
  }
}
