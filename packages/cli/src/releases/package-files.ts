/**
 * The files of a release as its recipient has them: a folder, or the ZIP. Every byte is a stranger's
 * until the manifest's signature says otherwise.
 */

import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'

import { type Entry, openPromise, type ZipFile } from 'yauzl'

import { bytesUpTo } from '../bytes-up-to.ts'
import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'

export type PackageFiles = {
  readonly names: readonly string[]
  /** Null when it is larger than `bytesMax`, or damaged. */
  read(name: string, bytesMax: number): Promise<Uint8Array | null>
  close(): Promise<void>
}

const tooMany = 'has more files than a release'

/** Opens a folder or ZIP. Throws for the person when it is neither. */
export async function openPackage(where: string): Promise<PackageFiles> {
  const found = await stat(where).catch(() => null)
  if (found === null) throw wrong(where, 'is not there')
  return found.isDirectory() ? folder(where) : zip(where)
}

async function folder(where: string): Promise<PackageFiles> {
  const names = await readdir(where)
  if (names.length > limits.releaseFilesMax) throw wrong(where, tooMany)
  return {
    names,
    async read(name, bytesMax) {
      const file = path.join(where, name)
      const found = await stat(file)
      return found.isFile() && found.size <= bytesMax ? readFile(file) : null
    },
    close: () => Promise.resolve(),
  }
}

/** Stored or deflated files of a ZIP. */
async function zip(where: string): Promise<PackageFiles> {
  const archive = await openPromise(where, { autoClose: false, validateEntrySizes: true }).catch(
    (error: unknown) => {
      throw wrong(where, `is no folder and no whole ZIP (${(error as Error).message})`)
    },
  )
  try {
    const entries = await listed(archive, where)
    return {
      names: [...entries.keys()],
      async read(name, bytesMax) {
        const entry = entries.get(name)
        if (entry === undefined) throw new Error(`${name} is not among the names`)
        const { compressedSize: packed, uncompressedSize: unpacked } = entry
        if (packed > bytesMax || unpacked > bytesMax) return null
        const stream = await archive.openReadStreamPromise(entry).catch(() => {
          throw wrong(where, 'is damaged')
        })
        // What does not unpack to the length it claims is not the file.
        const bytes = await bytesUpTo(stream, unpacked).catch(() => null)
        return bytes?.length === unpacked ? bytes : null
      },
      close: () => Promise.resolve(archive.close()),
    }
  } catch (error) {
    archive.close()
    throw error
  }
}

async function listed(archive: ZipFile, where: string): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>()
  if (archive.entryCount > limits.releaseFilesMax) throw wrong(where, tooMany)
  let room: number = limits.releaseDirectoryBytesMax
  const each = archive.eachEntry()
  for (;;) {
    const next = await each.next().catch(() => {
      throw wrong(where, 'is damaged')
    })
    if (next.done === true) return entries
    const entry = next.value
    room -= entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength
    if (room < 0) throw wrong(where, 'has longer names than a release')
    if (!entry.canDecodeFileData()) throw wrong(where, 'is packed in a way that is not read')
    // Two files of one name: what is checked might not be what is opened.
    if (entries.has(entry.fileName)) throw wrong(where, 'names a file twice')
    entries.set(entry.fileName, entry)
  }
}

function wrong(where: string, what: string): CommandFailure {
  return new CommandFailure(
    `${where} ${what}. Name the folder or ZIP as the agency sent it, or ask for it again.`,
    exitCodes.wrongUse,
  )
}
