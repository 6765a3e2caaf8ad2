/** What a long measurement has seen so far, in a file: a later call goes on behind it. */

import { readFile, rename, writeFile } from 'node:fs/promises'

/** What `file` holds, or `fresh` where there is none. */
export async function keptState<State>(file: string | undefined, fresh: State): Promise<State> {
  if (file === undefined) return fresh
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? fresh : (JSON.parse(text) as State)
}

/** A measurement that is stopped while it writes leaves the state before. */
export async function keepState(file: string | undefined, state: unknown): Promise<void> {
  if (file === undefined) return
  await writeFile(`${file}.new`, JSON.stringify(state))
  await rename(`${file}.new`, file)
}
