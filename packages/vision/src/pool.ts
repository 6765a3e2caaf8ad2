/** Plate readers in threads of their own: pictures wait in a bounded queue, and late ones are dropped by name. */

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

import type { Corners, Look } from '@sallyport/core/plate'

import { limits } from './limits.ts'
import type { PlateOrigin } from './origin.ts'
import type { Picture } from './picture.ts'
import type { PlateReaderOptions } from './plate-reader.ts'
import type { PoolAnswer, PooledReading, PoolTask } from './pool-worker.ts'

/** A picture that was not read, and why. `frame` is the name that it was given with. */
export type DroppedFrame = {
  readonly kind: 'dropped'
  /** `queue_full`: newer ones came; `late`: it waited too long; `worker_failed`: its thread ended or threw. */
  readonly code: 'queue_full' | 'late' | 'worker_failed'
  readonly frame: string
  readonly detail: string
}

export type PoolOptions = PlateReaderOptions & {
  /** Threads, each with models of its own and one core; 1 by default. */
  readonly workers?: number
  /** Pictures that may wait; the oldest is dropped for a newer one. */
  readonly queueMax?: number
  /** A picture that has waited longer is dropped instead of read. */
  readonly lateMs?: number
}

export type PooledLookOptions = { readonly frame?: string; readonly origin?: boolean }

type Waiting = {
  readonly frame: string
  readonly task: PoolTask
  readonly sinceMs: number
  readonly answer: (answer: PoolAnswer | DroppedFrame) => void
}

type Seat = { worker: Worker; busy: Waiting | null }

/** Reads plates in worker threads. Owns them: close it. */
export class PlateReaderPool {
  readonly models: { readonly detector: string; readonly reader: string }
  readonly #options: Required<Pick<PoolOptions, 'queueMax' | 'lateMs'>> & PlateReaderOptions
  readonly #start: typeof startWorker
  readonly #seats: Seat[] = []
  readonly #queue: Waiting[] = []
  #closed = false
  #restarts = 0
  #frames = 0

  private constructor(
    options: PoolOptions,
    start: typeof startWorker,
    workers: readonly StartedWorker[],
  ) {
    this.#start = start
    const { queueMax = limits.poolQueueMax, lateMs = limits.poolLateMs } = options
    this.#options = { ...options, queueMax, lateMs }
    this.models = workers[0]?.models ?? { detector: '', reader: '' }
    for (const { worker } of workers) this.#seat(worker)
  }

  /** Starts the threads. Throws what opening a reader throws; then no thread is left. */
  static async open(options: PoolOptions = {}, start = startWorker): Promise<PlateReaderPool> {
    const { workers = 1 } = options
    if (!Number.isInteger(workers) || workers < 1 || workers > limits.poolWorkersMax) {
      throw new RangeError(`A pool has 1 to ${limits.poolWorkersMax} workers, not ${workers}.`)
    }
    const starting = Array.from({ length: workers }, () => start(options))
    try {
      return new PlateReaderPool(options, start, await Promise.all(starting))
    } catch (error) {
      for (const one of await Promise.allSettled(starting)) {
        if (one.status === 'fulfilled') await one.value.worker.terminate()
      }
      throw error
    }
  }

  /** True when it reads nothing any more: it was closed, or its threads kept dying. */
  get ended(): boolean {
    return this.#closed
  }

  /** Pictures that wait for a thread. */
  get waiting(): number {
    return this.#queue.length
  }

  /** Every plate of the picture, surest first, or that it was dropped. The picture is copied. */
  async look(
    picture: Picture,
    { frame = `picture ${++this.#frames}`, origin = true }: PooledLookOptions = {},
  ): Promise<readonly Look[] | DroppedFrame> {
    const answer = await this.#ask(frame, { kind: 'look', picture, origin })
    if (answer.kind === 'dropped') return answer
    return answer.kind === 'looks' ? answer.looks : unexpected(frame)
  }

  /** Decodes the bytes of a picture in the thread, too, and reads every plate of it. The bytes are copied. */
  async read(
    bytes: Uint8Array,
    { frame = `picture ${++this.#frames}` }: Pick<PooledLookOptions, 'frame'> = {},
  ): Promise<PooledReading | DroppedFrame> {
    const answer = await this.#ask(frame, { kind: 'read', bytes })
    if (answer.kind === 'dropped' || answer.kind === 'read' || answer.kind === 'refused')
      return answer
    return unexpected(frame)
  }

  /** Where the plate at `corners` comes from; null without a model for that, or when dropped. */
  async origin(picture: Picture, corners: Corners): Promise<PlateOrigin | null> {
    const answer = await this.#ask(`plate ${++this.#frames}`, { kind: 'origin', picture, corners })
    return answer.kind === 'origin' ? answer.origin : null
  }

  /** Ends the threads; what waits or is being read is dropped. */
  async close(): Promise<void> {
    this.#closed = true
    for (const one of this.#queue.splice(0))
      one.answer(dropped(one, 'worker_failed', 'The pool was closed.'))
    await Promise.all(this.#seats.map(({ worker }) => worker.terminate()))
  }

  #ask(frame: string, task: PoolTask): Promise<PoolAnswer | DroppedFrame> {
    return new Promise((answer) => {
      const asked = { frame, task, sinceMs: performance.now(), answer }
      if (this.#closed) return answer(dropped(asked, 'worker_failed', 'The pool is closed.'))
      this.#queue.push(asked)
      this.#next()
      while (this.#queue.length > this.#options.queueMax) {
        const oldest = this.#queue.shift()
        oldest?.answer(
          dropped(oldest, 'queue_full', `More than ${this.#options.queueMax} pictures wait.`),
        )
      }
    })
  }

  #next(): void {
    for (const seat of this.#seats) {
      if (seat.busy !== null) continue
      const one = this.#takeInTime()
      if (one === undefined) return
      seat.busy = one
      seat.worker.postMessage(one.task)
    }
  }

  #takeInTime(): Waiting | undefined {
    for (;;) {
      const one = this.#queue.shift()
      if (one === undefined) return undefined
      const waitedMs = Math.round(performance.now() - one.sinceMs)
      if (waitedMs <= this.#options.lateMs) return one
      one.answer(dropped(one, 'late', `It waited ${waitedMs} ms.`))
    }
  }

  #seat(worker: Worker): void {
    const seat: Seat = { worker, busy: null }
    this.#seats.push(seat)
    worker.on('message', (answer: PoolAnswer) => {
      const asked = seat.busy
      seat.busy = null
      asked?.answer(
        answer.kind === 'failed' ? dropped(asked, 'worker_failed', answer.detail) : answer,
      )
      this.#next()
    })
    let reason = 'Its thread ended.'
    worker.on('error', (error) => (reason = `Its thread ended: ${error.message}`))
    worker.on('exit', () => {
      this.#seats.splice(this.#seats.indexOf(seat), 1)
      seat.busy?.answer(dropped(seat.busy, 'worker_failed', reason))
      seat.busy = null
      if (!this.#closed) void this.#replace()
    })
  }

  /** A thread that died is replaced; when threads keep dying the pool gives up and says so. */
  async #replace(): Promise<void> {
    this.#restarts += 1
    if (this.#restarts <= limits.poolRestartsMax) {
      const started = await this.#start(this.#options).catch(() => null)
      if (this.#closed) await started?.worker.terminate()
      else if (started !== null) {
        this.#seat(started.worker)
        this.#next()
        return
      }
    }
    if (this.#seats.length > 0 || this.#closed) return
    this.#closed = true
    for (const one of this.#queue.splice(0)) {
      one.answer(dropped(one, 'worker_failed', 'No thread is left to read it.'))
    }
  }
}

function dropped({ frame }: Waiting, code: DroppedFrame['code'], detail: string): DroppedFrame {
  return { kind: 'dropped', code, frame, detail: `${frame} was not read. ${detail}` }
}

function unexpected(frame: string): never {
  throw new Error(`The worker answered something else than was asked for ${frame}.`)
}

/** Sources run through tsx, which a thread does not inherit from a test or a registered loader. */
const sourceThread = `
  const { workerData } = require('node:worker_threads')
  import(workerData.loader).then((tsx) => { tsx.register(); return import(workerData.script) })
`

function sourcePlaces(): { readonly loader: string; readonly script: string } {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'))
  return {
    loader: new URL('./dist/esm/api/index.mjs', tsx).href,
    script: new URL('./pool-worker.ts', import.meta.url).href,
  }
}

export type StartedWorker = { readonly worker: Worker; readonly models: PlateReaderPool['models'] }

/** A thread whose models are open. */
function startWorker({ folder, pins }: PlateReaderOptions): Promise<StartedWorker> {
  const worker = import.meta.url.endsWith('.ts')
    ? new Worker(sourceThread, { eval: true, workerData: { folder, pins, ...sourcePlaces() } })
    : new Worker(new URL('./pool-worker.js', import.meta.url), { workerData: { folder, pins } })
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('The thread of a plate reader ended at its start.'))
    worker.once('error', reject).once('exit', ended)
    worker.once('message', (answer: PoolAnswer) => {
      worker.off('error', reject).off('exit', ended)
      if (answer.kind === 'ready') return resolve({ worker, models: answer.models })
      void worker.terminate()
      reject(new Error(answer.kind === 'failed' ? answer.detail : 'The thread did not start.'))
    })
  })
}
