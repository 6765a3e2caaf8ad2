/** Hazards of hours by a port's clocks: midnight, clocks that change, days of the week. */

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { openZone } from '../stays/zone.ts'
import { type HourWindow, hoursOf, windowAround, windowsBefore } from './hour-window.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const hours = (fromHour: number, toHour: number, weekdays = everyDay): HourWindow => ({
  fromHour,
  toHour,
  weekdays,
})
const text = (span: { from: number; to: number } | null) =>
  span === null ? null : [span.from, span.to].map((at) => new Date(at).toISOString().slice(0, 16))

test.for([
  [
    'a morning',
    hours(6, 9),
    'America/Chicago',
    '2026-11-24T13:00Z',
    ['2026-11-24T12:00', '2026-11-24T15:00'],
  ],
  [
    'its first instant',
    hours(6, 9),
    'America/Chicago',
    '2026-11-24T12:00Z',
    ['2026-11-24T12:00', '2026-11-24T15:00'],
  ],
  ['its end is not in it', hours(6, 9), 'America/Chicago', '2026-11-24T15:00Z', null],
  [
    'a little before it begins',
    hours(6, 9),
    'America/Chicago',
    '2026-11-24T11:55Z',
    ['2026-11-24T12:00', '2026-11-24T15:00'],
  ],
  ['well before it begins', hours(6, 9), 'America/Chicago', '2026-11-24T11:54Z', null],
  [
    'over midnight, before it',
    hours(22, 2),
    'America/Chicago',
    '2026-11-25T05:00Z',
    ['2026-11-25T04:00', '2026-11-25T08:00'],
  ],
  [
    'over midnight, after it',
    hours(22, 2),
    'America/Chicago',
    '2026-11-25T07:59Z',
    ['2026-11-25T04:00', '2026-11-25T08:00'],
  ],
  [
    'Tuesday’s night reaches into Wednesday',
    hours(22, 2, [2]),
    'America/Chicago',
    '2026-11-25T07:00Z',
    ['2026-11-25T04:00', '2026-11-25T08:00'],
  ],
  [
    'Wednesday’s does not begin on Tuesday',
    hours(22, 2, [3]),
    'America/Chicago',
    '2026-11-25T07:00Z',
    null,
  ],
  [
    'it begins at midnight',
    hours(0, 3),
    'America/Chicago',
    '2026-11-24T05:56Z',
    ['2026-11-24T06:00', '2026-11-24T09:00'],
  ],
  [
    'the hour that comes twice is twice in it',
    hours(1, 2),
    'America/Chicago',
    '2026-11-01T07:30Z',
    ['2026-11-01T06:00', '2026-11-01T08:00'],
  ],
  ['the hour that never comes', hours(2, 3), 'America/Chicago', '2026-03-08T08:00Z', null],
  [
    'hours of which one never comes',
    hours(2, 4),
    'America/Chicago',
    '2026-03-08T08:00Z',
    ['2026-03-08T08:00', '2026-03-08T09:00'],
  ],
  [
    'a night in which the clocks go back',
    hours(23, 3),
    'Europe/Vienna',
    '2026-10-25T01:30Z',
    ['2026-10-24T21:00', '2026-10-25T02:00'],
  ],
  [
    'half an hour more or less',
    hours(1, 3),
    'Australia/Lord_Howe',
    '2026-04-04T15:00Z',
    ['2026-04-04T14:00', '2026-04-04T16:30'],
  ],
] as const)('%s', ([, window, zone, at, expected]) => {
  const span = windowAround(window, openZone(zone), Date.parse(at.replace('Z', ':00Z')), 300_000)
  expect(text(span)).toEqual(expected)
})

test('the days that count end before the window that they are counted for, and begin as many days back', () => {
  const zone = openZone('America/Chicago')
  const until = Date.parse('2026-11-24T12:00:00Z')
  const spans = windowsBefore(hours(6, 9, [1, 2, 3, 4, 5]), zone, until, 7)
  expect(spans.map(({ from }) => new Date(from).toISOString().slice(0, 10))).toEqual([
    '2026-11-17',
    '2026-11-18',
    '2026-11-19',
    '2026-11-20',
    '2026-11-23',
  ])
  // A night that is not over yet is not among them.
  const night = windowsBefore(hours(4, 7), zone, until, 1)
  expect(night).toHaveLength(1)
})

test('whatever the clocks do, windows of one rule never overlap and an instant in one shows its hours', () => {
  const zones = ['Europe/Vienna', 'America/Chicago', 'Australia/Lord_Howe', 'Asia/Kathmandu']
  const opened = new Map(zones.map((name) => [name, openZone(name)]))
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 366 * 24 * 4 }),
      (name, fromHour, length, quarter) => {
        const zone = opened.get(name) ?? openZone(name)
        const window = hours(fromHour, (fromHour + length) % 24)
        expect(hoursOf(window)).toBe(length)
        const until = Date.parse('2026-01-01T00:00:00Z') + quarter * 900_000
        const spans = windowsBefore(window, zone, until, 3)
        for (const [at, span] of spans.entries()) {
          expect(span.from).toBeGreaterThanOrEqual(spans[at - 1]?.to ?? 0)
          const hour = Math.floor(zone.clockAt(span.from) / 3_600_000)
          expect((hour - fromHour + 24) % 24).toBeLessThan(length)
          expect(windowAround(window, zone, span.to - 1, 0)).toEqual(span)
        }
      },
    ),
    { numRuns: 150 },
  )
})
