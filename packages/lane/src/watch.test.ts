import { readFileSync } from 'node:fs'
import * as zlib from 'node:zlib'

import type { Look } from '@sallyport/core/plate'
import { encodeJpeg } from '@sallyport/vision/encode'
import type { Picture } from '@sallyport/vision/picture'
import sharp from 'sharp'
import { expect, test } from 'vitest'

import type { LaneEvent } from './events.ts'
import { limits } from './limits.ts'
import type { Sighting } from './sealing.ts'
import type { Frame, FrameOutcome } from './sources/source.ts'
import { scriptedReader, testLook, testPicture } from './testing/pictures.ts'
import { type Watcher, createWatcher } from './watch.ts'

type Scene = { picture: Picture; looks: readonly Look[] }

const lane = testPicture()
const empty: Scene = { picture: lane, looks: [] }

function vehicle(x: number, looks: readonly Look[]): Scene {
  return { picture: testPicture([{ x, y: 90, width: 260, height: 200, grey: 190 }]), looks }
}

/** Plays scenes 200 ms apart; the reader is asked in step with them. */
async function play(scenes: readonly Scene[]): Promise<{ sightings: Sighting[]; looked: number }> {
  const sightings: Sighting[] = []
  let now: Scene = empty
  let looked = 0
  const watcher = createWatcher({
    source: 'camera',
    report: () => {},
    reader: {
      models: { detector: 'd', reader: 'r' },
      look() {
        looked += 1
        return Promise.resolve(now.looks)
      },
      close: () => Promise.resolve(),
    },
    sight(sighting) {
      sightings.push(sighting)
      return Promise.resolve({ kind: 'spooled', crossing: 'c', sequence: sightings.length })
    },
  })
  for (const [at, scene] of scenes.entries()) {
    now = scene
    await watcher.take(live(scene.picture, at))
  }
  return { sightings, looked }
}

function live(image: Frame['image'], at: number): Frame {
  return { image, takenAt: new Date(at * 200), monotonicMs: at * 200, pass: 'live' }
}

const plateAt = (x: number, text = 'ABC123', width = 100): Look =>
  testLook(text, { x: x + 80, y: 200, width })
const pass = (text: string): readonly Scene[] => [
  vehicle(0, [plateAt(0, text, 60)]),
  vehicle(60, [plateAt(60, text, 80)]),
  ...Array.from({ length: 6 }, () => vehicle(120, [plateAt(120, text)])),
  vehicle(220, [plateAt(220, text)]),
  vehicle(330, []),
]
const pause: readonly Scene[] = [empty, empty, empty, empty]

test('one vehicle is one crossing, told while it stands, with all its looks and the best crop', async () => {
  const { sightings } = await play([empty, ...pass('ABC123').slice(0, 5)])
  expect(sightings).toHaveLength(1)
  const [sighting] = sightings
  expect(sighting?.plate).toMatchObject({ kind: 'read', text: 'ABC123' })
  expect(sighting?.looks.map(({ frame }) => frame)).toEqual([0, 1, 2, 3])
  expect(sighting?.platePicture?.width).toBeGreaterThan(100)
  expect(sighting?.platePicture?.width).toBeLessThan(200)
  const rest = await play([empty, ...pass('ABC123'), ...pause])
  expect(rest.sightings).toHaveLength(1)
})

test('from standing still to told is at most 1.5 seconds at five frames a second', async () => {
  const stands = vehicle(120, [plateAt(120)])
  const { sightings } = await play([
    empty,
    vehicle(0, []),
    vehicle(60, []),
    stands,
    stands,
    stands,
    stands,
  ])
  const frameOfStop = 3
  const told = sightings[0]?.looks.at(-1)?.frame ?? Infinity
  expect((told + 1 - frameOfStop) * 200).toBeLessThanOrEqual(1500)
})

test('vehicles one after the other are one crossing each, in order', async () => {
  const { sightings } = await play([
    empty,
    ...pass('AAA111'),
    ...pause,
    ...pass('BBB222'),
    ...pause,
    ...pass('CCC333'),
    ...pause,
  ])
  expect(sightings.map(({ plate }) => 'text' in plate && plate.text)).toEqual([
    'AAA111',
    'BBB222',
    'CCC333',
  ])
})

test('bumper to bumper, without an empty lane between them, each vehicle is one crossing', async () => {
  const { sightings } = await play([
    empty,
    ...pass('AAA111'),
    ...pass('BBB222'),
    ...pass('CCC333'),
    ...pause,
  ])
  expect(sightings.map(({ plate }) => 'text' in plate && plate.text)).toEqual([
    'AAA111',
    'BBB222',
    'CCC333',
  ])
  // Each one's looks count from its own beginning.
  expect(sightings[1]?.looks[0]).toMatchObject({ frame: 0, atMs: 0, text: 'BBB222' })
})

test('a vehicle without a plate is one unreadable crossing with its scene', async () => {
  const bare = pass('').map(({ picture }) => ({ picture, looks: [] }))
  const { sightings } = await play([empty, ...bare, ...pause])
  expect(sightings.map(({ plate }) => plate)).toEqual([
    { kind: 'unreadable', reason: 'no_plate_found' },
  ])
  expect(sightings[0]?.platePicture).toBeNull()
  expect(sightings[0]?.scene.width).toBe(640)
})

test('a vehicle without a plate that stands is told before it leaves', async () => {
  const standing = Array.from({ length: 20 }, () => vehicle(150, []))
  const { sightings } = await play([
    empty,
    vehicle(0, []),
    vehicle(50, []),
    vehicle(100, []),
    ...standing,
  ])
  expect(sightings).toHaveLength(1)
})

test('a light that is switched on is no crossing', async () => {
  const lamp: Scene = {
    picture: testPicture([{ x: 200, y: 0, width: 300, height: 300, grey: 230 }]),
    looks: [],
  }
  const { sightings } = await play([empty, ...Array.from({ length: 40 }, () => lamp)])
  expect(sightings).toEqual([])
})

test('a plate that belongs to the background is no crossing', async () => {
  const parked = testLook('PARKED1', { x: 560, y: 10, width: 60 })
  const scenes = pass('ABC123').map(({ picture, looks }) => ({
    picture,
    looks: [parked, ...looks],
  }))
  const { sightings } = await play([empty, ...scenes, ...pause])
  expect(sightings.map(({ plate }) => 'text' in plate && plate.text)).toEqual(['ABC123'])
  expect(sightings[0]?.looks.some(({ text }) => text === 'PARKED1')).toBe(false)
})

test('a vehicle that drives through without stopping is one crossing when it is gone', async () => {
  const through = [0, 90, 180, 270].map((x) => vehicle(x, [plateAt(x)]))
  const { sightings } = await play([empty, ...through, ...pause])
  expect(sightings.map(({ plate }) => plate)).toMatchObject([{ kind: 'read', text: 'ABC123' }])
})

test('the reader rests while a vehicle that is known stands', async () => {
  const standing = Array.from({ length: 100 }, () => vehicle(120, [plateAt(120)]))
  const { looked, sightings } = await play([empty, ...standing])
  expect(sightings).toHaveLength(1)
  expect(looked).toBeLessThan(25)
})

test('an empty lane costs no look', async () => {
  expect((await play(Array.from({ length: 30 }, () => empty))).looked).toBe(0)
})

function photographs(reader = scriptedReader([[testLook('ABC123')]])): {
  watcher: Watcher
  events: LaneEvent[]
  sightings: Sighting[]
} {
  const events: LaneEvent[] = []
  const sightings: Sighting[] = []
  const watcher = createWatcher({
    reader,
    source: 'photographs',
    report: (event) => events.push(event),
    sight(sighting) {
      sightings.push(sighting)
      return Promise.resolve({ kind: 'spooled', crossing: 'c', sequence: 1 })
    },
  })
  return { watcher, events, sightings }
}

async function show(watcher: Watcher, image: Frame['image']): Promise<FrameOutcome | undefined> {
  let outcome: FrameOutcome | undefined
  await watcher.take({
    image,
    takenAt: new Date(0),
    monotonicMs: 0,
    pass: 'whole',
    answer: (said) => (outcome = said),
  })
  return outcome
}

test('a photograph is one crossing, of the surest plate', async () => {
  const { watcher, sightings } = photographs(
    scriptedReader([[testLook('SURE11'), testLook('OTHER2', { x: 10 })]]),
  )
  expect(await show(watcher, await encodeJpeg(lane, 80))).toMatchObject({ kind: 'spooled' })
  expect(sightings.map(({ plate }) => plate)).toMatchObject([{ kind: 'read', text: 'SURE11' }])
})

const bombs: readonly (readonly [string, string, () => Promise<Uint8Array>])[] = [
  [
    'no picture at all',
    'not_a_picture',
    () => Promise.resolve(readFileSync(new URL(import.meta.url))),
  ],
  ['an empty file', 'not_a_picture', () => Promise.resolve(new Uint8Array())],
  ['a cut JPEG', 'truncated_picture', async () => cut(await encodeJpeg(testPicture(), 80))],
  ['20000 × 20000 pixels', 'too_many_pixels', () => bomb(20_000, 20_000)],
  [
    'more bytes than a camera sends',
    'too_many_bytes',
    () => Promise.resolve(new Uint8Array(limits.pictureBytesMax + 1)),
  ],
  ['an animation', 'animated_picture', animation],
]

test.each(bombs)(
  '%s is refused as %s and the lane goes on',
  async (_, code, make) => {
    const { watcher, events, sightings } = photographs()
    expect(await show(watcher, await make())).toMatchObject({ kind: 'refused', code })
    expect(events).toContainEqual({ event: 'picture_refused', code })
    expect(await show(watcher, await encodeJpeg(lane, 80))).toMatchObject({ kind: 'spooled' })
    expect(sightings).toHaveLength(1)
  },
  30_000,
)

test('a CMYK JPEG is converted and read', async () => {
  const { watcher, sightings } = photographs()
  const { data, width, height } = lane
  const cmyk = await sharp(data, { raw: { width, height, channels: 3 } })
    .toColourspace('cmyk')
    .jpeg()
    .toBuffer()
  expect((await sharp(cmyk).metadata()).space).toBe('cmyk')
  expect(await show(watcher, cmyk)).toMatchObject({ kind: 'spooled' })
  expect(sightings[0]?.scene.data).toHaveLength(width * height * 3)
})

test('a reader that fails costs one picture, not the lane', async () => {
  const reader = scriptedReader([[testLook('ABC123')]])
  const { watcher, events } = photographs({
    ...reader,
    look: () => Promise.reject(new Error('out of memory')),
  })
  expect(await show(watcher, lane)).toEqual({ kind: 'dropped', code: 'failed' })
  expect(events).toContainEqual({ event: 'failed', reason: 'Error' })
})

function cut(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length >> 1)
}

/** A PNG whose header promises far more than its bytes hold. */
function bomb(width: number, height: number): Promise<Uint8Array> {
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const framed = Buffer.alloc(8)
    framed.writeUInt32BE(data.length, 0)
    framed.writeUInt32BE(zlib.crc32(named), 4)
    return Buffer.concat([framed.subarray(0, 4), named, framed.subarray(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const pixels = zlib.deflateSync(Buffer.alloc(100_000))
  return Promise.resolve(
    Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('IDAT', pixels),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  )
}

async function animation(): Promise<Uint8Array> {
  const frames = await Promise.all(
    ['#f00', '#0f0'].map((background) =>
      sharp({ create: { width: 64, height: 64, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  )
  return sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer()
}
