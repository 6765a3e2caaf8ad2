/** The hub's side of the log: typed entries in, indexes and receipts out. */

import { writeFile } from 'node:fs/promises'
import path from 'node:path'

import { type LogEntry, encodeEntry, parseEntry } from '@sallyport/proof/entry'
import { sign } from '@sallyport/proof/node/ed25519'
import { noteSigner } from '@sallyport/proof/note'
import type { TileReader } from '@sallyport/proof/tiles'
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
    async findCrossing(id, from) {
      for (let index = from; index < log.size; index++) {
        const parsed = parseEntry(await log.readEntry(index))
        if (
          parsed.kind === 'entry' &&
          parsed.entry.kind === 'crossing' &&
          parsed.entry.crossing === id
        )
          return index
      }
      return null
    },
    close: () => log.close(),
  }
}
