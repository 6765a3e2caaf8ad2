import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import type { CrossingReads } from '@sallyport/core/crossing'
import { openSeal } from '@sallyport/proof/node/seal'
import { encodeJpeg } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { systemClock } from './clock.ts'
import { durableFiles } from './durable-files.ts'
import { enrol } from './enrolment.ts'
import type { LaneEvent } from './events.ts'
import { ask } from './http.ts'
import { type Lane, startLane } from './lane.ts'
import { limits } from './limits.ts'
import { type LaneSettingsInput, parseLaneSettings } from './settings.ts'
import { FakeHub } from './testing/fake-hub.ts'
import { scriptedReader, testLook, testPicture } from './testing/pictures.ts'
import { until } from './testing/time.ts'
import type { LaneParts } from './world.ts'

let root = ''
let directory = ''
let hub = new FakeHub()
let events: LaneEvent[] = []
const lanes: Lane[] = []

beforeEach(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'lane-'))
  directory = path.join(root, 'lane')
  events = []
  hub = new FakeHub()
  await hub.start()
  const enrolled = await enrol(
    { hub: hub.url, code: hub.code, directory },
    { ask, files: durableFiles, clock: systemClock, random: crypto.randomBytes },
  )
  expect(enrolled.kind).toBe('enrolled')
})

afterEach(async () => {
  for (const lane of lanes.splice(0)) await lane.stop()
  await hub.stop()
  fs.rmSync(root, { recursive: true, force: true })
  expect(hub.complaints).toEqual([])
})

const token = 'a-token-for-tests-only'

async function start(
  input: Partial<LaneSettingsInput> = {},
  parts: Partial<LaneParts> = {},
): Promise<Lane> {
  const parsed = parseLaneSettings({ directory, source: 'push:0', push_token: token, ...input })
  if (parsed.kind === 'refused') throw new Error(parsed.problems.join())
  const started = await startLane(parsed.settings, {
    openReader: () => Promise.resolve(scriptedReader([[testLook('SECRET7')]])),
    report: (event) => events.push(event),
    chance: () => 0,
    heartbeatMs: 50,
    ...parts,
  })
  if (started.kind === 'refused') throw new Error(`${started.code}: ${started.detail}`)
  lanes.push(started.lane)
  return started.lane
}

async function stop(lane: Lane): Promise<void> {
  lanes.splice(lanes.indexOf(lane), 1)
  await lane.stop()
}

async function push(
  lane: Lane,
  image: Uint8Array,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const port = lane.status().source.split(':')[1]
  const response = await fetch(`http://127.0.0.1:${port}/v1/pictures`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/jpeg' },
    body: new Uint8Array(image),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const photograph = (seed = 0): Promise<Uint8Array> =>
  encodeJpeg(testPicture([{ x: 20 + seed * 3, y: 50, width: 100, height: 80, grey: 180 }]), 80)

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
  const lane = await start()
  const answer = await push(lane, await photograph())
  expect(answer).toMatchObject({ status: 201, body: { sequence: 1 } })
  await until(() => hub.received.length === 1 && lane.status().spool.bundles === 0)
  const [received] = hub.received
  if (received === undefined) throw new Error('nothing arrived')
  expect(received.bundle.manifest).toMatchObject({
    crossing: answer.body['crossing'],
    lane: 'lane-1',
    port: 'north',
  })
  const reads = JSON.parse(
    Buffer.from(hub.open(received, 'reads') ?? []).toString(),
  ) as CrossingReads
  expect(reads).toMatchObject({ source: 'photographs', plate: { kind: 'read', text: 'SECRET7' } })
  expect(await decodePicture(hub.open(received, 'scene') ?? new Uint8Array())).toMatchObject({
    kind: 'picture',
  })
  expect(
    fs.readdirSync(path.join(directory, 'spool')).filter((name) => name.endsWith('.spb')),
  ).toEqual([])
})

test('no picture and no read touches the disk unsealed, and nothing on the disk opens them', async () => {
  await hub.stop()
  const written: Uint8Array[] = []
  const files = {
    ...durableFiles,
    write(file: string, bytes: Uint8Array) {
      written.push(bytes)
      return durableFiles.write(file, bytes)
    },
  }
  await hub.start()
  const lane = await start({}, { files })
  await until(() => lane.status().epochsUntil !== null)
  await hub.stop()
  const sources = await Promise.all([0, 1, 2].map(photograph))
  for (const source of sources) expect((await push(lane, source)).status).toBe(201)
  const disk = Buffer.concat([everything(root), ...written])
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
  expect(everything(root).includes('AGE-SECRET-KEY')).toBe(false)
  await hub.start()
  await until(() => hub.received.length === 3)
  const body = hub.received[0]?.bundle.bodies[0]
  const notAnIdentity = `AGE-SECRET-KEY-1${fs.readFileSync(path.join(directory, 'device.key'), 'utf8').trim().toUpperCase()}`
  expect(() => body !== undefined && openSeal(body, notAnIdentity)).toThrow()
})

test('what the lane logs holds no plate and no picture', async () => {
  const lane = await start()
  await push(lane, await photograph())
  await until(() => hub.received.length === 1)
  const log = JSON.stringify(events)
  expect(log).toContain('crossing_spooled')
  expect(log).not.toContain('SECRET7')
})

test('the hub is away for long: everything arrives afterwards, in order and once', async () => {
  const lane = await start()
  await until(() => lane.status().epochsUntil !== null)
  await hub.stop()
  for (let at = 0; at < 12; at++) expect((await push(lane, await photograph(at))).status).toBe(201)
  expect(lane.status().spool.bundles).toBe(12)
  await until(() => events.filter(({ event }) => event === 'send_failed').length >= 2)
  await stop(lane)
  const again = await start()
  expect(again.status().spool.bundles).toBe(12)
  await push(again, await photograph(99))
  await hub.start()
  await until(() => hub.received.length === 13 && again.status().spool.bundles === 0)
  expect(hub.sequences).toEqual(Array.from({ length: 13 }, (_, at) => at + 1))
}, 30_000)

test('an acknowledgement that never came is asked for again, and the crossing counts once', async () => {
  hub.misbehaviour = { kind: 'silent' }
  const lane = await start()
  await push(lane, await photograph())
  await until(() => events.some(({ event }) => event === 'send_failed'))
  expect(lane.status().spool.bundles).toBe(1)
  hub.misbehaviour = { kind: 'none' }
  await until(() => lane.status().spool.bundles === 0)
  expect(hub.sequences).toEqual([1])
})

test('a hub that is busy is left alone for as long as it asks', async () => {
  hub.misbehaviour = { kind: 'status', status: 429, code: 'busy', retryAfter: '1' }
  const lane = await start()
  await push(lane, await photograph())
  await until(() => events.some(({ event }) => event === 'send_failed'))
  const failed = events.find((event) => event.event === 'send_failed')
  expect(failed).toMatchObject({ reason: 'busy', wait_ms: 1000 })
  hub.misbehaviour = { kind: 'none' }
  await until(() => hub.received.length === 1)
})

test('a bundle that the hub refuses for good is kept aside with an alarm, and later ones still go', async () => {
  hub.misbehaviour = { kind: 'status', status: 422, code: 'unknown_epoch' }
  const lane = await start()
  await push(lane, await photograph())
  await until(() => lane.status().alarms.length > 0)
  expect(lane.status().alarms[0]).toContain(
    'bundle_refused: The hub refused sequence 1: unknown_epoch',
  )
  expect(fs.readdirSync(path.join(directory, 'spool', 'refused'))).toEqual(['0000000000000001.spb'])
  hub.misbehaviour = { kind: 'none' }
  expect((await push(lane, await photograph(1))).body['sequence']).toBe(2)
  await until(() => hub.sequences.includes(2))
  // The fake hub misses the refused one; that is what the real one raises its alarm for.
  expect(hub.complaints.splice(0)).toEqual([
    'sequence 2 came instead of 1',
    'sequence 2 does not follow the one before it',
  ])
  await until(() =>
    hub.heartbeats.some(({ alarms }) => alarms.some((one) => one.startsWith('bundle_refused'))),
  )
})

test('without a valid epoch pictures are dropped with an alarm, not stored', async () => {
  await hub.stop()
  const lane = await start()
  const answer = await push(lane, await photograph())
  expect(answer).toMatchObject({ status: 503, body: { code: 'no_epoch' } })
  expect(lane.status()).toMatchObject({ spool: { bundles: 0 }, crossings: 0 })
  expect(lane.status().alarms[0]).toContain('no_epoch')
  await stop(lane)
  await hub.start()
  const again = await start()
  expect((await push(again, await photograph())).status).toBe(201)
}, 30_000)

test('a full spool: the picture that cannot be kept is answered so', async () => {
  const online = await start()
  await until(() => online.status().epochsUntil !== null)
  await stop(online)
  await hub.stop()
  const lane = await start({ spool_bundles_max: 10 })
  const statuses: number[] = []
  for (let at = 0; at < 12; at++) statuses.push((await push(lane, await photograph(at))).status)
  expect(statuses.at(-1)).toBe(503)
  expect(lane.status().alarms.map((one) => one.split(':')[0])).toContain('spool_full')
  await hub.start()
  await until(() => lane.status().spool.bundles === 0 && lane.status().alarms.length === 0)
  const gaps = hub.received.filter(({ bundle }) => bundle.manifest.kind === 'gap')
  expect(gaps.length).toBeGreaterThan(0)
}, 30_000)

test('heartbeats are signed and say what waits', async () => {
  const lane = await start()
  await until(() => hub.heartbeats.length > 2)
  expect(hub.heartbeats.at(-1)).toMatchObject({
    device: hub.device,
    camera: 'ok',
    alarms: [],
    spool: { bundles: 0, oldest_at: null },
  })
  expect(lane.status().lane).toBe('lane-1')
})

test('two processes cannot run one lane', async () => {
  await start()
  const parsed = parseLaneSettings({ directory, source: 'push:0', push_token: token })
  if (parsed.kind === 'refused') throw new Error('settings')
  const second = await startLane(parsed.settings, {
    openReader: () => Promise.reject(new Error('not reached')),
    report: () => {},
  })
  expect(second).toMatchObject({ kind: 'refused', code: 'directory_in_use' })
})

test('a folder of photographs is one crossing each; bad files are passed over', async () => {
  const folder = path.join(root, 'photographs')
  fs.mkdirSync(folder)
  for (const [at, name] of ['a.jpg', 'b.png', 'd.jpeg'].entries())
    fs.writeFileSync(path.join(folder, name), await photograph(at))
  fs.writeFileSync(path.join(folder, 'c.jpg'), 'not a picture')
  fs.writeFileSync(path.join(folder, 'notes.txt'), 'not looked at')
  const lane = await start({ source: `folder:${folder}`, every_ms: 0 })
  await lane.sourceEnded
  await until(() => hub.received.length === 3)
  expect(lane.status()).toMatchObject({ camera: 'ended', crossings: 3 })
  expect(events).toContainEqual({ event: 'picture_refused', code: 'not_a_picture' })
  expect(fs.readdirSync(folder).length).toBe(5)
})

test.each([
  ['folder:/nowhere/at/all', 'folder_unreadable'],
  ['push:99999', 'malformed_source'],
  ['mjpeg:ftp://camera/', 'malformed_source'],
  ['mjpeg:http://%ZZ@camera/', 'malformed_source'],
  ['rtsp:nonsense', 'malformed_source'],
])('the source %s is refused as %s, and the directory is free again', async (source, code) => {
  const parsed = parseLaneSettings({ directory, source })
  if (parsed.kind === 'refused') throw new Error(parsed.problems.join())
  const parts = { openReader: () => Promise.resolve(scriptedReader([])), report: () => {} }
  expect(await startLane(parsed.settings, parts)).toMatchObject({ kind: 'refused', code })
  expect(fs.existsSync(path.join(directory, '.lock'))).toBe(false)
})

test('settings that make no sense are said in sentences', () => {
  const parsed = parseLaneSettings({ directory: '', source: 'webcam', spool_bytes_max: 1, typo: 1 })
  expect(parsed.kind === 'refused' && parsed.problems.join('\n')).toMatch(
    /directory.*source: is drawn:SEED.*spool_bytes_max.*typo/s,
  )
})
