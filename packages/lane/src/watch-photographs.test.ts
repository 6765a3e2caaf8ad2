import { readFileSync } from 'node:fs'
import * as zlib from 'node:zlib'

import type { LaneKind } from '@sallyport/core/crossing'
import { encodeJpeg } from '@sallyport/vision/encode'
import sharp from 'sharp'
import { expect, test } from 'vitest'

import type { LaneEvent } from './events.ts'
import { limits } from './limits.ts'
import type { Sighting } from './sealing.ts'
import type { Frame, FrameOutcome } from './sources/source.ts'
import { scriptedReader, testLook, testPicture } from './testing/pictures.ts'
import { Watcher } from './watch.ts'

const lane = testPicture()

function photographs(
  reader = scriptedReader([[testLook('ABC123')]]),
  kind: LaneKind = 'vehicle',
): {
  watcher: Watcher
  events: LaneEvent[]
  sightings: Sighting[]
} {
  const events: LaneEvent[] = []
  const sightings: Sighting[] = []
  const watcher = new Watcher({
    reader,
    faces: null,
    gauge: null,
    aiming: false,
    kind,
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

test.each(['walk', 'gate'] as const)(
  'at a %s lane no plate is looked for, on a T-shirt neither',
  async (kind) => {
    const { watcher, sightings } = photographs(scriptedReader([[testLook('SHIRT1')]]), kind)
    expect(await show(watcher, await encodeJpeg(lane, 80))).toMatchObject({ kind: 'spooled' })
    expect(sightings).toMatchObject([
      { plate: { kind: 'unreadable', reason: 'on_foot' }, looks: [], platePicture: null },
    ])
  },
)

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
