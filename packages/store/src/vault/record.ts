/** A record of a vault segment: `SPV1` | length u32be | SHA-256 of the body | body. */

import type { FileHandle } from 'node:fs/promises'

export const vaultLimits = {
  segmentBytesMax: 256 * 1024 * 1024,
  bodyBytesMax: 32 * 1024 * 1024,
} as const

/** Where a body lies: `position` is the offset of its first byte in the segment. */
export type Place = { readonly segment: number; readonly position: number; readonly bytes: number }

/** What stands before a body: magic, length and hash. */
export const headerBytes = 40
export const magic: Buffer = Buffer.from('SPV1')

/** The head of a record that begins at the offset `at` and ends before `end`. */
export type Head = {
  readonly at: number
  readonly end: number
  readonly bytes: number
  readonly sha256: Buffer
}

/** The head at an offset of a segment of `size` bytes; null when there is none, or its body would not fit. */
export async function headAt(file: FileHandle, at: number, size: number): Promise<Head | null> {
  if (at + headerBytes > size) return null
  const header = Buffer.alloc(headerBytes)
  await file.read(header, 0, headerBytes, at)
  const bytes = header.readUInt32BE(magic.length)
  const end = at + headerBytes + bytes
  if (!header.subarray(0, magic.length).equals(magic)) return null
  if (bytes > vaultLimits.bodyBytesMax || end > size) return null
  return { at, end, bytes, sha256: header.subarray(8) }
}
