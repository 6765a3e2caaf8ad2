/** Asking the person at the terminal, or the lines of a pipe. */

import { createInterface } from 'node:readline/promises'

import { CommandFailure, exitCodes } from './exit.ts'

export type Asker = {
  /** The next line; what was asked for goes to stderr. */
  line(question: string): Promise<string>
  /** The same, not shown while it is typed. */
  secret(question: string): Promise<string>
  close(): void
}

/** One for a whole command: a pipe is read once. */
export function openAsker(): Asker {
  const { stdin, stderr } = process
  const terminal = stdin.isTTY
  let hidden = false
  const output = Object.assign(Object.create(stderr) as typeof stderr, {
    write: (chunk: string | Uint8Array) => hidden || stderr.write(chunk),
  })
  const lines = createInterface({ input: stdin, output, terminal })
  const waiting: string[] = []
  const asking: ((line: string | null) => void)[] = []
  let ended = false
  // A pipe gives its lines before they are asked for.
  lines.on('line', (line) => {
    const next = asking.shift()
    if (next === undefined) waiting.push(line)
    else next(line)
  })
  lines.on('close', () => {
    ended = true
    for (const next of asking.splice(0)) next(null)
  })

  async function ask(question: string): Promise<string> {
    stderr.write(question)
    const line =
      waiting.shift() ??
      (ended ? null : await new Promise<string | null>((resolve) => asking.push(resolve)))
    if (line === null)
      throw new CommandFailure('The input ended before it was answered.', exitCodes.wrongUse)
    if (!terminal) stderr.write('\n')
    return line
  }

  return {
    line: ask,
    async secret(question) {
      stderr.write(question)
      hidden = true
      try {
        return await ask('')
      } finally {
        hidden = false
        if (terminal) stderr.write('\n')
      }
    },
    close: () => lines.close(),
  }
}
