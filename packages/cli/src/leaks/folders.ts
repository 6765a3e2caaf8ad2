/** Files on this machine: one, a folder with all that is in it, or one that is watched. */

import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { inArchive, isArchive } from './archives.ts'
import type { Found } from './found.ts'

/** A file, an archive, or everything in a folder. Throws when there is no such path. */
export async function* at(place: string): AsyncGenerator<Found> {
  const what = await stat(place).catch((error: unknown) => {
    throw new CommandFailure(`There is nothing at ${place}.`, exitCodes.wrongUse, { cause: error })
  })
  if (!what.isDirectory()) return yield* oneFile(place)
  for await (const file of filesIn(place)) yield* oneFile(file)
}

/** What comes into a folder, once it has stopped growing, until `stop` says so. */
export async function* comingInto(folder: string, stop: AbortSignal): AsyncGenerator<Found> {
  const sizes = new Map<string, number>()
  const taken = new Set<string>()
  while (!stop.aborted) {
    for await (const file of filesIn(folder)) {
      if (taken.has(file)) continue
      const size = (await stat(file).catch(() => null))?.size
      if (size === undefined) continue
      if (sizes.get(file) !== size) {
        sizes.set(file, size)
        continue
      }
      taken.add(file)
      sizes.delete(file)
      yield* oneFile(file)
    }
    await wait(limits.leakWatchMs, undefined, { signal: stop }).catch(() => undefined)
  }
}

async function* oneFile(file: string): AsyncGenerator<Found> {
  if (isArchive(file)) return yield* inArchive(file)
  try {
    if ((await stat(file)).size > limits.leakFileBytesMax) yield { name: file, unread: 'too_large' }
    else yield { name: file, bytes: await readFile(file) }
  } catch {
    yield { name: file, unread: 'unreadable' }
  }
}

/** In the order of names; links are not followed, so that no ring is walked for ever. */
async function* filesIn(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* filesIn(file)
    else if (entry.isFile()) yield file
  }
}
