/** A lane as its own process, as it runs beside a camera. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { command } from './hub-process.ts'

export type LaneProcess = {
  /** The events it wrote so far, one object each. */
  events(): readonly Readonly<Record<string, unknown>>[]
  /** Resolves when an event satisfies `wanted`; fails with what it said when it ends before. */
  until(wanted: (event: Readonly<Record<string, unknown>>) => boolean): Promise<void>
  /** Its exit code, once it has ended by itself. */
  readonly ended: Promise<number | null>
  /** SIGKILL: nothing is tidied up. */
  kill(): Promise<void>
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>
}

/** Starts `sallyport lane run` in an enrolled directory; without a source, with the camera it kept. */
export function startLaneProcess(
  directory: string,
  source: string | null = null,
  extra: readonly string[] = [],
): LaneProcess {
  const child = spawn(
    process.execPath,
    [
      ...[command, 'lane', 'run', '--directory', directory],
      ...(source === null ? [] : ['--source', source]),
      ...extra,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let output = ''
  let wake: () => void = () => undefined
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
    wake()
  })
  const ended = once(child, 'exit').then(() => {
    wake()
    return child.exitCode
  })
  const events = () =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return {
    events,
    ended,
    async until(wanted) {
      while (!events().some(wanted)) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`the lane ended: ${output}`)
        await new Promise<void>((resolve) => {
          wake = resolve
          setTimeout(resolve, 250)
        })
      }
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}
