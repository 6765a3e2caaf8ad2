/**
 * Processes that do one piece of work on the records of a hub, under a tracer, each on its own copy of
 * one prepared state: a point of failure costs a copy and a process, and none sees what another left.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, rm } from 'node:fs/promises'
import path from 'node:path'

import { copyDatabase, type TestDatabase } from './database.ts'

const child = path.resolve('test/support/worker-child.ts')

/** Data directory and rows of a hub that nobody has open. */
export type Prepared = { readonly data: string; readonly database: TestDatabase }

export type Work = 'shred' | 'compact'

export type Worker = Prepared & {
  readonly pid: number
  /** Tells it to work. What it said at the end; null when it died. */
  work(what: Work): Promise<string | null>
  /** SIGKILL: nothing is tidied up. */
  kill(): Promise<void>
  /** Ends it and removes its copy. */
  remove(): Promise<void>
}

/** Copies `prepared` to `data` and starts a process there; resolves when it is ready to work. */
export async function startWorker(prepared: Prepared, data: string): Promise<Worker> {
  const [database] = await Promise.all([
    copyDatabase(prepared.database),
    cp(prepared.data, data, { recursive: true }),
  ])
  const started = spawn(process.execPath, ['--import', 'tsx', child, data, database.url], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // One thread for files: the calls of one piece of work come in the same order in every run.
    env: { ...process.env, UV_THREADPOOL_SIZE: '1', UV_USE_IO_URING: '0' },
  })
  const ended = once(started, 'exit')
  let complaint = ''
  started.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  const lines: string[] = []
  let wake = (): void => undefined
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    lines.push(...text.split('\n').filter((line) => line !== ''))
    wake()
  })
  // Written to after its death.
  started.stdin.on('error', () => undefined)
  void ended.then(() => wake())
  const isOver = () => started.exitCode !== null || started.signalCode !== null
  /** What it says next; null when it is gone without a word. */
  const line = async (): Promise<string | null> => {
    while (lines.length === 0) {
      if (isOver()) return null
      await new Promise<void>((resolve) => (wake = resolve))
    }
    return lines.shift() ?? null
  }
  const worker: Worker = {
    pid: started.pid ?? 0,
    data,
    database,
    work(what) {
      started.stdin.write(`${what}\n`)
      return line()
    },
    async kill() {
      started.kill('SIGKILL')
      await ended
    },
    async remove() {
      await worker.kill()
      await database.drop()
      await rm(data, { recursive: true, force: true })
    },
  }
  if ((await line()) !== 'ready') {
    await worker.remove()
    throw new Error(`the worker did not start: ${complaint}`)
  }
  return worker
}
