/**
 * The vault: sealed bodies appended to segment files. Holds ciphertext only, so whoever reads these
 * files learns sizes and times and nothing else.
 *
 * A place is returned only after its record is on the disk (fdatasync, one for all bodies of a call).
 */

import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'

import { syncDirectory } from '@sallyport/proof/node/sync-directory'

import { headAt, headerBytes, magic, type Place, vaultLimits } from './record.ts'
import { scanSegment, type VaultDamage, type VaultRecord } from './scan.ts'

export type SealedBody = { readonly sha256: Uint8Array; readonly body: Uint8Array }

export type VaultRead =
  | { readonly kind: 'body'; readonly body: Uint8Array }
  | { readonly kind: 'missing'; readonly detail: string }
  | { readonly kind: 'damaged'; readonly detail: string }

/** One file of the vault; `name` without its directory. */
export type SegmentFile = {
  readonly segment: number
  readonly name: string
  readonly bytes: number
}

export type VaultReader = {
  /** Reads one body and compares it with the hash it must have. */
  read(place: Place, sha256: Uint8Array): Promise<VaultRead>
  /** Every record of one segment, in order, and what is damaged between them, for `fsck`. */
  records(segment: number): AsyncGenerator<VaultRecord | VaultDamage>
  segments(): Promise<readonly SegmentFile[]>
}

export type Vault = VaultReader & {
  /** Appends all bodies durably, or none that counts: on failure it throws and places nothing. */
  append(bodies: readonly SealedBody[]): Promise<readonly Place[]>
  /** The segment that is appended to; those before it are closed for ever. */
  current(): number
  /** Closes it: what is appended from here on lies in the next. */
  roll(): Promise<void>
  /** Removes a closed segment that no row names any more. */
  remove(segment: number): Promise<void>
  close(): Promise<void>
}

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
    if (current.torn || current.size >= vaultLimits.segmentBytesMax) await roll()
    return current.append(bodies)
  }

  async function roll(): Promise<void> {
    const next = await Segment.open(directory, current.number + 1)
    await current.close()
    current = next
  }

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = queue.then(act)
    queue = turn.catch(() => undefined)
    return turn
  }

  return {
    append: (bodies) => inTurn(() => append(bodies)),
    current: () => current.number,
    roll: () => inTurn(roll),
    async remove(segment) {
      if (segment >= current.number) throw new Error('only closed segments are removed')
      await rm(segmentPath(directory, segment), { force: true })
      await syncDirectory(directory)
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
  let at = 0
  for (;;) {
    const head = await headAt(file, at, size)
    if (head === null) return at
    at = head.end
  }
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
): AsyncGenerator<VaultRecord | VaultDamage> {
  const file = await open(segmentPath(directory, segment), 'r')
  try {
    yield* scanSegment(file, segment)
  } finally {
    await file.close()
  }
}

async function listSegments(directory: string): Promise<readonly SegmentFile[]> {
  const found: SegmentFile[] = []
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const name of names) {
    const number = /^segment-(\d{6})\.seg$/.exec(name)?.[1]
    if (number === undefined) continue
    const { size } = await stat(path.join(directory, name))
    found.push({ segment: Number(number), name, bytes: size })
  }
  return found.sort((a, b) => a.segment - b.segment)
}

function segmentPath(directory: string, segment: number): string {
  return path.join(directory, `segment-${String(segment).padStart(6, '0')}.seg`)
}
