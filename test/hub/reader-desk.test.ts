/** A burst of pictures at the plate reader: what becomes of them, and of everything else that the hub does. */

import { performance } from 'node:perf_hooks'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { limits } from '../../packages/hub/src/limits.ts'
import { createReaderDesk, type DeskPool } from '../../packages/hub/src/reader/desk.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { askReader, drawnCar, issueToken } from '../support/reader-client.ts'

let hub: TestHub
let picture: Buffer
let token: string

beforeAll(async () => {
  hub = await startTestHub()
  token = (await issueToken(await hub.signIn(['integrator']))).token
  picture = await drawnCar()
})
afterAll(() => hub.remove())

test('while pictures are read the hub is free for everything else', async () => {
  const { desk } = hub.hub.parts
  // Models are loaded with the first picture.
  expect(await desk.read(picture)).toMatchObject({ kind: 'looks' })
  const before = performance.eventLoopUtilization()
  for (let count = 0; count < 8; count++) await desk.read(picture)
  // A reader on this thread takes seven eighths of it; a thread's questions and answers a hundredth.
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.4)
})

test('a burst finds a queue that ends: what has no place is told so, the rest is read', async () => {
  const { desk } = hub.hub.parts
  const burst = limits.readerWaitingMax + 12
  const answers = await Promise.all(Array.from({ length: burst }, () => desk.read(picture)))
  const read = answers.filter(({ kind }) => kind === 'looks')
  const busy = answers.filter(({ kind }) => kind === 'busy')
  expect(read.length + busy.length).toBe(burst)
  // One is with the thread, and no more than the limit behind it.
  expect(busy.length).toBeGreaterThanOrEqual(burst - limits.readerWaitingMax - 1)
  expect(read.length).toBeGreaterThan(0)
})

test('a program whose picture found no place is told when to come back, and then it is read', async () => {
  const { desk, db } = hub.hub.parts
  const read = desk.read.bind(desk)
  Object.assign(desk, { read: async () => ({ kind: 'busy' }) })
  try {
    const answer = await askReader(hub, token, { upload: picture })
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await answer.json()).toMatchObject({ code: 'busy', status_code: 429 })
  } finally {
    Object.assign(desk, { read })
  }
  const rows = await db.selectFrom('reading').select('outcome').execute()
  expect(rows).toEqual([{ outcome: 'busy' }])
  expect((await askReader(hub, token, { upload: picture })).status).toBe(201)
})

test('a reader that cannot be opened or has given up is opened again with the next picture', async () => {
  let opened = 0
  const given = (ended: boolean): DeskPool => ({
    ended,
    read: async () =>
      ended
        ? { kind: 'dropped', code: 'worker_failed', frame: 'a', detail: 'a was not read.' }
        : { kind: 'read', looks: [], picture: { width: 1, height: 1 }, ms: 1 },
    close: async () => undefined,
  })
  const desk = createReaderDesk(async () => {
    opened += 1
    if (opened === 1) throw new Error('a model is missing')
    return given(opened === 2)
  })
  await expect(desk.read(picture)).rejects.toThrow('a model is missing')
  expect(await desk.read(picture)).toMatchObject({ kind: 'looks' })
  expect(await desk.read(picture)).toMatchObject({ kind: 'looks' })
  expect(opened).toBe(3)
  await desk.close()
  await expect(desk.read(picture)).rejects.toThrow('the hub stops')
})
