import { Worker } from 'node:worker_threads'

import { afterEach, expect, test } from 'vitest'

import { encodeJpeg } from './encode.ts'
import { limits } from './limits.ts'
import type { Picture } from './picture.ts'
import { type DroppedFrame, PlateReaderPool } from './pool.ts'

const grey: Picture = { width: 640, height: 384, data: new Uint8Array(640 * 384 * 3).fill(90) }
/** Fewer bytes than its size promises: the thread fails on it, or dies. */
const broken: Picture = { width: 5000, height: 3000, data: new Uint8Array(12) }

let pool: PlateReaderPool | null = null
afterEach(async () => {
  await pool?.close()
  pool = null
})

function codes(answers: readonly unknown[]): readonly string[] {
  return answers.map((one) => (Array.isArray(one) ? 'looks' : (one as DroppedFrame).code))
}

function opened(): PlateReaderPool {
  if (pool === null || pool === undefined) throw new Error('the test opens its pool first')
  return pool
}

test('pictures are read in threads, and every answer belongs to its own picture', async () => {
  pool = await PlateReaderPool.open({ workers: 2 })
  expect(pool.models.reader).toMatch(/^plate-reader@/)
  const answers = await Promise.all([1, 2, 3].map(() => opened().look(grey)))
  expect(answers).toEqual([[], [], []])
})

test('bytes are decoded in the thread, too, and what is no picture is said to be none', async () => {
  pool = await PlateReaderPool.open()
  const jpeg = await encodeJpeg(grey, 80)
  expect(await pool.read(jpeg)).toMatchObject({
    kind: 'read',
    looks: [],
    picture: { width: 640, height: 384 },
  })
  expect(await pool.read(jpeg.subarray(0, 900))).toMatchObject({
    kind: 'refused',
    code: 'truncated_picture',
  })
  // The bytes were copied: whoever gave them still has them.
  expect(jpeg.length).toBeGreaterThan(900)
})

test('when more wait than may, the oldest are dropped by name and the newest are read', async () => {
  pool = await PlateReaderPool.open({ queueMax: 2 })
  const frames = ['a', 'b', 'c', 'd', 'e']
  const answers = await Promise.all(frames.map((frame) => opened().look(grey, { frame })))
  expect(codes(answers)).toEqual(['looks', 'queue_full', 'queue_full', 'looks', 'looks'])
  expect(answers[1]).toMatchObject({ kind: 'dropped', frame: 'b' })
})

test('a picture that has waited too long is dropped instead of read', async () => {
  pool = await PlateReaderPool.open({ lateMs: 0 })
  const answers = await Promise.all(['a', 'b'].map((frame) => opened().look(grey, { frame })))
  expect(codes(answers)).toEqual(['looks', 'late'])
  expect(answers[1]).toMatchObject({ frame: 'b' })
})

test('a picture that a thread fails on is named, and the next one is read', async () => {
  pool = await PlateReaderPool.open()
  const answer = await pool.look(broken, { frame: 'broken' })
  expect(answer).toMatchObject({ kind: 'dropped', code: 'worker_failed', frame: 'broken' })
  expect(await pool.look(grey)).toEqual([])
})

/** Threads that run `onTask` for every picture: what a reader may do to its thread. */
function threads(onTask: string) {
  let started = 0
  return {
    get started() {
      return started
    },
    start: () => {
      started += 1
      const code = `const { parentPort, workerData } = require('node:worker_threads')
        const answer = () => parentPort.postMessage({ kind: 'looks', looks: [] })
        parentPort.on('message', (task) => { ${onTask} })`
      const worker = new Worker(code, { eval: true, workerData: started })
      return Promise.resolve({ worker, models: { detector: 'd', reader: 'r' } })
    },
  }
}

test('a thread that dies costs the picture it held, and another takes its place', async () => {
  const mortal = threads('if (workerData === 1) process.exit(3); else answer()')
  pool = await PlateReaderPool.open({}, mortal.start)
  const frames = ['fatal', 'next', 'after']
  const answers = await Promise.all(frames.map((frame) => opened().look(grey, { frame })))
  expect(codes(answers)).toEqual(['worker_failed', 'looks', 'looks'])
  expect(answers[0]).toMatchObject({ frame: 'fatal' })
  expect(mortal.started).toBe(2)
})

test('when threads keep dying the pool gives up: every picture is answered, none waits for ever', async () => {
  const doomed = threads('process.exit(3)')
  pool = await PlateReaderPool.open({ queueMax: 100, lateMs: 60_000 }, doomed.start)
  const frames = Array.from({ length: limits.poolRestartsMax + 4 }, (_, at) => `frame ${at}`)
  const answers = await Promise.all(frames.map((frame) => opened().look(grey, { frame })))
  expect(new Set(codes(answers))).toEqual(new Set(['worker_failed']))
  expect(codes([await pool.look(grey)])).toEqual(['worker_failed'])
})

test('a pool that is closed reads nothing more, and what waited is told', async () => {
  const closing = await PlateReaderPool.open()
  const waiting = [closing.look(grey), closing.look(grey)]
  await closing.close()
  expect(codes(await Promise.all(waiting))).toEqual(['worker_failed', 'worker_failed'])
  expect(codes([await closing.look(grey)])).toEqual(['worker_failed'])
})

test('models that cannot be opened start no thread', async () => {
  await expect(PlateReaderPool.open({ folder: '/nowhere' })).rejects.toThrow('plate-detector')
})

test('a pool without workers, or with a thousand, is refused', async () => {
  await expect(PlateReaderPool.open({ workers: 0 })).rejects.toThrow(RangeError)
  await expect(PlateReaderPool.open({ workers: 1000 })).rejects.toThrow(RangeError)
})
