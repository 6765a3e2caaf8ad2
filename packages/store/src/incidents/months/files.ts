/** The files of a month: what they are called, where they lie, and whether they are those of the log. */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'

/** What a scope counts, each in a file of its own. */
export const monthFileNames = ['captures', 'openings', 'releases', 'travellers'] as const
export type MonthFileName = (typeof monthFileNames)[number]

export type MonthFile = {
  readonly name: MonthFileName
  /** Of its bytes, hex. */
  readonly sha256: string
  readonly rows: number
}

export function monthFilePath(folder: string, name: MonthFileName): string {
  return path.join(folder, `${name}.parquet`)
}

/** What the log has of them: SHA-256, hex, over a line `name sha256 rows` for each (specs/scope.md). */
export function hashOfFiles(files: readonly MonthFile[]): string {
  const lines = files.map(({ name, sha256, rows }) => `${name} ${sha256} ${rows}\n`)
  return createHash('sha256').update(lines.join('')).digest('hex')
}

/** Of a file's bytes, hex. Throws when it cannot be read. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** The first file that is not what it was when it was exported; null when all are. */
export async function changedFile(
  folder: string,
  files: readonly MonthFile[],
): Promise<MonthFileName | null> {
  for (const { name, sha256 } of files) {
    const now = await sha256OfFile(monthFilePath(folder, name)).catch(() => null)
    if (now !== sha256) return name
  }
  return null
}
