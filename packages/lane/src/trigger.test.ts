import { expect, test } from 'vitest'

import { testPicture } from './testing/pictures.ts'
import {
  type Trigger,
  type TriggerState,
  beginTrigger,
  changedAround,
  greyOf,
  stepTrigger,
  triggerSettings,
} from './trigger.ts'

const empty = testPicture()
const vehicle = (x: number): ReturnType<typeof testPicture> =>
  testPicture([{ x, y: 100, width: 240, height: 180, grey: 200 }])

/** Feeds pictures 200 ms apart and tells what each one meant. */
function film(
  pictures: readonly ReturnType<typeof testPicture>[],
  occupied = true,
): { kinds: readonly Trigger['kind'][]; last: Trigger } {
  let state: TriggerState = beginTrigger(greyOf(empty))
  let last: Trigger | null = null
  const kinds = pictures.map((picture, at) => {
    last = stepTrigger(state, greyOf(picture), at * 200, occupied)
    state = last.state
    return last.kind
  })
  if (last === null) throw new Error('nothing was filmed')
  return { kinds, last }
}

test('an empty lane stays empty', () => {
  expect(new Set(film(Array.from({ length: 20 }, () => empty)).kinds)).toEqual(new Set(['empty']))
})

test('a vehicle begins one pass and its leaving ends it', () => {
  const { kinds } = film([
    empty,
    vehicle(10),
    vehicle(100),
    vehicle(200),
    vehicle(200),
    empty,
    empty,
    empty,
  ])
  expect(kinds).toEqual([
    'empty',
    'began',
    'within',
    'within',
    'within',
    'within',
    'ended',
    'empty',
  ])
})

test('one noisy frame without the vehicle does not end a pass', () => {
  const { kinds } = film([empty, vehicle(10), vehicle(60), empty, vehicle(100), vehicle(100)])
  expect(kinds.slice(1)).toEqual(['began', 'within', 'within', 'within', 'within'])
})

test('light that changes everywhere alike is no vehicle', () => {
  const dimming = Array.from({ length: 12 }, (_, at) => testPicture([], { base: 90 - at * 2 }))
  expect(new Set(film(dimming).kinds)).toEqual(new Set(['empty']))
})

test('dusk, which falls unevenly, is no vehicle, and one that comes during it still is', () => {
  const dusk = (at: number): NonNullable<Parameters<typeof testPicture>[0]> => [
    { x: 0, y: 0, width: 640, height: 120, grey: 200 - at * 5 },
    { x: 400, y: 120, width: 240, height: 240, grey: 120 + at * 2 },
  ]
  const fading = Array.from({ length: 30 }, (_, at) => testPicture(dusk(at)))
  const coming = [0, 60, 120].map((x, at) =>
    testPicture([...dusk(30 + at), { x, y: 130, width: 220, height: 170, grey: 30 }]),
  )
  const { kinds } = film([
    empty,
    testPicture(dusk(0)),
    ...Array.from({ length: 25 }, () => testPicture(dusk(0))),
    ...fading,
    ...coming,
  ])
  expect(kinds.slice(27, 57)).not.toContain('began')
  expect(kinds.slice(57)).toContain('began')
})

test('a lamp that is switched on becomes background after a few seconds', () => {
  const lamp = testPicture([{ x: 300, y: 0, width: 120, height: 200, grey: 230 }])
  const { kinds } = film(Array.from({ length: 40 }, () => lamp))
  expect(kinds[0]).toBe('began')
  expect(kinds).toContain('ended')
  expect(kinds.at(-1)).toBe('empty')
})

test('a vehicle that waits long at the booth stays one pass', () => {
  const standing = vehicle(200)
  const waiting = Array.from({ length: 60 * 5 }, () => standing)
  const { kinds } = film([vehicle(10), vehicle(80), vehicle(150), ...waiting])
  expect(kinds.filter((kind) => kind === 'began')).toHaveLength(1)
  expect(kinds).not.toContain('ended')
})

test('a barrier that stays open after the vehicle has left becomes background', () => {
  const barrier = testPicture([{ x: 20, y: 0, width: 60, height: 300, grey: 220 }])
  const frames = [
    vehicle(10),
    vehicle(80),
    vehicle(150),
    ...Array.from({ length: 80 }, () => barrier),
  ]
  expect(film(frames, false).kinds).toContain('ended')
})

test('only what stands on changed ground is looked at', () => {
  const { last } = film([vehicle(300), vehicle(300)])
  const on = { x: 380, y: 220, width: 60, height: 20 }
  const away = { x: 60, y: 60, width: 40, height: 12 }
  expect(changedAround(last.changed, on, empty)).toBe(true)
  expect(changedAround(last.changed, away, empty)).toBe(false)
})

test('a box beyond the picture does not read beyond the grid', () => {
  const { last } = film([vehicle(300)])
  expect(changedAround(last.changed, { x: 5000, y: 5000, width: 90, height: 30 }, empty)).toBe(
    false,
  )
  expect(changedAround(last.changed, { x: -500, y: -500, width: 90, height: 30 }, empty)).toBe(
    false,
  )
})

test('pictures smaller than the grid have a value in every cell', () => {
  const grey = greyOf(testPicture([], { width: 20, height: 16 }))
  expect(Math.min(...grey)).toBeGreaterThan(triggerSettings.stepMin)
})
