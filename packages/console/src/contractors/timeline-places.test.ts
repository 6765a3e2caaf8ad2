import { expect, test } from 'vitest'

import { allowedBands, civilDay, placeOf } from './timeline-places.ts'

const monday = Date.UTC(2026, 10, 23) / 86_400_000

test('an opening after midnight in UTC lies on the day that people at the port had', () => {
  expect(placeOf('2026-11-24T03:30:00Z', monday, 'America/Chicago')).toEqual({ x: 0, hour: 21.5 })
  expect(civilDay('2026-11-23T15:00:00Z', 'Pacific/Auckland')).toBe(monday + 1)
})

test('hours are shaded on the days that the grant names, and on every day where it names none', () => {
  const always = { from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' }
  const hours = { days: ['mon', 'tue'] as const, from: '07:30', to: '19:00' }
  expect(allowedBands({ ...always, hours }, 'UTC', monday, 4)).toEqual([
    { x: 0, from: 7.5, to: 19 },
    { x: 1, from: 7.5, to: 19 },
  ])
  expect(allowedBands(always, 'UTC', monday, 2)).toEqual([
    { x: 0, from: 0, to: 24 },
    { x: 1, from: 0, to: 24 },
  ])
})

test('nothing is shaded before a grant begins and after it ends, by the clock of the port', () => {
  const term = { from: '2026-11-24T15:00:00Z', until: '2026-11-25T12:00:00Z' }
  expect(allowedBands(term, 'America/Chicago', monday, 5)).toEqual([
    { x: 1, from: 9, to: 24 },
    { x: 2, from: 0, to: 6 },
  ])
})
