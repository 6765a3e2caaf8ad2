import type { Look } from '@sallyport/core/plate'
import type { Picture } from '@sallyport/vision/picture'
import { expect, test } from 'vitest'

import type { Sighting } from './sealing.ts'
import type { Frame } from './sources/source.ts'
import { testLook, testPicture } from './testing/pictures.ts'
import { Watcher } from './watch.ts'

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
  const watcher = new Watcher({
    source: 'camera',
    kind: 'vehicle',
    faces: null,
    gauge: null,
    aiming: false,
    report: () => {},
    reader: {
      models: { detector: 'd', reader: 'r' },
      look() {
        looked += 1
        return Promise.resolve(now.looks)
      },
      origin: () => Promise.resolve(null),
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
