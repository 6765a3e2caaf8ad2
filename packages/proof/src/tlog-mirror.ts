/**
 * c2sp.org/tlog-mirror: how entries are sent to a mirror, and what it answers. Entries come in
 * packages that end where bundles end, each with what shows that it belongs to the tree whose
 * checkpoint the mirror has seen. Pure: parsers of what is not complete yet say how much they lack.
 */

import { concat, fromBase64, fromUtf8, toBase64, utf8 } from './bytes.ts'
import { parseDecimal } from './checkpoint.ts'
import { limits } from './limits.ts'
import { foldSubtrees, leafHash, nodeHash } from './merkle.ts'
import { proveSubtree, verifySubtree } from './subtree.ts'
import {
  type TileReader,
  encodeEntryBundle,
  readEntryBundle,
  tileAt,
  tileHashReader,
  tileWidth,
} from './tiles.ts'

export type AddEntries = {
  readonly origin: string
  /** Entries that are sent, as far as the request goes: `start` to `end`, exclusive. */
  readonly start: number
  readonly end: number
  /** What the mirror gave last time, or nothing. */
  readonly ticket: Uint8Array
}

/** One package: its entries are those from `start` on; the subtree begins at `from`. */
export type PackageRange = { readonly from: number; readonly start: number; readonly end: number }

export type EntryPackage = {
  readonly entries: readonly Uint8Array[]
  readonly proof: readonly Uint8Array[]
}

/** `more`: at least `wanted` bytes are needed to go on. */
export type Parsed<T> =
  | { readonly kind: 'parsed'; readonly value: T; readonly length: number }
  | { readonly kind: 'more'; readonly wanted: number }
  | { readonly kind: 'malformed' }

/** With 202 and 409: a tree whose checkpoint the mirror knows, the entry it lacks first, a ticket. */
export type MirrorInfo = {
  readonly size: number
  readonly next: number
  readonly ticket: Uint8Array
}

export const mirrorInfoType = 'text/x.tlog.mirror-info'

/** How a request begins; packages follow. */
export function formatAddEntries({ origin, start, end, ticket }: AddEntries): Uint8Array {
  const name = utf8(origin)
  return concat(
    uint16(name.length),
    name,
    uint64(start),
    uint64(end),
    uint16(ticket.length),
    ticket,
  )
}

/** Reads the begin of a request. Numbers beyond what a log can have become the largest that are exact. */
export function parseAddEntries(bytes: Uint8Array): Parsed<AddEntries> {
  const name = at16(bytes, 0)
  const ticketAt = 2 + (name ?? 0) + 16
  const ticket = name === null ? null : at16(bytes, ticketAt)
  if (name === null || ticket === null) return { kind: 'more', wanted: ticketAt + 2 }
  const length = ticketAt + 2 + ticket
  if (bytes.length < length) return { kind: 'more', wanted: length }
  const origin = fromUtf8(bytes.subarray(2, 2 + name))
  if (origin === null) return { kind: 'malformed' }
  const start = at64(bytes, 2 + name)
  const end = at64(bytes, 10 + name)
  return {
    kind: 'parsed',
    length,
    value: { origin, start, end, ticket: bytes.slice(ticketAt + 2, length) },
  }
}

/** The packages of entries `start` to `end`, in their only order. */
export function* packagesOf(start: number, end: number): Generator<PackageRange> {
  for (let from = start - (start % tileWidth); from < end; from += tileWidth)
    yield { from, start: Math.max(start, from), end: Math.min(end, from + tileWidth) }
}

/** A package of a log's entries for its tree of `size`. Throws `TileError` when a tile is missing. */
export async function makePackage(
  tiles: TileReader,
  { from, start, end }: PackageRange,
  size: number,
): Promise<Uint8Array> {
  const bundle = await readEntryBundle(tiles, tileAt('entries', from, size))
  const proof = await proveSubtree(from, end, size, tileHashReader(tiles, size))
  const entries = bundle.slice(start - from, end - from)
  return concat(encodeEntryBundle(entries), Uint8Array.of(proof.length), ...proof)
}

/** Reads one package at the begin of `bytes`. */
export function parsePackage(
  bytes: Uint8Array,
  { start, end }: PackageRange,
): Parsed<EntryPackage> {
  const entries: Uint8Array[] = []
  let at = 0
  for (let count = start; count < end; count++) {
    const length = at16(bytes, at)
    const next = at + 2 + (length ?? 0)
    if (length === null || bytes.length < next)
      return { kind: 'more', wanted: Math.max(next, at + 2) }
    entries.push(bytes.slice(at + 2, next))
    at = next
  }
  const hashes = bytes[at]
  if (hashes === undefined) return { kind: 'more', wanted: at + 1 }
  if (hashes > limits.proofHashesMax) return { kind: 'malformed' }
  const length = at + 1 + hashes * 32
  if (bytes.length < length) return { kind: 'more', wanted: length }
  const proof = Array.from({ length: hashes }, (_, hash) =>
    bytes.slice(at + 1 + hash * 32, at + 33 + hash * 32),
  )
  return { kind: 'parsed', value: { entries, proof }, length }
}

/** Whether a package stands in the tree. `before`: entries from the subtree's begin to the package's. */
export function verifyPackage(
  range: PackageRange,
  before: readonly Uint8Array[],
  { entries, proof }: EntryPackage,
  tree: { readonly size: number; readonly root: Uint8Array },
): boolean {
  if (before.length !== range.start - range.from) return false
  const hash = rootOfEntries([...before, ...entries])
  return verifySubtree({ start: range.from, end: range.end, hash }, tree.size, tree.root, proof)
}

export function formatMirrorInfo({ size, next, ticket }: MirrorInfo): string {
  return `${size}\n${next}\n${toBase64(ticket)}\n`
}

/** Of a 202 or 409; null when the answer is another. */
export function parseMirrorInfo(contentType: string | null, body: string): MirrorInfo | null {
  if (contentType?.split(';')[0]?.trim() !== mirrorInfoType) return null
  if (body.length > limits.mirrorInfoMax || !body.endsWith('\n')) return null
  const lines = body.slice(0, -1).split('\n')
  const [first = '', second = '', third = ''] = lines
  const size = parseDecimal(first)
  const next = parseDecimal(second)
  const ticket = third === '' ? new Uint8Array() : fromBase64(third)
  if (size === null || next === null || ticket === null || lines.length !== 3) return null
  return ticket.length > limits.mirrorTicketMax ? null : { size, next, ticket }
}

function rootOfEntries(entries: readonly Uint8Array[]): Uint8Array {
  // Complete subtrees from the left, joined as soon as two of one width stand side by side.
  const found: { readonly width: number; readonly hash: Uint8Array }[] = []
  for (const entry of entries) {
    let last = { width: 1, hash: leafHash(entry) }
    for (let left = found.at(-1); left?.width === last.width; left = found.at(-1)) {
      found.pop()
      last = { width: last.width * 2, hash: nodeHash(left.hash, last.hash) }
    }
    found.push(last)
  }
  return foldSubtrees(found.map(({ hash }) => hash))
}

function uint16(value: number): Uint8Array {
  if (value > 65_535) throw new Error('a name or ticket has at most 65,535 bytes')
  return Uint8Array.of(value >> 8, value & 255)
}

function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

function at16(bytes: Uint8Array, at: number): number | null {
  const [high, low] = [bytes[at], bytes[at + 1]]
  return high === undefined || low === undefined ? null : high * 256 + low
}

function at64(bytes: Uint8Array, at: number): number {
  const value = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at)
  return value <= BigInt(limits.treeSizeMax) ? Number(value) : Number.MAX_SAFE_INTEGER
}
