/** Reading `/sys` and `/proc`: what is not there is an answer, never an error. */

import * as fs from 'node:fs/promises'

/** Names in a directory, sorted; null when there is none. */
export async function namesIn(directory: string): Promise<readonly string[] | null> {
  const names = await fs.readdir(directory).catch(() => null)
  return names === null ? null : names.toSorted()
}

/** One short attribute; empty when there is none. */
export async function word(file: string): Promise<string> {
  try {
    return (await fs.readFile(file, 'utf8')).slice(0, 200).trim()
  } catch {
    return ''
  }
}
