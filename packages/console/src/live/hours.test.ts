import { expect, test } from 'vitest'

import { hourBars } from './hours.ts'

const now = new Date('2026-11-22T06:20:32Z')

test('a day always has 24 bars, whichever hours the hub names', () => {
  const bars = hourBars(
    [
      { hour: '2026-11-22T06:00:00.000Z', in: 4, out: 1 },
      { hour: '2026-11-22T03:00:00.000Z', in: 2, out: 0 },
      { hour: '2026-11-20T03:00:00.000Z', in: 0, out: 0 },
    ],
    'America/Chicago',
    now,
  )
  expect(bars).toHaveLength(24)
  expect(bars.at(-1)).toMatchObject({ label: '00', in: 4, inHeight: 1, outHeight: 0.25 })
  expect(bars.at(-4)).toMatchObject({ label: '21', in: 2, inHeight: 0.5 })
  expect(bars.filter((bar) => bar.in + bar.out > 0)).toHaveLength(2)
})

test('a day without traffic has flat bars, not broken ones', () => {
  for (const bar of hourBars([], 'UTC', now)) {
    expect([bar.inHeight, bar.outHeight]).toEqual([0, 0])
  }
})
