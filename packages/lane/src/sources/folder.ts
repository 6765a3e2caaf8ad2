/** A folder of photographs: each one is one pass. They are read and left as they are. */

import * as fs from 'node:fs/promises'
import * as path from 'node:path'

import { isPictureName, pictureExtensions } from '@sallyport/vision/picture-files'

import type { Clock } from '../clock.ts'
import { type Report, reasonOf } from '../events.ts'
import { limits } from '../limits.ts'
import { type Frame, type OpenedSource, refuseSource } from './source.ts'

export type FolderSettings = {
  /** Wait between two photographs. */
  readonly everyMs: number
  /** Begin again after the last one. */
  readonly repeat: boolean
}

/** Opens a folder; refuses one that cannot be read or holds no photograph. */
export async function openFolder(
  folder: string,
  settings: FolderSettings,
  { clock, report }: { readonly clock: Clock; readonly report: Report },
): Promise<OpenedSource> {
  let names: readonly string[]
  try {
    const entries = await fs.readdir(folder, { withFileTypes: true })
    names = entries
      .filter((entry) => entry.isFile() && isPictureName(entry.name) && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .toSorted()
      .slice(0, limits.folderPicturesMax)
  } catch (error) {
    return refuseSource(
      'folder_unreadable',
      `The folder ${folder} cannot be read (${reasonOf(error)}). Name one of photographs with --source folder:DIR.`,
    )
  }
  if (names.length === 0) {
    return refuseSource(
      'folder_empty',
      `${folder} holds no pictures (${pictureExtensions.join(' ')}). Put some there, or name another folder.`,
    )
  }

  async function* frames(signal: AbortSignal): AsyncGenerator<Frame, void> {
    do {
      for (const name of names) {
        if (signal.aborted) return
        const image = await readPicture(path.join(folder, name))
        if (typeof image === 'string') {
          report({ event: 'picture_refused', code: image })
          continue
        }
        yield { image, takenAt: clock.now(), monotonicMs: clock.monotonicMs(), pass: 'whole' }
        await clock.sleep(settings.everyMs, signal)
      }
      // A folder of nothing but refused files must not spin.
      if (settings.repeat) await clock.sleep(Math.max(100, settings.everyMs), signal)
    } while (settings.repeat && !signal.aborted)
  }
  return { kind: 'source', source: { kind: 'photographs', name: 'folder', frames } }
}

/** The file's bytes, or the code of why they are not taken. */
async function readPicture(
  file: string,
): Promise<Uint8Array | 'too_many_bytes' | 'unreadable_file'> {
  try {
    // A name may have become a pipe or a device since it was listed.
    const stat = await fs.stat(file)
    if (!stat.isFile()) return 'unreadable_file'
    if (stat.size > limits.pictureBytesMax) return 'too_many_bytes'
    return await fs.readFile(file)
  } catch {
    return 'unreadable_file'
  }
}
