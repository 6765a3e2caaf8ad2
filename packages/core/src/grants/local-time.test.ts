import { expect, test } from 'vitest'

import { localTimeAt } from './local-time.ts'

test.each([
  ['2026-03-08T07:59:59Z', 'America/Chicago', '2026-03-08', 'sun', 119],
  ['2026-03-08T08:00:00Z', 'America/Chicago', '2026-03-08', 'sun', 180],
  ['2026-11-01T06:30:00Z', 'America/Chicago', '2026-11-01', 'sun', 90],
  ['2026-11-01T07:30:00Z', 'America/Chicago', '2026-11-01', 'sun', 90],
  ['2026-06-30T23:59:59Z', 'Asia/Kathmandu', '2026-07-01', 'wed', 344],
  ['2026-12-31T12:00:00Z', 'Pacific/Kiritimati', '2027-01-01', 'fri', 120],
  ['2026-06-01T00:00:00Z', 'UTC', '2026-06-01', 'mon', 0],
] as const)(
  '%s in %s: summer time, half hours and the date line',
  (at, zone, day, weekday, minute) => {
    expect(localTimeAt(new Date(at), zone)).toEqual({ day, weekday, minute })
  },
)

test('a zone that does not exist throws', () => {
  expect(() => localTimeAt(new Date(0), 'Nowhere/Land')).toThrow(RangeError)
})
