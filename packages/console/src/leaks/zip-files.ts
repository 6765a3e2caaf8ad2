/**
 * Files of a ZIP archive that was dropped on the page, in memory and one after another. What cannot be
 * taken out is named with why: it counts in the search all the same.
 */

/** A file, or why it cannot be read; the reasons are those of the API. */
export type Found = { readonly name: string } & (
  | { readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly unread: 'too_large' | 'encrypted' | 'nested_too_deep' | 'bomb' | 'unreadable' }
)

export const limits = {
  fileBytesMax: 32 * 1024 * 1024,
  /** Everything that one archive and those within it may grow to. */
  archiveBytesMax: 2 * 1024 * 1024 * 1024,
  entriesMax: 50_000,
  depthMax: 3,
} as const

type Budget = { bytes: number; entries: number }
type Entry = {
  readonly name: string
  readonly encrypted: boolean
  readonly method: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

const [endOfArchive, centralEntry, localEntry] = [0x06054b50, 0x02014b50, 0x04034b50]
const [endBytes, commentMax] = [22, 65_535]
const [stored, deflated] = [0, 8]

export function isArchive(name: string): boolean {
  return /\.zip$/i.test(name)
}

/** Everything in the archive, archives within it as well, down to a few levels. */
export async function* filesInZip(
  archive: Blob,
  prefix: string,
  depth = 1,
  budget: Budget = { bytes: limits.archiveBytesMax, entries: limits.entriesMax },
): AsyncGenerator<Found> {
  const entries = await entriesOf(archive).catch(() => null)
  if (entries === null) {
    yield { name: prefix, unread: 'unreadable' }
    return
  }
  for (const entry of entries) {
    const name = `${prefix}!${entry.name}`
    budget.entries -= 1
    if (budget.entries < 0 || budget.bytes <= 0) {
      yield { name, unread: 'bomb' }
      return
    }
    const found = await taken(archive, entry, name, budget)
    if (!('bytes' in found) || !isArchive(entry.name)) yield found
    else if (depth >= limits.depthMax) yield { name, unread: 'nested_too_deep' }
    else yield* filesInZip(new Blob([found.bytes]), name, depth + 1, budget)
  }
}

/** The list at the archive's end. Throws for what is no archive, cut off, or larger than 4 GiB. */
async function entriesOf(archive: Blob): Promise<readonly Entry[]> {
  const tail = await viewOf(
    archive,
    Math.max(0, archive.size - endBytes - commentMax),
    archive.size,
  )
  let end = tail.byteLength - endBytes
  while (end >= 0 && tail.getUint32(end, true) !== endOfArchive) end -= 1
  if (end < 0) throw new RangeError('no archive')
  const [count, bytes, start] = [
    tail.getUint16(end + 10, true),
    tail.getUint32(end + 12, true),
    tail.getUint32(end + 16, true),
  ]
  const list = await viewOf(archive, start, start + bytes)
  const entries: Entry[] = []
  for (let at = 0, left = count; left > 0; left -= 1) {
    if (list.getUint32(at, true) !== centralEntry) throw new RangeError('no entry')
    const nameBytes = list.getUint16(at + 28, true)
    const name = new TextDecoder().decode(
      new Uint8Array(list.buffer, list.byteOffset + at + 46, nameBytes),
    )
    if (!name.endsWith('/'))
      entries.push({
        name,
        encrypted: (list.getUint16(at + 8, true) & 1) === 1,
        method: list.getUint16(at + 10, true),
        packed: list.getUint32(at + 20, true),
        size: list.getUint32(at + 24, true),
        offset: list.getUint32(at + 42, true),
      })
    at += 46 + nameBytes + list.getUint16(at + 30, true) + list.getUint16(at + 32, true)
  }
  return entries
}

async function taken(archive: Blob, entry: Entry, name: string, budget: Budget): Promise<Found> {
  if (entry.encrypted) return { name, unread: 'encrypted' }
  // What an entry says of its size is checked while it is unpacked, not believed.
  if (entry.size > limits.fileBytesMax) return { name, unread: 'too_large' }
  try {
    const head = await viewOf(archive, entry.offset, entry.offset + 30)
    if (head.getUint32(0, true) !== localEntry) return { name, unread: 'unreadable' }
    const from = entry.offset + 30 + head.getUint16(26, true) + head.getUint16(28, true)
    const packed = archive.slice(from, from + entry.packed)
    if (packed.size < entry.packed || ![stored, deflated].includes(entry.method))
      return { name, unread: 'unreadable' }
    const stream =
      entry.method === stored
        ? packed.stream()
        : packed.stream().pipeThrough(new DecompressionStream('deflate-raw'))
    const bytes = await bytesUpTo(stream, Math.min(limits.fileBytesMax, budget.bytes))
    if (bytes === null) {
      budget.bytes = 0
      return { name, unread: 'bomb' }
    }
    budget.bytes -= bytes.length
    return bytes.length === entry.size ? { name, bytes } : { name, unread: 'unreadable' }
  } catch {
    return { name, unread: 'unreadable' }
  }
}

/** Null when there is more than `most`. */
async function bytesUpTo(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer())
    length += value.length
    if (length > most) {
      await reader.cancel()
      return null
    }
    parts.push(value)
  }
}

async function viewOf(blob: Blob, from: number, to: number): Promise<DataView> {
  return new DataView(await blob.slice(from, to).arrayBuffer())
}
