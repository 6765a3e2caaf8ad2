/** Threads that look at found files, so that the hub goes on meanwhile. */

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

import type { LeakAnswer, LeakAsk } from './leak-thread.ts'

export type Comparer = {
  /** The thread's answer; a thread that ends refuses what it was asked, and the next one starts. */
  ask(ask: LeakAsk): Promise<LeakAnswer>
  close(): Promise<void>
}

/** Sources run through tsx, which a thread does not inherit. */
const source = `
  const { workerData } = require('node:worker_threads')
  import(workerData.loader).then((tsx) => { tsx.register(); return import(workerData.script) })
`

/** `threads` at most; each starts when there is work for it. */
export function createComparer(threads: number): Comparer {
  const seats: (Seat | null)[] = Array.from({ length: threads }, () => null)
  let closed = false
  return {
    ask(ask) {
      if (closed) return Promise.resolve({ kind: 'refused', detail: 'The hub stops.' })
      const free = seats.findIndex((seat) => seat === null || seat.ended || seat.waiting === 0)
      const least = seats.reduce(
        (best, seat, at) => ((seat?.waiting ?? 0) < (seats[best]?.waiting ?? 0) ? at : best),
        0,
      )
      const at = free === -1 ? least : free
      let seat = seats[at] ?? null
      if (seat === null || seat.ended) seat = seats[at] = new Seat()
      return seat.ask(ask)
    },
    async close() {
      closed = true
      for (const seat of seats) await seat?.close()
    },
  }
}

class Seat {
  readonly #worker: Worker
  readonly #asked = new Map<number, (answer: LeakAnswer) => void>()
  #tasks = 0
  #ended = false

  constructor() {
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'))
    this.#worker = new Worker(source, {
      eval: true,
      workerData: {
        loader: new URL('./dist/esm/api/index.mjs', tsx).href,
        script: new URL('./leak-thread.ts', import.meta.url).href,
      },
    })
    this.#worker.on('message', ({ task, answer }: { task: number; answer: LeakAnswer }) => {
      this.#asked.get(task)?.(answer)
      this.#asked.delete(task)
    })
    let detail = 'The thread that looked at it ended.'
    this.#worker.on('error', (error) => (detail = `${detail} ${error.message}`))
    this.#worker.on('exit', () => {
      this.#ended = true
      for (const answer of this.#asked.values()) answer({ kind: 'refused', detail })
      this.#asked.clear()
    })
  }

  get ended(): boolean {
    return this.#ended
  }

  get waiting(): number {
    return this.#asked.size
  }

  ask(ask: LeakAsk): Promise<LeakAnswer> {
    return new Promise((resolve) => {
      const task = ++this.#tasks
      this.#asked.set(task, resolve)
      this.#worker.postMessage({ task, ask })
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
