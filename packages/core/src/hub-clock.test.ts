import { expect, test } from 'vitest'

import { agrees, doubtAtStart, doubtOfJump } from './hub-clock.ts'

const at = (text: string) => new Date(`2026-11-${text}:00.000Z`)

test('a hub that was off overnight is believed, one that comes back weeks later is asked', () => {
  expect(doubtAtStart(at('22T18:00'), at('23T18:00'))).toBeNull()
  expect(doubtAtStart(at('02T18:00'), at('22T18:00'))).toEqual({
    kind: 'started_ahead',
    trustedAt: at('02T18:00'),
    said: at('22T18:00'),
  })
  expect(doubtAtStart(null, at('22T18:00'))).toBeNull()
  // Set back, a clock destroys nothing too early.
  expect(doubtAtStart(at('22T18:00'), at('02T18:00'))).toBeNull()
})

test('time that passed is no jump, however long it was between two looks', () => {
  const before = { wall: at('02T00:00'), steadyMs: 5_000 }
  const dayMs = 86_400_000
  expect(doubtOfJump(before, { wall: at('03T00:00'), steadyMs: 5_000 + dayMs })).toBeNull()
  expect(doubtOfJump(before, { wall: at('03T00:59'), steadyMs: 5_000 + dayMs })).toBeNull()
  expect(doubtOfJump(before, { wall: at('03T01:01'), steadyMs: 5_000 + dayMs })?.kind).toBe(
    'jumped',
  )
  expect(doubtOfJump(before, { wall: at('01T00:00'), steadyMs: 6_000 })).toBeNull()
})

test('who says another time does not bear it out', () => {
  expect(agrees(at('22T18:04'), at('22T18:00'))).toBe(true)
  expect(agrees(at('22T17:54'), at('22T18:00'))).toBe(false)
  expect(agrees(new Date(Number.NaN), at('22T18:00'))).toBe(false)
})
