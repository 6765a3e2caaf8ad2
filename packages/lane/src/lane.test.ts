import * as fs from 'node:fs'
import * as path from 'node:path'

import type { CrossingReads } from '@sallyport/core/crossing'
import { openSeal } from '@sallyport/proof/node/seal'
import { parseSealHeader } from '@sallyport/proof/seal-format'
import { encodeJpeg } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { durableFiles } from './durable-files.ts'
import { limits } from './limits.ts'
import { type LaneBench, openLaneBench, photograph, push } from './testing/lane-bench.ts'
import { until } from './testing/time.ts'

let bench: LaneBench
beforeEach(async () => {
  bench = await openLaneBench()
})
afterEach(async () => {
  await bench.close()
  expect(bench.hub.complaints).toEqual([])
})

/** Every byte under the lane's directory. */
function everything(under: string): Buffer {
  const files = fs
    .readdirSync(under, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
  return Buffer.concat(
    files.map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name))),
  )
}

test('a pushed picture becomes one sealed crossing that only the epoch key opens, and leaves the lane', async () => {
  const lane = await bench.start()
  const answer = await push(lane, await photograph())
  expect(answer).toMatchObject({ status: 201, body: { sequence: 1 } })
  await until(() => bench.hub.received.length === 1 && lane.status().spool.bundles === 0)
  const [received] = bench.hub.received
  if (received === undefined) throw new Error('nothing arrived')
  expect(received.bundle.manifest).toMatchObject({
    crossing: answer.body['crossing'],
    lane: 'lane-1',
    port: 'north',
  })
  const reads = JSON.parse(
    Buffer.from(bench.hub.open(received, 'reads') ?? []).toString(),
  ) as CrossingReads
  expect(reads).toMatchObject({ source: 'photographs', plate: { kind: 'read', text: 'SECRET7' } })
  expect(await decodePicture(bench.hub.open(received, 'scene') ?? new Uint8Array())).toMatchObject({
    kind: 'picture',
  })
  // As the announcement says: what is kept long to the hybrid recipient, all else to the other.
  const stanzas = received.bundle.manifest.bodies.map(({ class: name }, at) => {
    const header = parseSealHeader(received.bundle.bodies[at]?.header ?? new Uint8Array())
    return [name, header?.stanzas.map(({ args }) => args[0])]
  })
  expect(stanzas).toContainEqual(['reads', ['mlkem768x25519']])
  expect(stanzas).toContainEqual(['scene', ['X25519']])
  expect(
    fs.readdirSync(path.join(bench.directory, 'spool')).filter((name) => name.endsWith('.spb')),
  ).toEqual([])
})

test('no picture and no read touches the disk unsealed, and nothing on the disk opens them', async () => {
  await bench.hub.stop()
  const written: Uint8Array[] = []
  const files = {
    ...durableFiles,
    write(file: string, bytes: Uint8Array) {
      written.push(bytes)
      return durableFiles.write(file, bytes)
    },
  }
  await bench.hub.start()
  const lane = await bench.start({}, { files })
  await until(() => lane.status().epochsUntil !== null)
  await bench.hub.stop()
  const sources = await Promise.all([0, 1, 2].map(photograph))
  for (const source of sources) expect((await push(lane, source)).status).toBe(201)
  const disk = Buffer.concat([everything(bench.root), ...written])
  expect(lane.status().spool.bundles).toBe(3)
  const encoded = await Promise.all(
    sources.map(async (source) => {
      const decoded = await decodePicture(source)
      return decoded.kind === 'picture' ? encodeJpeg(decoded.picture, limits.sceneQuality) : source
    }),
  )
  for (const picture of [...sources, ...encoded].map((bytes) => Buffer.from(bytes))) {
    for (let at = 0; at + 32 <= picture.length; at += 32) {
      expect(disk.includes(picture.subarray(at, at + 32))).toBe(false)
    }
  }
  expect(disk.includes('SECRET7')).toBe(false)
  // The only secret of the lane signs; it opens nothing.
  expect(everything(bench.root).includes('AGE-SECRET-KEY')).toBe(false)
  await bench.hub.start()
  await until(() => bench.hub.received.length === 3)
  const body = bench.hub.received[0]?.bundle.bodies[0]
  const notAnIdentity = `AGE-SECRET-KEY-1${fs.readFileSync(path.join(bench.directory, 'device.key'), 'utf8').trim().toUpperCase()}`
  expect(() => body !== undefined && openSeal(body, notAnIdentity)).toThrow()
})

test('what the lane logs holds no plate and no picture', async () => {
  const lane = await bench.start()
  await push(lane, await photograph())
  await until(() => bench.hub.received.length === 1)
  const log = JSON.stringify(bench.events)
  expect(log).toContain('crossing_spooled')
  expect(log).not.toContain('SECRET7')
})

test('the hub is away for long: everything arrives afterwards, in order and once', async () => {
  const lane = await bench.start()
  await until(() => lane.status().epochsUntil !== null)
  await bench.hub.stop()
  for (let at = 0; at < 12; at++) expect((await push(lane, await photograph(at))).status).toBe(201)
  expect(lane.status().spool.bundles).toBe(12)
  await until(() => bench.events.filter(({ event }) => event === 'send_failed').length >= 2)
  await bench.stop(lane)
  const again = await bench.start()
  expect(again.status().spool.bundles).toBe(12)
  await push(again, await photograph(99))
  await bench.hub.start()
  await until(() => bench.hub.received.length === 13 && again.status().spool.bundles === 0)
  expect(bench.hub.sequences).toEqual(Array.from({ length: 13 }, (_, at) => at + 1))
}, 30_000)

test('an acknowledgement that never came is asked for again, and the crossing counts once', async () => {
  bench.hub.misbehaviour = { kind: 'silent' }
  const lane = await bench.start()
  await push(lane, await photograph())
  await until(() => bench.events.some(({ event }) => event === 'send_failed'))
  expect(lane.status().spool.bundles).toBe(1)
  bench.hub.misbehaviour = { kind: 'none' }
  await until(() => lane.status().spool.bundles === 0)
  expect(bench.hub.sequences).toEqual([1])
})

test('a hub that is busy is left alone for as long as it asks', async () => {
  bench.hub.misbehaviour = { kind: 'status', status: 429, code: 'busy', retryAfter: '1' }
  const lane = await bench.start()
  await push(lane, await photograph())
  await until(() => bench.events.some(({ event }) => event === 'send_failed'))
  const failed = bench.events.find((event) => event.event === 'send_failed')
  expect(failed).toMatchObject({ reason: 'busy', wait_ms: 1000 })
  bench.hub.misbehaviour = { kind: 'none' }
  await until(() => bench.hub.received.length === 1)
})

test('a bundle that the hub refuses for good is kept aside with an alarm, and later ones still go', async () => {
  bench.hub.misbehaviour = { kind: 'status', status: 422, code: 'unknown_epoch' }
  const lane = await bench.start()
  await push(lane, await photograph())
  await until(() => lane.status().alarms.length > 0)
  expect(lane.status().alarms[0]).toContain(
    'bundle_refused: The hub refused sequence 1: unknown_epoch',
  )
  expect(fs.readdirSync(path.join(bench.directory, 'spool', 'refused'))).toEqual([
    '0000000000000001.spb',
  ])
  bench.hub.misbehaviour = { kind: 'none' }
  expect((await push(lane, await photograph(1))).body['sequence']).toBe(2)
  await until(() => bench.hub.sequences.includes(2))
  // The fake hub misses the refused one; that is what the real one raises its alarm for.
  expect(bench.hub.complaints.splice(0)).toEqual([
    'sequence 2 came instead of 1',
    'sequence 2 does not follow the one before it',
  ])
  await until(() =>
    bench.hub.heartbeats.some(({ alarms }) =>
      alarms.some((one) => one.startsWith('bundle_refused')),
    ),
  )
})

test('without a valid epoch pictures are dropped with an alarm, not stored, and signed for later', async () => {
  await bench.hub.stop()
  const lane = await bench.start()
  const answer = await push(lane, await photograph())
  expect(answer).toMatchObject({ status: 503, body: { code: 'no_epoch' } })
  expect(lane.status()).toMatchObject({ spool: { bundles: 0 }, crossings: 0 })
  expect(lane.status().alarms[0]).toContain('no_epoch')
  await bench.stop(lane)
  await bench.hub.start()
  const again = await bench.start()
  expect((await push(again, await photograph())).status).toBe(201)
  await until(() => bench.hub.received.length === 2)
  expect(bench.hub.received[0]?.bundle.manifest.gap).toMatchObject({
    dropped: [{ class: 'scene', count: 1 }, { class: 'plate' }, { class: 'reads' }],
    reason: 'no_epoch',
  })
}, 30_000)

test('a full spool: the picture that cannot be kept is answered so', async () => {
  const online = await bench.start()
  await until(() => online.status().epochsUntil !== null)
  await bench.stop(online)
  await bench.hub.stop()
  const lane = await bench.start({ spool_bundles_max: 10 })
  const statuses: number[] = []
  for (let at = 0; at < 12; at++) statuses.push((await push(lane, await photograph(at))).status)
  expect(statuses.at(-1)).toBe(503)
  expect(lane.status().alarms.map((one) => one.split(':')[0])).toContain('spool_full')
  await bench.hub.start()
  await until(() => lane.status().spool.bundles === 0 && lane.status().alarms.length === 0)
  const gaps = bench.hub.received.filter(({ bundle }) => bundle.manifest.kind === 'gap')
  expect(gaps.length).toBeGreaterThan(0)
}, 30_000)

test('heartbeats are signed and say what waits', async () => {
  const lane = await bench.start()
  await until(() => bench.hub.heartbeats.length > 2)
  expect(bench.hub.heartbeats.at(-1)).toMatchObject({
    device: bench.hub.device,
    camera: 'ok',
    alarms: [],
    spool: { bundles: 0, oldest_at: null },
  })
  expect(lane.status().lane).toBe('lane-1')
})
