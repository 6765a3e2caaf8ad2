/** The hub's side of the log: typed entries in, indexes and receipts out. */

import { writeFile } from 'node:fs/promises'
import path from 'node:path'

import { type LogEntry, encodeEntry, parseEntry } from '@sallyport/proof/entry'
import { sign } from '@sallyport/proof/node/ed25519'
import { noteSigner } from '@sallyport/proof/note'
import { readEntryBundle, tileAt, type TileReader, tileWidth } from '@sallyport/proof/tiles'
import { type LogWriter, openLog } from '@sallyport/store/log/log-directory'

import type { KeyPair } from './keys.ts'

export type Receipt = {
  readonly index: number
  /** The exact bytes of the entry. */
  readonly entry: Uint8Array
  /** C2SP tlog-proof, as text. */
  readonly receipt: string
}

export type Journal = {
  /** Resolves with the entry's index once it is durable under a signed checkpoint. */
  append(entry: LogEntry): Promise<number>
  receipt(index: number): Promise<Receipt | null>
  /** Makes entries count whose append failed after they were signed. */
  settle(): Promise<void>
  /** Entries at or after `from`, in order. */
  entries(from: number): AsyncGenerator<{ readonly index: number; readonly entry: LogEntry }>
  /** Index of the first entry at or after `from` that `matches`, or null. */
  find(matches: (entry: LogEntry) => boolean, from: number): Promise<number | null>
  /** Index of the crossing's entry at or after `from`, or null. */
  findCrossing(id: string, from: number): Promise<number | null>
  size(): number
  readonly origin: string
  readonly vkey: string
  /** The log as the outside may see it. */
  readonly tiles: TileReader
  close(): Promise<void>
}

/** Opens the log in `directory`; a new one begins with `log_started`. Throws when it is damaged. */
export async function openJournal(options: {
  readonly directory: string
  readonly origin: string
  readonly key: KeyPair
  /** Entries that rows already refer to: a shorter log was rolled back and is refused. */
  readonly sizeMin: number
  readonly now: Date
}): Promise<Journal> {
  const { directory, origin, key, sizeMin, now } = options
  const signer = noteSigner(origin, key.seed, key.publicKey, sign)
  const log: LogWriter = await openLog({ directory, origin, signer, sizeMin })
  const append = async (entry: LogEntry) => (await log.append(encodeEntry(entry))).index
  async function* entries(from: number) {
    const { size } = log
    for (let first = from - (from % tileWidth); first < size; first += tileWidth) {
      const bundle = await readEntryBundle(log.published, tileAt('entries', first, size))
      for (const [offset, bytes] of bundle.entries()) {
        const index = first + offset
        const parsed = parseEntry(bytes)
        if (index >= from && parsed.kind === 'entry') yield { index, entry: parsed.entry }
      }
    }
  }
  const find: Journal['find'] = async (matches, from) => {
    for await (const { index, entry } of entries(from)) if (matches(entry)) return index
    return null
  }
  // For whoever is handed this folder; a verifier who has the key from elsewhere trusts that one.
  await writeFile(path.join(directory, 'vkey'), `${signer.vkey}\n`)
  if (log.size === 0) await append({ v: 1, at: now.toISOString(), kind: 'log_started' })
  return {
    append,
    origin,
    vkey: signer.vkey,
    tiles: log.published,
    size: () => log.size,
    async receipt(index) {
      if (!Number.isSafeInteger(index) || index < 0 || index >= log.size) return null
      const [entry, receipt] = await Promise.all([log.readEntry(index), log.receipt(index)])
      return { index, entry, receipt }
    },
    settle: () => log.settle(),
    entries,
    find,
    findCrossing: (id, from) =>
      find((entry) => entry.kind === 'crossing' && entry.crossing === id, from),
    close: () => log.close(),
  }
}
