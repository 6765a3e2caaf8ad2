import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { parseBundle } from '@sallyport/proof/bundle'
import { verifyDayClosed } from '@sallyport/proof/day-closed'
import { generateSigningKey } from '@sallyport/proof/node/ed25519'
import { generateIdentity } from '@sallyport/proof/node/seal'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { createAlarms } from './alarms.ts'
import { ClosedDays, lastDayOver, runDayClosing } from './day-closing.ts'
import { durableFiles } from './durable-files.ts'
import type { LaneEvent } from './events.ts'
import type { Answer } from './http.ts'
import { Keeper } from './keeper.ts'
import type { SealedCrossing } from './sealing.ts'
import { foundSpool, openSpool } from './spool.ts'
import { openLaneBench, photograph, push } from './testing/lane-bench.ts'
import { testClock, until } from './testing/time.ts'

let directory = ''
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'closing-'))
})
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }))

const { privateKey, publicKey } = generateSigningKey()
const yesterday = { day: '2026-11-21', recipient: generateIdentity().recipient }
const today = { day: '2026-11-22', recipient: generateIdentity().recipient }
const noted: Answer = { kind: 'answer', status: 204, json: undefined, retryAfter: null }
const away: Answer = { kind: 'unreachable', reason: 'ECONNREFUSED' }

async function bench(
  answers: readonly Answer[],
  files = durableFiles,
  needed: (through: string) => boolean = () => false,
) {
  const spoolDirectory = path.join(directory, 'spool')
  if (!fs.existsSync(spoolDirectory)) await foundSpool(spoolDirectory, durableFiles)
  const opened = await openSpool(spoolDirectory, durableFiles)
  if (opened.kind === 'refused') throw new Error(opened.detail)
  const { spool } = opened
  const clock = testClock(new Date('2026-11-22T00:08:00.000Z'))
  const events: LaneEvent[] = []
  const report = (event: LaneEvent): void => void events.push(event)
  const alarms = createAlarms(report)
  const signer = {
    ...{ device: 'd'.repeat(32), lane: 'l', port: 'north', boot: 'b'.repeat(32) },
    ...{ bootMonotonicMs: 0, signingSeed: privateKey },
  }
  const closed = new ClosedDays(directory, files)
  await closed.load()
  const keeper = new Keeper({
    ...{ spool, signer, alarms, report, clock, closed },
    capacity: { bytesMax: 10_000_000, bundlesMax: 100 },
    random: crypto.randomBytes,
    epoch: () => today,
  })
  const asked: Uint8Array[] = []
  const ending = new AbortController()
  /** Runs until every answer was given. */
  const run = (): Promise<void> =>
    runDayClosing(
      {
        ...{ hub: 'http://localhost:1', signer, closed, alarms, report },
        clock: { ...clock, sleep: sleepReally },
        close: (through) => keeper.closeDays(through),
        needed,
        ask: (_url, { body }) => {
          asked.push(body ?? new Uint8Array())
          if (asked.length >= answers.length) ending.abort()
          return Promise.resolve(answers[asked.length - 1] ?? away)
        },
      },
      ending.signal,
    )
  return { spool, clock, closed, keeper, alarms, events, asked, run, ending }
}

function crossing(epoch = yesterday): SealedCrossing {
  const at = new Date(`${epoch.day}T23:59:59.500Z`)
  return {
    ...{ crossing: crypto.randomBytes(16).toString('hex'), capturedAt: at, sealedAt: at },
    ...{ monotonicMs: 1, laneMs: 100, epoch },
    bodies: [
      {
        class: 'reads',
        id: crypto.randomBytes(16).toString('hex'),
        header: crypto.randomBytes(160),
        body: crypto.randomBytes(500),
      },
    ],
  }
}

function said(body: Uint8Array | undefined) {
  const signature = body === undefined ? null : lastSignature(body)
  if (body === undefined || signature === null) throw new Error('nothing was said')
  const verified = verifyDayClosed(publicKey, body, signature)
  if (verified.kind === 'refused') throw new Error(verified.detail)
  return verified.statement
}

/** Ed25519 is deterministic: what the lane must have sent in its header. */
function lastSignature(body: Uint8Array): Uint8Array | null {
  const domain = Buffer.from('sallyport/day-closed/v1\n')
  const der = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(privateKey),
  ])
  const key = crypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return crypto.sign(null, Buffer.concat([domain, body]), key)
}

test.each([
  ['2026-11-22T00:09:59.999Z', '2026-11-20'],
  ['2026-11-22T00:10:00.000Z', '2026-11-21'],
  ['2026-11-22T23:59:59.000Z', '2026-11-21'],
])('at %s the last day over is %s', (now, day) => {
  expect(lastDayOver(new Date(now))).toBe(day)
})

test('what was sealed to a day and comes after its closing is counted, not sent', async () => {
  const { keeper, spool, closed } = await bench([])
  await keeper.keep(crossing())
  await keeper.closeDays(yesterday.day)
  expect(closed.latest).toMatchObject({ through: yesterday.day, sequence: 1 })
  expect(await keeper.keep(crossing())).toEqual({ kind: 'dropped', code: 'day_closed' })
  expect(await keeper.keep(crossing(today))).toMatchObject({ kind: 'spooled' })
  const later = parseBundle(await spool.read(2))
  if (later.kind === 'refused') throw new Error(later.detail)
  // The loss is signed for, under the key of today.
  expect(later.manifest).toMatchObject({ kind: 'gap', epoch: today, gap: { reason: 'no_epoch' } })
})

test('a hub that is away is told when it is back, once, with the sequence of the closing', async () => {
  const { keeper, closed, asked, run, clock } = await bench([away, away, noted])
  await keeper.keep(crossing())
  clock.advance(3 * 60_000)
  await run()
  expect(asked).toHaveLength(3)
  expect(said(asked[2])).toMatchObject({ through: yesterday.day, last_sequence: 1, port: 'north' })
  expect(closed.latest).toMatchObject({ told: true })
  const again = new ClosedDays(directory, durableFiles)
  await again.load()
  expect(again.latest).toEqual(closed.latest)
})

test('a day is closed but not told while a verdict waits that only its key opens', async () => {
  let waits = true
  const looked: string[] = []
  const { asked, run, clock, closed } = await bench([noted], durableFiles, (through) => {
    looked.push(through)
    if (looked.length === 3) waits = false
    return waits
  })
  clock.advance(3 * 60_000)
  await run()
  expect(looked).toEqual([yesterday.day, yesterday.day, yesterday.day])
  expect(asked).toHaveLength(1)
  expect(closed.latest).toMatchObject({ told: true })
})

test('killed between closing and telling, the next start tells what was closed', async () => {
  const before = await bench([])
  await before.keeper.keep(crossing())
  await before.keeper.closeDays(yesterday.day)
  await before.keeper.keep(crossing(today))
  const after = await bench([noted])
  after.clock.advance(3 * 60_000)
  await after.run()
  expect(said(after.asked[0])).toMatchObject({ through: yesterday.day, last_sequence: 1 })
})

test('a disk that is full closes nothing and tells nothing; the day goes on', async () => {
  const full = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }))
  const { keeper, alarms, asked, closed, clock, run, ending } = await bench([], {
    ...durableFiles,
    write: full,
  })
  clock.advance(3 * 60_000)
  const running = run()
  await until(() => alarms.open().length > 0)
  ending.abort()
  await running
  expect(asked).toEqual([])
  expect(closed.has(yesterday.day)).toBe(false)
  expect(alarms.open()[0]).toMatch(/^spool_write_failed/)
  expect(await keeper.keep(crossing())).toMatchObject({ kind: 'spooled' })
})

test('a whole lane closes yesterday, and seals to it no more when its clock goes back', async () => {
  const lanes = await openLaneBench()
  try {
    const lane = await lanes.start()
    await until(() => lanes.hub.closed.length > 0, 20_000, 'the closing')
    const through = lastDayOver(new Date())
    expect(lanes.hub.closed[0]).toMatchObject({ device: lanes.hub.device, through })
    await lanes.stop(lane)
    // The clock stands a day behind, and the hub announces that day.
    const wrong = new Date(`${through}T12:00:00.000Z`)
    lanes.hub.issuedAt = new Date(wrong.getTime() + 1)
    const clock = { ...testClock(wrong), sleep: sleepReally }
    const behind = await lanes.start({}, { clock })
    expect((await push(behind, await photograph())).body).toMatchObject({ code: 'no_epoch' })
    expect(lanes.hub.complaints).toEqual([])
  } finally {
    await lanes.close()
  }
})

function sleepReally(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.min(ms, 50))
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
