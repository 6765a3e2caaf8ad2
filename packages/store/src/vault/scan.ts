/**
 * Walks a vault segment record by record, for `fsck`. Where the head of a record is damaged its length
 * is too, so the next record is looked for: it begins with the magic and its body has its hash.
 */

import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'

import { type Head, headAt, headerBytes, magic, type Place } from './record.ts'

export type VaultRecord = {
  readonly kind: 'record'
  readonly place: Place
  readonly sha256: Uint8Array
}

/** From `position` to `until`, both offsets of the segment, no record can be made out. */
export type VaultDamage = {
  readonly kind: 'damage'
  readonly segment: number
  readonly position: number
  readonly until: number
  /** Nothing sound follows in this segment: remains of a crash, unless a row knows better. */
  readonly last: boolean
}

const chunkBytes = 1024 * 1024

/** Every record of an open segment in order, and every stretch that is none. */
export async function* scanSegment(
  file: FileHandle,
  segment: number,
): AsyncGenerator<VaultRecord | VaultDamage> {
  const { size } = await file.stat()
  let held: Head | null = null
  let at = 0
  while (at < size) {
    const head = await headAt(file, at, size)
    if (head !== null) {
      if (held !== null) yield recordOf(held, segment)
      held = head
      at = head.end
      continue
    }
    // A changed length leads astray: then the damage is in the record before this place.
    const isAstray: boolean = held !== null && !(await isSound(file, held))
    if (held !== null && !isAstray) yield recordOf(held, segment)
    const position: number = held !== null && isAstray ? held.at : at
    held = null
    const next = await nextSound(file, position + 1, size)
    at = next ?? size
    yield { kind: 'damage', segment, position, until: at, last: next === null }
  }
  if (held !== null) yield recordOf(held, segment)
}

async function isSound(file: FileHandle, { at, bytes, sha256 }: Head): Promise<boolean> {
  const body = Buffer.alloc(bytes)
  await file.read(body, 0, bytes, at + headerBytes)
  return createHash('sha256').update(body).digest().equals(sha256)
}

/** Offset of the first record at or after `from` whose body has its hash; null when there is none. */
async function nextSound(file: FileHandle, from: number, size: number): Promise<number | null> {
  const chunk = Buffer.alloc(chunkBytes)
  for (let start = from; start < size; start += chunkBytes - magic.length + 1) {
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, start)
    const read = chunk.subarray(0, bytesRead)
    for (let found = read.indexOf(magic); found !== -1; found = read.indexOf(magic, found + 1)) {
      const head = await headAt(file, start + found, size)
      if (head !== null && (await isSound(file, head))) return head.at
    }
  }
  return null
}

function recordOf({ at, bytes, sha256 }: Head, segment: number): VaultRecord {
  return { kind: 'record', place: { segment, position: at + headerBytes, bytes }, sha256 }
}
