/** Hazards of calendar days: midnight, clocks that change, days without a midnight. */

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { dayText, openZone, parseDay } from './zone.ts'

const at = (text: string) => Date.parse(text)

test.for([
  [
    'a millisecond before midnight is the day before',
    'UTC',
    '2026-11-21T23:59:59.999Z',
    '2026-11-21',
  ],
  ['midnight is the new day', 'UTC', '2026-11-22T00:00:00Z', '2026-11-22'],
  [
    'evening in the west is the next day in UTC',
    'America/Los_Angeles',
    '2026-11-22T07:59:59Z',
    '2026-11-21',
  ],
  [
    'the day begins in the east before UTC',
    'Pacific/Kiritimati',
    '2026-11-21T10:00:00Z',
    '2026-11-22',
  ],
  [
    'the hour that comes twice in autumn, first time',
    'America/Chicago',
    '2024-11-03T06:30:00Z',
    '2024-11-03',
  ],
  [
    'midnight after the hour that came twice',
    'America/Chicago',
    '2024-11-04T05:59:59Z',
    '2024-11-03',
  ],
  [
    'an offset of three quarters of an hour',
    'Asia/Kathmandu',
    '2026-11-21T18:15:00Z',
    '2026-11-22',
  ],
  ['midnight that the clocks skip', 'Asia/Beirut', '2022-03-26T22:00:00Z', '2022-03-27'],
  [
    'the minute before the midnight that they skip',
    'Asia/Beirut',
    '2022-03-26T21:59:59Z',
    '2022-03-26',
  ],
] as const)('%s', ([, zone, instant, day]) => {
  expect(dayText(openZone(zone).dayOf(at(instant)))).toBe(day)
})

test.for([
  ['an ordinary day', 'Europe/Vienna', '2026-11-22', '2026-11-21T23:00:00Z'],
  ['the day after summer time begins', 'Europe/Vienna', '2024-04-01', '2024-03-31T22:00:00Z'],
  ['the day of 25 hours', 'Europe/Vienna', '2024-10-27', '2024-10-26T22:00:00Z'],
  [
    'a day without midnight begins at one o’clock',
    'Asia/Beirut',
    '2022-03-27',
    '2022-03-26T22:00:00Z',
  ],
] as const)('the start of %s', ([, name, day, start]) => {
  expect(new Date(openZone(name).startOf(parseDay(day) ?? 0)).toISOString()).toBe(
    new Date(start).toISOString(),
  )
})

test('remembered offsets give what the engine gives, around every change of the clocks', () => {
  const zones = [
    'America/Tijuana',
    'Europe/Lisbon',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
    'UTC',
  ]
  for (const name of zones) {
    const zone = openZone(name)
    const format = new Intl.DateTimeFormat('en-CA', { timeZone: name, dateStyle: 'short' })
    fc.assert(
      fc.property(fc.integer({ min: at('2015-01-01Z'), max: at('2025-01-01Z') }), (instant) => {
        expect(dayText(zone.dayOf(instant))).toBe(format.format(instant))
        const start = zone.startOf(zone.dayOf(instant))
        expect(start).toBeLessThanOrEqual(instant)
        expect(zone.dayOf(start)).toBe(zone.dayOf(instant))
        expect(zone.dayOf(start - 1)).toBe(zone.dayOf(instant) - 1)
      }),
      { numRuns: 150 },
    )
  }
})

test('a day that the calendar does not have is none', () => {
  for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', '26-01-01', '2026-01-01T00:00', ''])
    expect(parseDay(text)).toBeNull()
  expect(dayText(parseDay('2028-02-29') ?? 0)).toBe('2028-02-29')
})
