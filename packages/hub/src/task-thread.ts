/** A thread that answers tasks, each in a message of its own: what is long and only computes runs beside the hub. */

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

/** Sources run through tsx, which a thread does not inherit. */
const source = `
  const { workerData } = require('node:worker_threads')
  import(workerData.loader).then((tsx) => { tsx.register(); return import(workerData.script) })
`

type Asked<Ask> = { readonly task: number; readonly ask: Ask }
type Answered<Answer> = { readonly task: number; readonly answer: Answer }

/** One thread and what it was asked. When it ends, everything that waits gets `refuse` with the reason. */
export class TaskThread<Ask, Answer> {
  readonly #worker: Worker
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #tasks = 0
  #ended = false

  /** `script` calls `answerTasks`. */
  constructor(script: URL, refuse: (reason: string) => Answer) {
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'))
    this.#worker = new Worker(source, {
      eval: true,
      workerData: {
        loader: new URL('./dist/esm/api/index.mjs', tsx).href,
        script: script.href,
      },
    })
    this.#worker.on('message', ({ task, answer }: Answered<Answer>) => {
      this.#waiting.get(task)?.(answer)
      this.#waiting.delete(task)
    })
    let reason = 'Its thread ended.'
    this.#worker.on('error', (error) => (reason = `Its thread ended: ${error.message}`))
    this.#worker.on('exit', () => {
      this.#ended = true
      for (const answer of this.#waiting.values()) answer(refuse(reason))
      this.#waiting.clear()
    })
  }

  get ended(): boolean {
    return this.#ended
  }

  get waiting(): number {
    return this.#waiting.size
  }

  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve) => {
      const task = ++this.#tasks
      this.#waiting.set(task, resolve)
      this.#worker.postMessage({ task, ask } satisfies Asked<Ask>)
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
