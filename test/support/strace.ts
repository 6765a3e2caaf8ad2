/** strace on a process that runs: it counts system calls, or makes one of them the last or a failure. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'

import { needTool } from './tools.ts'

const tracerMsMax = 5_000
const strace = needTool('strace', 'strace')

/** Whether this process may trace at all: some containers forbid it. */
export const mayTrace: boolean =
  strace !== null && spawnSync(strace, ['-e', 'trace=none', 'true']).status === 0

export type Point = { readonly call: string; readonly nth: number; readonly error: string | null }

export type Tracer = {
  /** Lets the process go on untraced. Harmless when it is gone. */
  detach(): Promise<void>
}

/** Attaches to every thread of `pid`; resolves once it is traced. `files` limits it to calls on those. */
export async function attach(pid: number, options: readonly string[]): Promise<Tracer> {
  const tracer = spawn(strace ?? 'strace', ['-f', '-p', String(pid), ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let heard = ''
  tracer.stderr.setEncoding('utf8').on('data', (text: string) => (heard += text))
  const closed = once(tracer, 'close')
  while (!/attached/.test(heard)) {
    if (tracer.exitCode !== null) throw new Error(`strace did not attach: ${heard}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return {
    async detach() {
      end(tracer, 'SIGINT')
      // A tracer whose process died at once in all its threads may wait for one of them for ever.
      const force = setTimeout(() => end(tracer, 'SIGKILL'), tracerMsMax)
      await closed
      clearTimeout(force)
    },
  }
}

function end(tracer: ChildProcess, signal: NodeJS.Signals): void {
  if (tracer.exitCode === null && tracer.signalCode === null) tracer.kill(signal)
}

/** Makes the nth call of a name, counted by thread, the process's last one or a failure. */
export function injectAt(
  pid: number,
  { call, nth, error }: Point,
  files: readonly string[] = [],
): Promise<Tracer> {
  const how = error === null ? 'signal=KILL' : `error=${error}`
  return attach(pid, [
    `-etrace=${call}`,
    `-einject=${call}:${how}:when=${nth}`,
    ...files.flatMap((file) => ['-P', file]),
    '-o/dev/null',
  ])
}

/** Every point at which `work` makes one of `calls`, counted as `injectAt` counts. */
export async function pointsOf(
  pid: number,
  calls: readonly string[],
  out: string,
  work: () => Promise<void>,
  files: readonly string[] = [],
): Promise<readonly Point[]> {
  const tracer = await attach(pid, [
    `-etrace=${calls.join(',')}`,
    ...files.flatMap((file) => ['-P', file]),
    `-o${out}`,
  ])
  await work()
  await tracer.detach()
  const byThread = new Map<string, number>()
  for (const [, thread = '', call = ''] of (await readFile(out, 'utf8')).matchAll(
    /^(\d+) +(\w+)\(/gm,
  )) {
    const key = `${call} ${thread}`
    byThread.set(key, (byThread.get(key) ?? 0) + 1)
  }
  const counts = new Map<string, number>()
  for (const [key, count] of byThread) {
    const call = key.split(' ')[0] ?? ''
    counts.set(call, Math.max(count, counts.get(call) ?? 0))
  }
  return [...counts].flatMap(([call, count]) =>
    Array.from({ length: count }, (_, at) => ({ call, nth: at + 1, error: null })),
  )
}

/** The same points in every run: a fixed linear congruential sequence chooses them. */
export function sample<P extends Point>(points: readonly P[], size: number): readonly P[] {
  let state = 20_261_122
  const keyed = points.map((point) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return { point, key: state }
  })
  return keyed
    .toSorted((a, b) => a.key - b.key)
    .slice(0, Math.min(size, points.length))
    .map(({ point }) => point)
}

export function told({ call, nth, error }: Point): string {
  return `${call} number ${nth}${error === null ? ' killed' : ` ${error}`}`
}
