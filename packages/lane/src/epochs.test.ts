import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { fromBase64, toBase64, toHex } from '@sallyport/proof/bytes'
import { signEpochs } from '@sallyport/proof/epoch'
import { sign } from '@sallyport/proof/node/ed25519'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { createAlarms } from './alarms.ts'
import { durableFiles } from './durable-files.ts'
import { EpochBook, judgeEpochs, refreshEpochs } from './epochs.ts'
import { FakeHub } from './testing/fake-hub.ts'
import { testClock } from './testing/time.ts'

let directory = ''
let hub = new FakeHub()
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'epochs-'))
  hub = new FakeHub()
})
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }))

const start = new Date('2026-11-22T08:00:00.000Z')
const nothingClosed = { has: () => false }
const owner = (): { agencyKey: Uint8Array; port: { id: string } } => ({
  agencyKey: hub.agency.publicKey,
  port: { id: 'north' },
})
const days = (count: number): Date => new Date(start.getTime() + count * 86_400_000)

test('a signed announcement is kept and lasts fourteen days without the hub, then nothing is sealed', async () => {
  const book = new EpochBook(directory, owner(), durableFiles, nothingClosed)
  expect(await book.take(hub.announcement(start))).toBeNull()
  const again = new EpochBook(directory, owner(), durableFiles, nothingClosed)
  await again.load()
  expect(again.epochOf(start)?.day).toBe('2026-11-22')
  expect(again.epochOf(days(13))?.day).toBe('2026-12-05')
  expect(again.epochOf(days(14))).toBeNull()
  expect(again.epochOf(days(-1))).toBeNull()
})

test('each day has its own recipient', async () => {
  const book = new EpochBook(directory, owner(), durableFiles, nothingClosed)
  await book.take(hub.announcement(start))
  const recipients = Array.from({ length: 14 }, (_, at) => book.epochOf(days(at))?.recipient)
  expect(new Set(recipients).size).toBe(14)
})

test.each([
  ['another agency', () => new FakeHub().announcement(start), 'bad_signature'],
  ['a changed recipient', () => tampered(), 'bad_signature'],
  ['no announcement', () => ({ hello: 'world' }), 'malformed_epochs'],
  ['nothing', () => undefined, 'malformed_epochs'],
  ['a document of another port', () => ofPort('south'), 'other_port'],
])('epochs by %s are refused', (_, announcement, code) => {
  expect(judgeEpochs(announcement(), owner(), null)).toMatchObject({ kind: 'refused', code })
})

test('an older announcement cannot bring an old recipient back', async () => {
  const book = new EpochBook(directory, owner(), durableFiles, nothingClosed)
  await book.take(hub.announcement(days(2)))
  expect(await book.take(hub.announcement(start))).toBe('older_epochs')
  expect(book.epochOf(start)).toBeNull()
})

test('an announcement of version 1, given to older lanes, cannot take the hybrid recipients away', async () => {
  const book = new EpochBook(directory, owner(), durableFiles, nothingClosed)
  expect(await book.take(hub.announcement(start))).toBeNull()
  expect(book.epochOf(start)?.hybrid).toBeNull()
  expect(await book.take(hub.announcement(start, ['face']))).toBeNull()
  expect(book.epochOf(start)?.hybrid?.classes).toEqual(['face'])
  expect(await book.take(hub.announcement(days(1)))).toBe('older_epochs')
  const again = new EpochBook(directory, owner(), durableFiles, nothingClosed)
  await again.load()
  expect(again.epochOf(start)?.hybrid?.recipient).toMatch(/^age1pq1/)
})

test.each([
  ['tampered with', (text: string) => text.replace(/.{8}"\}/, '00000000"}')],
  ['cut', (text: string) => text.slice(0, 50)],
  ['empty', () => ''],
])('a kept file that was %s is not trusted', async (_, change) => {
  const book = new EpochBook(directory, owner(), durableFiles, nothingClosed)
  await book.take(hub.announcement(start))
  const file = path.join(directory, 'epochs.json')
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8').trim()))
  const again = new EpochBook(directory, owner(), durableFiles, nothingClosed)
  await again.load()
  expect(again.epochOf(start)).toBeNull()
})

test('epochs that run out soon raise an alarm before they do, and renewal clears it', async () => {
  const clock = testClock(start)
  const alarms = createAlarms(() => {})
  const book = new EpochBook(directory, owner(), durableFiles, nothingClosed)
  await book.take(hub.announcement(start))
  let announcement: unknown = null
  const parts = {
    hub: 'http://hub',
    port: 'north',
    book,
    alarms,
    report: () => {},
    clock,
    chance: () => 0,
    ask: () =>
      Promise.resolve(
        announcement === null
          ? ({ kind: 'unreachable', reason: 'ECONNREFUSED' } as const)
          : ({ kind: 'answer', status: 200, json: announcement, retryAfter: null } as const),
      ),
  }
  const { signal } = new AbortController()
  expect(await refreshEpochs(parts, signal)).toBe(false)
  expect(alarms.open()).toEqual([])
  clock.advance(11 * 86_400_000)
  await refreshEpochs(parts, signal)
  expect(alarms.open()[0]).toContain('epochs_ending')
  announcement = hub.announcement(clock.now())
  expect(await refreshEpochs(parts, signal)).toBe(true)
  expect(alarms.open()).toEqual([])
})

function tampered(): { document: string; signature: string } {
  const { document, signature } = hub.announcement(start)
  const text = Buffer.from(fromBase64(document) ?? []).toString()
  return { document: toBase64(Buffer.from(text.replace(/age1../, 'age1qq'))), signature }
}

function ofPort(port: string): { document: string; signature: string } {
  const text = Buffer.from(fromBase64(hub.announcement(start).document) ?? []).toString()
  const bytes = Buffer.from(text.replace('"port":"north"', `"port":"${port}"`))
  return {
    document: toBase64(bytes),
    signature: toHex(signEpochs(hub.agency.privateKey, bytes, sign)),
  }
}
