/** The file of the keys that mark: one line an epoch, `2026-11` and 32 bytes in hexadecimal. */

import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import path from 'node:path'

import { limits } from '../limits.ts'
import type { MarkKey } from '../secret.ts'

export type MarkKeys = {
  /** Marks now. */
  readonly current: MarkKey
  /** Every key that may have marked, newest first. */
  readonly all: readonly MarkKey[]
}

/** The epoch of an instant: its month, UTC. */
export function epochOf(now: Date): string {
  return now.toISOString().slice(0, 7)
}

/**
 * The keys of `file`. A key for the month of `now` is made when there is none, and the file with it,
 * for its owner only. Throws when the file is damaged: another key would leave copies unreadable.
 */
export async function openMarkKeys(
  file: string,
  now: Date,
  random: (bytes: number) => Uint8Array = randomBytes,
): Promise<MarkKeys> {
  const epoch = epochOf(now)
  let keys = await readKeys(file)
  if (!keys.some((key) => key.epoch === epoch)) {
    await addKey(file, { epoch, secret: random(32) })
    // Read again: another process may have been first, and the first line of a month counts.
    keys = await readKeys(file)
  }
  const current = keys.find((key) => key.epoch === epoch)
  if (current === undefined) throw new Error(`${file} does not keep what is written to it.`)
  return { current, all: keys }
}

/** One line, appended in one write: of two processes at once neither loses its own. */
async function addKey(file: string, { epoch, secret }: MarkKey): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, 'a', 0o600)
  try {
    await handle.appendFile(`${epoch} ${Buffer.from(secret).toString('hex')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function readKeys(file: string): Promise<readonly MarkKey[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  const keys = parseMarkKeys(text)
  if (keys !== null) return keys
  throw new Error(
    `${file} is damaged: every line is a month and 64 hexadecimal digits. Restore it from the backup; without it copies that it marked are read by nobody.`,
  )
}

/** Newest first, the first line of each epoch; null when a line is none. */
export function parseMarkKeys(text: string): readonly MarkKey[] | null {
  if (text.length > limits.keyFileBytesMax) return null
  const keys = new Map<string, MarkKey>()
  const lines = text.split('\n')
  if (lines.pop() !== '') return null
  for (const line of lines) {
    const [, epoch, secret] = /^(\d{4}-\d{2}) ([0-9a-f]{64})$/.exec(line) ?? []
    if (epoch === undefined || secret === undefined) return null
    if (!keys.has(epoch)) keys.set(epoch, { epoch, secret: Buffer.from(secret, 'hex') })
  }
  if (keys.size > limits.epochsMax) return null
  return [...keys.values()].toSorted((a, b) => (a.epoch < b.epoch ? 1 : -1))
}
