/** Recipients that the agency replaces at once: what a lane takes, gives up, and says of it. */

import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { durableFiles } from './durable-files.ts'
import { EpochBook } from './epochs.ts'
import { HeldAnnouncement } from './held-announcement.ts'
import type { Lane } from './lane.ts'
import { FakeHub } from './testing/fake-hub.ts'
import { openLaneBench, photograph, push } from './testing/lane-bench.ts'
import { until } from './testing/time.ts'
import type { KeptVerdicts } from './window/kept-verdicts.ts'

let directory = ''
let hub = new FakeHub()
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'rotation-'))
  hub = new FakeHub()
})
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }))

const start = new Date('2026-11-22T08:00:00.000Z')
const later = (seconds: number): Date => new Date(start.getTime() + seconds * 1_000)

function openBook(files = durableFiles): EpochBook {
  const owner = { agencyKey: hub.agency.publicKey, port: { id: 'north' } }
  return new EpochBook(directory, owner, files, { has: () => false })
}

test('what was announced before a rotation is never taken again, whatever its date, nor after a restart', async () => {
  const book = openBook()
  // The clock of the hub was ahead when it announced, and is right when it rotates.
  const ahead = hub.announcement(later(3_600), ['reads'])
  expect(await book.take(ahead)).toBeNull()
  const before = book.epochOf(start)
  hub.epochs.rotate(later(10))
  expect(await book.take(hub.announcement(later(10), ['reads']))).toBeNull()
  const after = book.epochOf(start)
  expect(after?.recipient).not.toBe(before?.recipient)
  expect(after?.hybrid?.recipient).not.toBe(before?.hybrid?.recipient)
  const again = openBook()
  await again.load()
  for (const one of [book, again]) {
    expect(await one.take(ahead)).toBe('older_epochs')
    expect(one.epochOf(start)).toEqual(after)
  }
})

test('of two rotations the later holds, also where its announcement was issued earlier', async () => {
  const book = openBook()
  hub.epochs.rotate(later(10))
  const first = hub.announcement(later(500), ['reads'])
  hub.epochs.rotate(later(20))
  const second = hub.announcement(later(20), ['reads'])
  expect(await book.take(first)).toBeNull()
  expect(await book.take(second)).toBeNull()
  expect(await book.take(first)).toBe('older_epochs')
})

test('a picture that is being sealed when recipients are replaced is counted as sealed before', async () => {
  const book = openBook()
  const spool = { lastSequence: 7 }
  const said = new HeldAnnouncement({ book, spool, kept: { countOf: () => 0 } })
  expect(said.said()).toBeNull()
  await book.take(hub.announcement(start, ['reads']))
  expect(said.said()).toMatchObject({ rotated_at: null })
  hub.epochs.rotate(later(10))
  await book.sealing(start, async (epoch) => {
    await book.take(hub.announcement(later(10), ['reads']))
    expect(epoch?.recipient).not.toBe(book.epochOf(start)?.recipient)
    expect(said.said()).toMatchObject({ rotated_at: null })
    spool.lastSequence = 8
  })
  spool.lastSequence = 9
  expect(said.said()).toMatchObject({ rotated_at: later(10).toISOString(), earlier_through: 9 })
  spool.lastSequence = 30
  expect(said.said()).toMatchObject({ earlier_through: 9 })
  // What a stopped lane sealed to is not known again: all of it counts.
  const again = openBook()
  await again.load()
  const restarted = new HeldAnnouncement({ book: again, spool, kept: { countOf: () => 0 } })
  expect(restarted.said()).toMatchObject({ earlier_through: 30 })
})

test('a verdict that waits is counted as sealed before also when its day is announced no more', async () => {
  const book = openBook()
  await book.take(hub.announcement(start, ['reads']))
  const epoch = book.epochOf(start)
  if (epoch === null) throw new Error('the day is announced')
  const statement = { sequence: 1, statement: '', signature: '', seal: '', id: '', file: '' }
  const countOf: KeptVerdicts['countOf'] = (is) => [{ ...statement, epoch }].filter(is).length
  const said = new HeldAnnouncement({ book, spool: { lastSequence: 1 }, kept: { countOf } })
  expect(said.said()).toMatchObject({ earlier_verdicts: 0 })
  hub.epochs.rotate(later(10))
  for (const days of [0, 3]) {
    await book.take(hub.announcement(later(10 + days * 86_400), ['reads']))
    expect(said.said(), `${days} days later`).toMatchObject({ earlier_verdicts: 1 })
  }
})

test('recipients that the disk did not take are used, and not told as held: a power cut brings the others back', async () => {
  let isFull = false
  const files = {
    ...durableFiles,
    write: (file: string, bytes: Uint8Array) =>
      isFull ? Promise.reject(new Error('ENOSPC')) : durableFiles.write(file, bytes),
  }
  const book = openBook(files)
  await book.take(hub.announcement(start, ['reads']))
  hub.epochs.rotate(later(10))
  isFull = true
  await expect(book.take(hub.announcement(later(10), ['reads']))).rejects.toThrow('ENOSPC')
  expect(book.held?.rotated_at).toBeUndefined()
  isFull = false
  await book.take(hub.announcement(later(10), ['reads']))
  expect(book.held?.rotated_at).toBe(later(10).toISOString())
})

test('a lane hears of a rotation with its next heartbeat, seals to the new keys and loses no picture', async () => {
  const bench = await openLaneBench()
  try {
    const lane = await bench.start()
    expect((await push(lane, await photograph(0))).status).toBe(201)
    await until(() => bench.hub.received.length === 1)
    bench.hub.issuedAt = new Date()
    bench.hub.epochs.rotate(bench.hub.issuedAt)
    const rotatedAt = bench.hub.issuedAt.toISOString()
    await until(() => bench.hub.heartbeats.at(-1)?.epochs?.rotated_at === rotatedAt)
    expect(bench.hub.heartbeats.at(-1)?.epochs).toMatchObject({ earlier_through: 1 })
    expect((await push(lane, await photograph(1))).status).toBe(201)
    await until(() => bench.hub.received.length === 2)
    const recipients = bench.hub.received.map(({ bundle }) => bundle.manifest.epoch.recipient)
    expect(new Set(recipients).size).toBe(2)
    for (const received of bench.hub.received)
      expect(bench.hub.open(received, 'scene')?.length).toBeGreaterThan(100)
    expect(bench.hub.complaints).toEqual([])
  } finally {
    await bench.close()
  }
})

test.each(['unknown_epoch', 'epoch_destroyed'])(
  'a lane whose bundles are refused with %s asks for other keys before its heartbeat, once for all of them',
  async (code) => {
    const bench = await openLaneBench()
    const { hub: far } = bench
    let pictures = 0
    const pushOne = async (lane: Lane) =>
      expect((await push(lane, await photograph(pictures++))).status).toBe(201)
    try {
      const lane = await bench.start({}, { heartbeatMs: 3_600_000 })
      await pushOne(lane)
      // Before there is anything to seal with, and once more where it begins to keep it fresh.
      const renewals = () => bench.events.filter(({ event }) => event === 'epochs_renewed').length
      await until(() => far.received.length === 1 && renewals() === 2, 60_000)
      far.issuedAt = new Date()
      far.epochs.rotate(far.issuedAt)
      far.misbehaviour = { kind: 'status', status: 422, code }
      const refusals = () => bench.events.filter(({ event }) => event === 'bundle_refused').length
      for (let count = 1; count <= 3; count++) {
        await pushOne(lane)
        await until(() => refusals() === count, 60_000)
      }
      await until(() => renewals() === 3, 60_000)
      far.misbehaviour = { kind: 'none' }
      await pushOne(lane)
      await until(() => far.received.length === 2, 60_000)
      const recipients = far.received.map(({ bundle }) => bundle.manifest.epoch.recipient)
      expect(new Set(recipients).size).toBe(2)
      expect([far.fetched, far.heartbeats.length]).toEqual([3, 1])
    } finally {
      await bench.close()
    }
  },
  90_000,
)
