import { expect, test } from 'vitest'

import {
  calendarDay,
  clockTime,
  dayStart,
  instantAtPort,
  momentWords,
  sinceWords,
  utcTime,
  wallTime,
} from './time.ts'

const chicago = 'America/Chicago'

test('an instant near midnight belongs to the day of the port, not of UTC', () => {
  expect(calendarDay('2026-11-22T03:30:00Z', chicago)).toBe('2026-11-21')
  expect(clockTime('2026-11-22T03:30:00Z', chicago)).toBe('21:30:00')
  expect(clockTime('2026-11-22T06:00:00Z', chicago)).toBe('00:00:00')
  expect(utcTime('2026-11-22T03:30:00.123Z')).toBe('2026-11-22 03:30:00 UTC')
})

test('yesterday is never shown as a bare time', () => {
  const now = new Date('2026-11-22T06:10:00Z')
  expect(momentWords('2026-11-22T06:05:00Z', chicago, now)).toBe('00:05:00')
  expect(momentWords('2026-11-22T05:55:00Z', chicago, now)).toBe('23:55:00, 21 Nov 2026')
})

test.each([
  [-30, 'now'],
  [1, 'now'],
  [59, '59 s'],
  [60, '1 min'],
  [3599, '59 min'],
  [7200, '2 h'],
  [172_800, '2 d'],
])('%s seconds ago reads %s', (seconds, words) => {
  const then = new Date('2026-11-22T12:00:00Z')
  expect(sinceWords(then, new Date(then.getTime() + seconds * 1000))).toBe(words)
})

test.each([
  ['an ordinary day', '2026-11-22T14:02', '2026-11-22T20:02:00.000Z'],
  ['summer time', '2026-07-01T00:00', '2026-07-01T05:00:00.000Z'],
  ['an hour that is skipped', '2026-03-08T02:30', '2026-03-08T08:30:00.000Z'],
  ['an hour that comes twice', '2026-11-01T01:30', '2026-11-01T06:30:00.000Z'],
])('wall time at the port: %s', (_name, wall, instant) => {
  expect(instantAtPort(wall, chicago)?.toISOString()).toBe(instant)
})

test('half a wall time is not an instant', () => {
  expect(instantAtPort('2026-11-22', chicago)).toBeNull()
  expect(instantAtPort('2026-13-40T99:99', chicago)).toBeNull()
})

test('a day at the port begins at its own midnight, also after a clock change', () => {
  const now = new Date('2026-11-02T18:00:00Z')
  expect(dayStart(now, chicago).toISOString()).toBe('2026-11-02T06:00:00.000Z')
  expect(dayStart(now, chicago, 1).toISOString()).toBe('2026-11-01T05:00:00.000Z')
  expect(wallTime(dayStart(now, chicago), chicago)).toBe('2026-11-02T00:00')
})
