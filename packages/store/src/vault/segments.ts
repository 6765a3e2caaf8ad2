/**
 * The vault: sealed bodies appended to segment files. Holds ciphertext only, so whoever reads these
 * files learns sizes and times and nothing else.
 *
 * A record is `SPV1` | length u32be | SHA-256 of the body | body. A place is returned only after the
 * record is on the disk (fdatasync, one for all bodies of a call).
 */

import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'

import { syncDirectory } from '@sallyport/proof/node/sync-directory'

export const vaultLimits = {
  segmentBytesMax: 256 * 1024 * 1024,
  bodyBytesMax: 32 * 1024 * 1024,
} as const

export type SealedBody = { readonly sha256: Uint8Array; readonly body: Uint8Array }

/** Where a body lies: `position` is the offset of its first byte in the segment. */
export type Place = { readonly segment: number; readonly position: number; readonly bytes: number }

export type VaultRead =
  | { readonly kind: 'body'; readonly body: Uint8Array }
  | { readonly kind: 'missing'; readonly detail: string }
  | { readonly kind: 'damaged'; readonly detail: string }

export type VaultReader = {
  /** Reads one body and compares it with the hash it must have. */
  read(place: Place, sha256: Uint8Array): Promise<VaultRead>
  /** Every record of one segment, in order, for `fsck`. */
  records(segment: number): AsyncGenerator<{ readonly place: Place; readonly sha256: Uint8Array }>
  segments(): Promise<readonly { readonly segment: number; readonly bytes: number }[]>
}

export type Vault = VaultReader & {
  /** Appends all bodies durably, or none that counts: on failure it throws and places nothing. */
  append(bodies: readonly SealedBody[]): Promise<readonly Place[]>
  close(): Promise<void>
}

const headerBytes = 40
const magic = Buffer.from('SPV1')

/** The vault of `directory` as it lies there: nothing is made, nothing mended. */
export function vaultReader(directory: string): VaultReader {
  return {
    read: (place, sha256) => readBody(directory, place, sha256),
    records: (segment) => readRecords(directory, segment),
    segments: () => listSegments(directory),
  }
}

/**
 * Opens (or makes) the vault in `directory`. Nothing is ever cut off: what looks like a record torn by
 * a crash may be a damaged one with sound records behind it. Appending goes on in the next segment.
 */
export async function openVault(directory: string): Promise<Vault> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const last = (await listSegments(directory)).at(-1)?.segment ?? 0
  let current = await Segment.open(directory, Math.max(1, last))
  let queue: Promise<unknown> = Promise.resolve()

  async function append(bodies: readonly SealedBody[]): Promise<readonly Place[]> {
    for (const { body } of bodies) {
      if (body.length > vaultLimits.bodyBytesMax)
        throw new Error(`a sealed body of ${body.length} bytes passed intake`)
    }
    if (current.torn || current.size >= vaultLimits.segmentBytesMax) {
      const next = await Segment.open(directory, current.number + 1)
      await current.close()
      current = next
    }
    return current.append(bodies)
  }

  return {
    append(bodies) {
      const turn = queue.then(() => append(bodies))
      queue = turn.catch(() => undefined)
      return turn
    },
    ...vaultReader(directory),
    async close() {
      await queue
      await current.close()
    },
  }
}

class Segment {
  readonly number: number
  readonly #file: FileHandle
  /** Bytes that are whole records. */
  size: number
  /** Something else than whole records lies at the end: a place behind it could not be told. */
  torn: boolean

  private constructor(number: number, file: FileHandle, size: number, torn: boolean) {
    this.number = number
    this.#file = file
    this.size = size
    this.torn = torn
  }

  static async open(directory: string, number: number): Promise<Segment> {
    const file = await open(segmentPath(directory, number), 'a+', 0o600)
    const size = await wholeRecords(file)
    await syncDirectory(directory)
    return new Segment(number, file, size, (await file.stat()).size !== size)
  }

  async append(bodies: readonly SealedBody[]): Promise<readonly Place[]> {
    let position = this.size
    const parts: Uint8Array[] = []
    const places = bodies.map(({ sha256, body }) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(body.length)
      parts.push(magic, length, sha256, body)
      const place = { segment: this.number, position: position + headerBytes, bytes: body.length }
      position += headerBytes + body.length
      return place
    })
    try {
      await writeAll(this.#file, parts, position - this.size)
      await this.#file.datasync()
    } catch (error) {
      this.torn = !(await this.#cutBack())
      throw error
    }
    this.size = position
    return places
  }

  /** Removes what this process has just half written; false when even that fails. */
  async #cutBack(): Promise<boolean> {
    try {
      await this.#file.truncate(this.size)
      return (await this.#file.stat()).size === this.size
    } catch {
      return false
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

async function writeAll(
  file: FileHandle,
  parts: readonly Uint8Array[],
  bytes: number,
): Promise<void> {
  const { bytesWritten } = await file.writev(parts)
  if (bytesWritten === bytes) return
  // A short write means a full disk or a signal; what remains is tried once, as one piece.
  const rest = Buffer.concat(parts).subarray(bytesWritten)
  const second = await file.write(rest)
  if (second.bytesWritten !== rest.length) {
    throw Object.assign(
      new Error('The vault could not take the whole record; the disk may be full.'),
      { code: 'ENOSPC' },
    )
  }
}

async function wholeRecords(file: FileHandle): Promise<number> {
  const { size } = await file.stat()
  const header = Buffer.alloc(headerBytes)
  let at = 0
  while (at + headerBytes <= size) {
    await file.read(header, 0, headerBytes, at)
    const end = at + headerBytes + header.readUInt32BE(4)
    if (!header.subarray(0, 4).equals(magic) || end > size) break
    at = end
  }
  return at
}

async function readBody(directory: string, place: Place, sha256: Uint8Array): Promise<VaultRead> {
  const name = path.basename(segmentPath(directory, place.segment))
  let file: FileHandle
  try {
    file = await open(segmentPath(directory, place.segment), 'r')
  } catch {
    return { kind: 'missing', detail: `The vault file ${name} is missing.` }
  }
  try {
    const body = Buffer.alloc(place.bytes)
    const { bytesRead } = await file.read(body, 0, place.bytes, place.position)
    const found = createHash('sha256').update(body).digest()
    if (bytesRead !== place.bytes || !found.equals(sha256)) {
      return {
        kind: 'damaged',
        detail: `The sealed body at ${name}:${place.position} is not the one that was stored.`,
      }
    }
    return { kind: 'body', body }
  } finally {
    await file.close()
  }
}

async function* readRecords(
  directory: string,
  segment: number,
): AsyncGenerator<{ readonly place: Place; readonly sha256: Uint8Array }> {
  const file = await open(segmentPath(directory, segment), 'r')
  try {
    const size = await wholeRecords(file)
    for (let at = 0; at < size;) {
      const header = Buffer.alloc(headerBytes)
      await file.read(header, 0, headerBytes, at)
      const bytes = header.readUInt32BE(4)
      yield {
        place: { segment, position: at + headerBytes, bytes },
        sha256: header.subarray(8, 40),
      }
      at += headerBytes + bytes
    }
  } finally {
    await file.close()
  }
}

async function listSegments(
  directory: string,
): Promise<readonly { segment: number; bytes: number }[]> {
  const found = []
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const name of names) {
    const number = /^segment-(\d{6})\.seg$/.exec(name)?.[1]
    if (number === undefined) continue
    found.push({ segment: Number(number), bytes: (await stat(path.join(directory, name))).size })
  }
  return found.sort((a, b) => a.segment - b.segment)
}

function segmentPath(directory: string, segment: number): string {
  return path.join(directory, `segment-${String(segment).padStart(6, '0')}.seg`)
}
