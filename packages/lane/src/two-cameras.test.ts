import type { PlateRead } from '@sallyport/core/plate'
import { beforeEach, expect, test } from 'vitest'

import { systemClock } from './clock.ts'
import type { Sighting } from './sealing.ts'
import { testPicture } from './testing/pictures.ts'
import { until } from './testing/time.ts'
import { TwoCameras } from './two-cameras.ts'

const none: PlateRead = { kind: 'unreadable', reason: 'no_plate_found' }

function read(text: string): PlateRead {
  const rest = { confidence: 0.95, characters: [], jurisdiction: null, looks: 3, agreement: 1 }
  return { kind: 'read', text, ...rest }
}

function sighting(plate: PlateRead): Sighting {
  return {
    ...{ source: 'camera', plate, looks: [], scene: testPicture(), platePicture: null },
    ...{ plateCorners: null, takenAt: new Date('2026-11-22T08:00:00Z'), monotonicMs: 5_000 },
    ...{ triggeredMs: 4_000, models: { detector: 'd', reader: 'r' }, faces: null, rear: null },
  }
}

let sighted: Sighting[]
beforeEach(() => {
  sighted = []
})

function cameras(waitMs: number): TwoCameras {
  const sight = (one: Sighting) => {
    sighted.push(one)
    return Promise.resolve({ kind: 'spooled', crossing: 'c', sequence: sighted.length } as const)
  }
  return new TwoCameras({ clock: systemClock, waitMs, sight })
}

const texts = () =>
  sighted.map(({ plate, rear }) => [
    plate.kind === 'unreadable' ? null : plate.text,
    rear === null ? 'alone' : rear.pair,
  ])

test.each(['front', 'rear'] as const)(
  'one vehicle is one crossing, whichever end came first: %s',
  async (first) => {
    const pair = cameras(60_000)
    const [early, late] =
      first === 'front' ? (['front', 'rear'] as const) : (['rear', 'front'] as const)
    const seen = { front: sighting(read('ABC123')), rear: sighting(read('ABC123')) }
    expect(await pair.take(early, seen[early])).toEqual({ kind: 'held' })
    expect(await pair.take(late, seen[late])).toMatchObject({ kind: 'spooled' })
    expect(texts()).toEqual([['ABC123', 'equal']])
    await pair.drain()
    expect(sighted.length).toBe(1)
  },
)

test('a vehicle that the other camera missed is a crossing all the same, and not long after', async () => {
  const pair = cameras(30)
  await pair.take('front', sighting(read('ABC123')))
  await until(() => sighted.length === 1)
  await pair.take('rear', sighting(read('XYZ789')))
  await until(() => sighted.length === 2)
  expect(texts()).toEqual([
    ['ABC123', 'alone'],
    ['XYZ789', 'alone'],
  ])
})

test('vehicles in a queue keep their own rear plates', async () => {
  const pair = cameras(60_000)
  await pair.take('front', sighting(read('FIRST1')))
  await pair.take('front', sighting(read('SECND2')))
  await pair.take('rear', sighting(read('FIRST1')))
  await pair.take('rear', sighting(read('SECND2')))
  expect(texts()).toEqual([
    ['FIRST1', 'equal'],
    ['SECND2', 'equal'],
  ])
})

test('plates that differ go to a person, and both remain as they were read', async () => {
  const pair = cameras(60_000)
  await pair.take('front', sighting(read('ABC123')))
  await pair.take('rear', sighting(read('XYZ789')))
  const [one] = sighted
  expect(one?.plate).toMatchObject({ kind: 'unsure', text: 'ABC123', reason: 'plates_differ' })
  expect(one?.rear?.front).toEqual(read('ABC123'))
  expect(one?.rear?.plate).toEqual(read('XYZ789'))
})

test('where the front shows no plate the rear one is the vehicle’s', async () => {
  const pair = cameras(60_000)
  await pair.take('front', sighting(none))
  await pair.take('rear', sighting(read('XYZ789')))
  expect(texts()).toEqual([['XYZ789', 'one_missing']])
})

test('a lane that stops seals what still waits, and lets nothing wait after that', async () => {
  const pair = cameras(60_000)
  await pair.take('rear', sighting(read('ABC123')))
  await pair.drain()
  expect(texts()).toEqual([['ABC123', 'alone']])
  expect(await pair.take('front', sighting(read('XYZ789')))).toMatchObject({ kind: 'spooled' })
})
