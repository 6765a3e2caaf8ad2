import type { Look } from '@sallyport/core/plate'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { limits } from './limits.ts'
import { testLook } from './testing/pictures.ts'
import {
  type Track,
  deservesCrossing,
  followLooks,
  isSettled,
  leadingTrack,
  readOf,
  textSimilarity,
} from './track.ts'

/** Follows frames 200 ms apart. */
function follow(
  frames: readonly (readonly Look[])[],
  from: readonly Track[] = [],
  first = 0,
): readonly Track[] {
  return frames.reduce(
    (tracks, looks, at) =>
      followLooks(tracks, looks, { frame: first + at, atMs: (first + at) * 200 }),
    from,
  )
}

const still = (text: string, count: number, place = {}): readonly (readonly Look[])[] =>
  Array.from({ length: count }, () => [testLook(text, place)])

test('a plate that comes nearer is one track although far looks are misread', () => {
  const texts = ['8X', 'A8C1', 'ABC123', 'ABC123', 'ABC123']
  const tracks = follow(
    texts.map((text, at) => [
      testLook(text, { width: 50 + at * 12, x: 250 - at * 10, confidence: at < 2 ? 0.3 : 0.97 }),
    ]),
  )
  expect(tracks).toHaveLength(1)
  expect(tracks[0]?.looks.map(({ text }) => text)).toEqual(texts)
  expect(readOf(tracks[0] as Track)).toMatchObject({ kind: 'read', text: 'ABC123' })
})

test('the next vehicle at the same place with another sure plate is another track', () => {
  const tracks = follow([...still('ABC123', 3), ...still('XYZ789', 3)])
  expect(tracks.map(({ looks }) => looks[0]?.text)).toEqual(['ABC123', 'XYZ789'])
})

test('a plate that jumps across the picture between two looks is still itself', () => {
  expect(
    follow([[testLook('ABC123', { x: 50 })], [testLook('ABC123', { x: 500, width: 140 })]]),
  ).toHaveLength(1)
})

test('two vehicles seen at once are two tracks, and the nearer one leads', () => {
  const pair = [
    testLook('NEAR01', { width: 110 }),
    testLook('FAR999', { x: 450, y: 40, width: 48 }),
  ]
  const tracks = follow([pair, pair, pair])
  expect(tracks).toHaveLength(2)
  expect(leadingTrack(tracks, 400)?.looks[0]?.text).toBe('NEAR01')
})

test('a grille that looks like one wide letter does not lead, and is never settled', () => {
  const frame = [
    testLook('K', { width: 180, y: 100, confidence: 0.9 }),
    testLook('ABC123', { width: 90, y: 240 }),
  ]
  const tracks = follow(Array.from({ length: 8 }, () => frame))
  const leading = leadingTrack(tracks, 7 * 200)
  expect(leading?.looks[0]?.text).toBe('ABC123')
  const grille = tracks.find(({ looks }) => looks[0]?.text === 'K')
  expect(isSettled(grille as Track, tracks)).toBe(false)
})

test('a standing vehicle is settled after two agreeing sure looks', () => {
  expect(follow(still('ABC123', 1)).some((track) => isSettled(track, []))).toBe(false)
  expect(follow(still('ABC123', 2)).every((track) => isSettled(track, []))).toBe(true)
})

test('a moving vehicle is not settled early, a standing one with unsure looks is settled as unsure', () => {
  const moving = follow(Array.from({ length: 4 }, (_, at) => [testLook('ABC123', { x: at * 60 })]))
  expect(moving.map((track) => isSettled(track, moving))).toEqual([false])
  const wavering = follow(
    Array.from({ length: 6 }, (_, at) => [testLook(`ABC12${at}`, { confidence: 0.5 })]),
  )
  expect(wavering.map((track) => isSettled(track, wavering))).toEqual([true])
  expect(readOf(wavering[0] as Track).kind).toBe('unsure')
})

test('what came and went with a reported vehicle is no vehicle of its own', () => {
  const frame = [testLook('ABC123'), testLook('TRUCKCO', { x: 380, y: 60, width: 90 })]
  const tracks = follow(Array.from({ length: 5 }, () => frame)).map((track) =>
    track.looks[0]?.text === 'ABC123' ? { ...track, reported: true } : track,
  )
  expect(tracks.filter((track) => deservesCrossing(track, tracks))).toEqual([])
})

test('a vehicle that waited behind a reported one gets its own crossing when it moves up', () => {
  const first = follow(
    Array.from({ length: 4 }, () => [
      testLook('FIRST1'),
      testLook('SECOND2', { x: 420, y: 30, width: 50 }),
    ]),
  )
  const reported = first.map((track) => ({ ...track, reported: track.looks[0]?.text === 'FIRST1' }))
  const alone = follow(still('SECOND2', 4, { x: 210, width: 98 }), reported, 9)
  const second = alone.find(({ looks }) => looks[0]?.text === 'SECOND2') as Track
  expect(isSettled(second, alone)).toBe(true)
})

test('the same vehicle seen again after a pause is not counted twice', () => {
  const reported = follow(still('ABC123', 4)).map((track) => ({ ...track, reported: true }))
  // Read a little differently, elsewhere, much later.
  const again = follow(still('A8C123', 4, { x: 500, y: 300 }), reported, 60)
  expect(again.filter((track) => deservesCrossing(track, again))).toEqual([])
})

test('a vehicle that drives away and is read worse and worse is not counted twice', () => {
  const reported = follow(still('04MYH', 4)).map((track) => ({ ...track, reported: true }))
  const leaving = ['4WYH', '4WY', '4M', '4M', '7'].map((text, at) => [
    testLook(text, { x: 520 + at * 60, y: 20, width: 80 - at * 12, confidence: 0.7 }),
  ])
  const after = follow(leaving, reported, 14)
  expect(after.length).toBeGreaterThan(1)
  expect(after.filter((track) => deservesCrossing(track, after))).toEqual([])
})

test('looks and tracks have limits, and the first look stays', () => {
  const long = follow(Array.from({ length: 90 }, () => [testLook('ABC123')]))
  expect(long[0]?.looks).toHaveLength(limits.looksPerTrackMax)
  expect(long[0]?.looks[0]?.frame).toBe(0)
  expect(long[0]?.looks.at(-1)?.frame).toBe(89)
  const crowd = Array.from({ length: 8 }, (_, at) =>
    testLook(`P${at}Q${at}R${at}`, { x: at * 140, width: 60 }),
  )
  expect(follow([crowd, crowd]).length).toBeLessThanOrEqual(limits.tracksMax)
})

test.each([
  ['ABC123', 'ABC123', 1],
  ['AB0123', 'ABO123', 1],
  ['ABC123', 'XYZ789', 0],
  ['', '', 1],
  ['ABC', '', 0],
])('similarity of %s and %s is %d', (a, b, expected) => {
  expect(textSimilarity(a, b)).toBeCloseTo(expected)
})

test('similarity is symmetric and within 0 to 1', () => {
  const plate = fc.string({ maxLength: 12 })
  fc.assert(
    fc.property(plate, plate, (a, b) => {
      const similarity = textSimilarity(a, b)
      expect(similarity).toBeGreaterThanOrEqual(0)
      expect(similarity).toBeLessThanOrEqual(1)
      expect(textSimilarity(b, a)).toBeCloseTo(similarity)
    }),
  )
})
