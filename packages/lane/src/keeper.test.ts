import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { parseBundle } from '@sallyport/proof/bundle'
import type { Manifest } from '@sallyport/proof/manifest'
import { generateSigningKey } from '@sallyport/proof/node/ed25519'
import { generateIdentity } from '@sallyport/proof/node/seal'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { type Alarms, createAlarms } from './alarms.ts'
import { ClosedDays } from './day-closing.ts'
import { type DurableFiles, durableFiles } from './durable-files.ts'
import type { LaneEvent } from './events.ts'
import { Keeper, type SpoolCapacity } from './keeper.ts'
import type { SealedCrossing } from './sealing.ts'
import { type Spool, foundSpool, openSpool } from './spool.ts'
import { type TestClock, testClock } from './testing/time.ts'

let directory = ''
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'keeper-'))
})
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }))

const epoch = { day: '2026-11-22', recipient: generateIdentity().recipient }
const { privateKey } = generateSigningKey()

function crossing(clock: TestClock, sceneBytes = 20_000): SealedCrossing {
  const body = (bodyClass: 'scene' | 'plate' | 'reads', bytes: number) => ({
    class: bodyClass,
    id: crypto.randomBytes(16).toString('hex'),
    header: crypto.randomBytes(160),
    body: crypto.randomBytes(bytes),
  })
  return {
    crossing: crypto.randomBytes(16).toString('hex'),
    capturedAt: clock.now(),
    sealedAt: clock.now(),
    monotonicMs: clock.monotonicMs(),
    laneMs: 100,
    epoch,
    bodies: [body('scene', sceneBytes), body('plate', 2_000), body('reads', 1_000)],
  }
}

type Bench = {
  keeper: Keeper
  spool: Spool
  alarms: Alarms
  clock: TestClock
  events: LaneEvent[]
  /** What the lane knows of today's epoch. */
  known: { epoch: typeof epoch | null }
}

async function bench(capacity: SpoolCapacity, files: DurableFiles = durableFiles): Promise<Bench> {
  const known: Bench['known'] = { epoch }
  await foundSpool(directory, durableFiles)
  const opened = await openSpool(directory, files)
  if (opened.kind === 'refused') throw new Error(opened.detail)
  const { spool } = opened
  const [clock, events] = [testClock(), [] as LaneEvent[]]
  const report = (event: LaneEvent): void => void events.push(event)
  const alarms = createAlarms(report)
  const signer = {
    device: 'd'.repeat(32),
    lane: 'l',
    port: 'p',
    boot: 'b'.repeat(32),
    bootMonotonicMs: 0,
    signingSeed: privateKey,
  }
  const keeper = new Keeper({
    spool,
    capacity,
    signer,
    alarms,
    report,
    clock,
    random: crypto.randomBytes,
    epoch: () => known.epoch,
    closed: new ClosedDays(directory, files),
  })
  return { keeper, spool, alarms, clock, events, known }
}

async function manifests(spool: Spool): Promise<Manifest[]> {
  const found: Manifest[] = []
  for (let waiting = spool.oldest(); waiting !== null; waiting = spool.oldest()) {
    const bundle = parseBundle(await spool.read(waiting.sequence))
    if (bundle.kind === 'refused') throw new Error(bundle.detail)
    found.push(bundle.manifest)
    await spool.acknowledged(waiting.sequence)
  }
  return found
}

/** What a full spool did with each crossing: `whole`, `lean` or `gap`. */
const shapes = (all: readonly Manifest[]): readonly string[] =>
  all.map(({ kind, bodies }) =>
    kind === 'gap' ? 'gap' : bodies.some((body) => body.class === 'scene') ? 'whole' : 'lean',
  )

test('a filling spool drops scenes first, then counts; every loss is signed for, plates stay', async () => {
  const { keeper, spool, alarms, clock } = await bench({ bytesMax: 200_000, bundlesMax: 1000 })
  const kept: string[] = []
  for (let at = 0; at < 40; at++) {
    clock.advance(1000)
    const outcome = await keeper.keep(crossing(clock))
    kept.push(outcome.kind === 'dropped' ? 'dropped' : outcome.scene ? 'whole' : 'lean')
  }
  const order = [...new Set(kept)]
  expect(order).toEqual(['whole', 'lean', 'dropped'])
  expect(spool.usage().bytes).toBeLessThanOrEqual(200_000 + 16_000)
  expect(alarms.open().map((text) => text.split(':')[0])).toEqual(['spool_filling', 'spool_full'])
  const pending = spool.pendingGaps
  const all = await manifests(spool)
  await keeper.settle()
  all.push(...(await manifests(spool)))
  const dropped = all.flatMap((one) => one.gap?.dropped ?? [])
  const total = (name: string): number =>
    dropped.filter((one) => one.class === name).reduce((sum, { count }) => sum + count, 0)
  const lean = kept.filter((one) => one === 'lean').length
  const lost = kept.filter((one) => one === 'dropped').length
  expect(pending.map(({ reason }) => reason)).toEqual(['spool_full'])
  expect([total('scene'), total('plate'), total('reads')]).toEqual([lean + lost, lost, lost])
  expect(shapes(all).filter((one) => one !== 'gap')).toEqual(
    kept.filter((one) => one !== 'dropped'),
  )
  expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, at) => at + 1))
  expect(alarms.open()).toEqual([])
})

test('with room again, the gap is signed before the next whole crossing', async () => {
  const { keeper, spool, clock } = await bench({ bytesMax: 60_000, bundlesMax: 1000 })
  for (let at = 0; at < 5; at++) await keeper.keep(crossing(clock))
  clock.advance(60_000)
  while (spool.oldest() !== null) await spool.acknowledged(spool.oldest()?.sequence ?? 0)
  expect(spool.pendingGaps).toHaveLength(1)
  await keeper.keep(crossing(clock))
  expect(shapes(await manifests(spool))).toEqual(['gap', 'whole'])
})

test('what could not be sealed is signed for once there is an epoch, apart from what had no room', async () => {
  const { keeper, spool, clock, known } = await bench({ bytesMax: 60_000, bundlesMax: 1000 })
  for (let at = 0; at < 5; at++) await keeper.keep(crossing(clock))
  const full = spool.pendingGaps
  known.epoch = null
  for (let at = 0; at < 3; at++) {
    clock.advance(86_400_000)
    await keeper.unsealable(['scene', 'reads'], clock.now())
  }
  await manifests(spool)
  await keeper.settle()
  expect(spool.usage().bundles).toBe(0)
  known.epoch = epoch
  await keeper.settle()
  await keeper.settle()
  const [first, second, ...more] = await manifests(spool)
  expect(more).toEqual([])
  expect(first?.gap).toMatchObject({ reason: 'spool_full', to: full[0]?.to })
  expect(second?.gap).toEqual({
    dropped: [
      { class: 'scene', count: 3 },
      { class: 'reads', count: 3 },
    ],
    from: new Date(clock.now().getTime() - 2 * 86_400_000).toISOString(),
    to: clock.now().toISOString(),
    reason: 'no_epoch',
  })
})

test('too many bundles fill a spool as too many bytes do', async () => {
  const { keeper, clock } = await bench({ bytesMax: 1e9, bundlesMax: 10 })
  const kinds: string[] = []
  for (let at = 0; at < 14; at++) kinds.push((await keeper.keep(crossing(clock))).kind)
  expect(kinds.filter((kind) => kind === 'spooled').length).toBeLessThanOrEqual(10)
  expect(kinds.at(-1)).toBe('dropped')
})

test('while the spool stays full, gaps are signed rarely and fit the reserve', async () => {
  const { keeper, spool, clock } = await bench({ bytesMax: 30_000, bundlesMax: 1000 })
  for (let at = 0; at < 300; at++) {
    clock.advance(60_000)
    await keeper.keep(crossing(clock))
  }
  const gaps = shapes(await manifests(spool)).filter((one) => one === 'gap').length
  expect(gaps).toBeGreaterThan(3)
  expect(gaps).toBeLessThan(35)
})

test('a gap is signed once although watcher and sender come at the same time', async () => {
  const { keeper, spool, clock } = await bench({ bytesMax: 60_000, bundlesMax: 1000 })
  for (let at = 0; at < 4; at++) await keeper.keep(crossing(clock))
  const all = await manifests(spool)
  await Promise.all([
    keeper.settle(),
    keeper.keep(crossing(clock)),
    keeper.settle(),
    keeper.keep(crossing(clock)),
    keeper.settle(),
  ])
  all.push(...(await manifests(spool)))
  await keeper.settle()
  all.push(...(await manifests(spool)))
  const lean = all.filter(
    ({ kind, bodies }) => kind === 'crossing' && !bodies.some((body) => body.class === 'scene'),
  )
  const scenes = all.flatMap((one) => one.gap?.dropped ?? []).filter((one) => one.class === 'scene')
  expect(scenes.reduce((sum, { count }) => sum + count, 0)).toBe(lean.length)
  expect(lean.length).toBeGreaterThan(0)
})

test('a disk that is full raises an alarm, loses nothing spooled, and recovers', async () => {
  let broken = false
  const files: DurableFiles = {
    ...durableFiles,
    write: (file, bytes) =>
      broken
        ? Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }))
        : durableFiles.write(file, bytes),
  }
  const { keeper, spool, alarms, clock, events } = await bench(
    { bytesMax: 1e9, bundlesMax: 1000 },
    files,
  )
  await keeper.keep(crossing(clock))
  broken = true
  expect(await keeper.keep(crossing(clock))).toEqual({
    kind: 'dropped',
    code: 'spool_write_failed',
  })
  expect(alarms.open()[0]).toContain('spool_write_failed: The spool cannot be written (ENOSPC)')
  expect(events).toContainEqual({ event: 'crossing_dropped', reason: 'ENOSPC' })
  expect(spool.usage().bundles).toBe(1)
  broken = false
  await keeper.keep(crossing(clock))
  expect(alarms.open()).toEqual([])
  const all = await manifests(spool)
  expect(shapes(all)).toEqual(['whole', 'gap', 'whole'])
  expect(all[1]?.gap?.reason).toBe('spool_write_failed')
  expect(all[1]?.gap?.dropped).toEqual([
    { class: 'scene', count: 1 },
    { class: 'plate', count: 1 },
    { class: 'reads', count: 1 },
  ])
})
