/** The `sallyport` command as people run it: arguments in; exit code and both outputs back. */

import { spawn } from 'node:child_process'

import { command } from './hub-process.ts'

export type Ran = {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** What it printed to stdout, one JSON object a line. */
  readonly json: readonly Readonly<Record<string, unknown>>[]
}

type SallyportOptions = {
  readonly cwd?: string
  readonly environment?: NodeJS.ProcessEnv
  /** Standard input; empty without it. */
  readonly input?: string
}

/** Runs it to its end. Settings of the machine that tests do not leak in. */
export async function sallyport(
  parameters: readonly string[],
  { cwd = process.cwd(), environment = {}, input }: SallyportOptions = {},
): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('SALLYPORT_'))
  const child = spawn(process.execPath, [command, ...parameters], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  // Most commands end without reading it.
  child.stdin.on('error', () => undefined).end(input ?? '')
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    code,
    stdout,
    stderr,
    get json() {
      return stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    },
  }
}
