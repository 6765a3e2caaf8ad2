/** Files in ZIP archives, each within limits that no bomb gets past. */

import { type Entry, fromBufferPromise, openPromise, type ZipFile } from 'yauzl'

import { bytesUpTo } from '../bytes-up-to.ts'
import { limits } from '../limits.ts'
import type { Found } from './found.ts'

const options = { lazyEntries: true, validateEntrySizes: true } as const

/** What an archive may still grow to, over everything in it. */
type Budget = { bytes: number; entries: number }

export function isArchive(name: string): boolean {
  return /\.zip$/i.test(name)
}

/** Everything in the archive `file`, archives within it as well, down to a few levels. */
export async function* inArchive(file: string): AsyncGenerator<Found> {
  const budget = { bytes: limits.leakArchiveBytesMax, entries: limits.leakArchiveEntriesMax }
  try {
    yield* entriesOf(await openPromise(file, options), file, 1, budget)
  } catch {
    yield { name: file, unread: 'unreadable' }
  }
}

async function* entriesOf(
  archive: ZipFile,
  prefix: string,
  depth: number,
  budget: Budget,
): AsyncGenerator<Found> {
  for await (const entry of archive.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue
    const name = `${prefix}!${entry.fileName}`
    budget.entries -= 1
    if (budget.entries < 0 || budget.bytes <= 0) {
      yield { name, unread: 'bomb' }
      return
    }
    const found = await bytesOf(archive, entry, name, budget)
    if (!('bytes' in found) || !isArchive(entry.fileName)) {
      yield found
      continue
    }
    if (depth >= limits.leakArchiveDepthMax) {
      yield { name, unread: 'nested_too_deep' }
      continue
    }
    try {
      const inner = await fromBufferPromise(Buffer.from(found.bytes), options)
      yield* entriesOf(inner, name, depth + 1, budget)
    } catch {
      yield { name, unread: 'unreadable' }
    }
  }
}

async function bytesOf(
  archive: ZipFile,
  entry: Entry,
  name: string,
  budget: Budget,
): Promise<Found> {
  if (entry.isEncrypted()) return { name, unread: 'encrypted' }
  // What an entry says of its size is checked while it is unpacked, not believed.
  if (entry.uncompressedSize > limits.leakFileBytesMax) return { name, unread: 'too_large' }
  try {
    const bytes = await bytesUpTo(
      await archive.openReadStreamPromise(entry),
      Math.min(limits.leakFileBytesMax, budget.bytes),
    )
    if (bytes === null) {
      budget.bytes = 0
      return { name, unread: 'bomb' }
    }
    budget.bytes -= bytes.length
    return { name, bytes }
  } catch {
    return { name, unread: 'unreadable' }
  }
}
