import fc from 'fast-check'
import { expect, test } from 'vitest'

import { dayAfter, dayIn, startOfDay } from './calendar.ts'

const zones = ['UTC', 'America/Los_Angeles', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Apia']

test.each([
  ['UTC', '2026-11-22', '2026-11-22T00:00:00.000Z', 'UTC itself'],
  ['America/Los_Angeles', '2026-11-02', '2026-11-02T08:00:00.000Z', 'the day after 25 hours'],
  ['America/Los_Angeles', '2026-03-09', '2026-03-09T07:00:00.000Z', 'the day after 23 hours'],
  ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z', 'a day without midnight'],
  ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', 'a day that was left out'],
  ['Pacific/Kiritimati', '2026-01-01', '2025-12-31T10:00:00.000Z', 'fourteen hours ahead'],
])('in %s the day %s begins at %s: %s', (zone, day, instant) => {
  expect(startOfDay(zone, day).toISOString()).toBe(instant)
})

test('days are counted by the calendar, over leap days and ends of years', () => {
  expect(dayAfter('2028-02-28', 2)).toBe('2028-03-01')
  expect(dayAfter('2026-12-31', 1)).toBe('2027-01-01')
  expect(dayAfter('2026-03-01', -1)).toBe('2026-02-28')
})

test('every instant lies in the day that its start and the next start enclose', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.date({ min: new Date('2012-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
      (zone, at) => {
        const day = dayIn(zone, at)
        expect(startOfDay(zone, day).getTime()).toBeLessThanOrEqual(at.getTime())
        expect(startOfDay(zone, dayAfter(day, 1)).getTime()).toBeGreaterThan(at.getTime())
      },
    ),
    { numRuns: 60 },
  )
})

test('a zone that is none throws instead of being taken for UTC', () => {
  expect(() => dayIn('Mars/Olympus', new Date())).toThrow()
})
