/**
 * The files of a release as its recipient has them: a folder, or the ZIP. Every byte is a stranger's
 * until the manifest's signature says otherwise.
 */

import { open, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { inflateRawSync } from 'node:zlib'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'

export type PackageFiles = {
  readonly names: readonly string[]
  /** Null when it is larger than `bytesMax`. */
  read(name: string, bytesMax: number): Promise<Uint8Array | null>
  close(): Promise<void>
}

/** Opens a folder or ZIP. Throws for the person when it is neither. */
export async function openPackage(where: string): Promise<PackageFiles> {
  const found = await stat(where).catch(() => null)
  if (found === null) throw wrong(where, 'is not there')
  return found.isDirectory() ? folder(where) : zip(where, found.size)
}

async function folder(where: string): Promise<PackageFiles> {
  const names = await readdir(where)
  if (names.length > limits.releaseFilesMax) throw wrong(where, 'has more files than a release')
  return {
    names,
    async read(name, bytesMax) {
      const file = path.join(where, name)
      const { size } = await stat(file)
      return size > bytesMax ? null : readFile(file)
    },
    close: () => Promise.resolve(),
  }
}

type Listed = {
  readonly method: number
  readonly packed: number
  readonly bytes: number
  readonly position: number
}

const [endBytes, listedBytes, localBytes] = [22, 46, 30]
const [endMagic, listedMagic, localMagic] = [0x06054b50, 0x02014b50, 0x04034b50]

/** Stored or deflated files of a ZIP (APPNOTE 6.3.3) without ZIP64. */
async function zip(where: string, size: number): Promise<PackageFiles> {
  const handle = await open(where, 'r')
  async function at(position: number, bytes: number): Promise<Buffer> {
    const buffer = Buffer.alloc(bytes)
    const { bytesRead } = await handle.read(buffer, 0, bytes, position)
    if (bytesRead !== bytes) throw wrong(where, 'is cut off')
    return buffer
  }
  try {
    const files = await listed(where, size, at)
    return {
      names: [...files.keys()],
      async read(name, bytesMax) {
        const file = files.get(name)
        if (file === undefined) throw new Error(`${name} is not among the names`)
        if (file.bytes > bytesMax || file.packed > bytesMax) return null
        const local = await at(file.position, localBytes)
        if (local.readUInt32LE(0) !== localMagic) throw wrong(where, 'is damaged')
        const begin = file.position + localBytes + local.readUInt16LE(26) + local.readUInt16LE(28)
        const packed = await at(begin, file.packed)
        if (file.method === 0) return packed
        try {
          return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytesMax) })
        } catch {
          return null
        }
      },
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function listed(
  where: string,
  size: number,
  at: (position: number, bytes: number) => Promise<Buffer>,
): Promise<ReadonlyMap<string, Listed>> {
  if (size < endBytes) throw wrong(where, 'is no folder and no ZIP')
  const tail = await at(Math.max(0, size - endBytes - 65_535), Math.min(size, endBytes + 65_535))
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0 || end + endBytes > tail.length || tail.readUInt32LE(end) !== endMagic)
    throw wrong(where, 'is no folder and no ZIP')
  const count = tail.readUInt16LE(end + 10)
  const bytes = tail.readUInt32LE(end + 12)
  if (count > limits.releaseFilesMax || bytes > limits.releaseDirectoryBytesMax)
    throw wrong(where, 'has more files than a release')
  const directory = await at(tail.readUInt32LE(end + 16), bytes)
  const files = new Map<string, Listed>()
  for (let from = 0; files.size < count;) {
    if (from + listedBytes > directory.length || directory.readUInt32LE(from) !== listedMagic)
      throw wrong(where, 'is damaged')
    const length = directory.readUInt16LE(from + 28)
    const name = directory.toString('utf8', from + listedBytes, from + listedBytes + length)
    const method = directory.readUInt16LE(from + 10)
    if (method !== 0 && method !== 8) throw wrong(where, 'is packed in a way that is not read')
    // Two files of one name: what is checked might not be what is opened.
    if (files.has(name)) throw wrong(where, 'names a file twice')
    files.set(name, {
      method,
      packed: directory.readUInt32LE(from + 20),
      bytes: directory.readUInt32LE(from + 24),
      position: directory.readUInt32LE(from + 42),
    })
    from +=
      listedBytes + length + directory.readUInt16LE(from + 30) + directory.readUInt16LE(from + 32)
  }
  return files
}

function wrong(where: string, what: string): CommandFailure {
  return new CommandFailure(`${where} ${what}.`, exitCodes.wrongUse)
}
