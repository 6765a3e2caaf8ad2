import { expect, test } from 'vitest'

import { dueBars } from './due-bars.ts'

const none = { bytes: 0, held: 0 }

test('every day has its bar, also one on which nothing is due, and parts stand on each other', () => {
  const bars = dueBars(
    {
      due: [{ class: 'reads', bodies: 4, crossings: 4, oldest: '2026-11-01T00:00:00Z', ...none }],
      days: [
        { day: '2026-12-01', class: 'plate', bodies: 3, bytes: 0, held: 1 },
        { day: '2026-12-01', class: 'scene', bodies: 6, ...none },
      ],
    },
    '2026-11-30',
    3,
  )
  expect(bars.map(({ at, total, held }) => [at, total, held])).toEqual([
    ['now', 4, 0],
    ['2026-11-30', 0, 0],
    ['2026-12-01', 8, 1],
    ['2026-12-02', 0, 0],
  ])
  expect(bars[0]?.parts).toMatchObject([{ class: 'reads', from: 0, height: 0.5 }])
  expect(bars[2]?.parts).toMatchObject([
    { class: 'scene', from: 0, height: 0.75 },
    { class: 'plate', from: 0.75, height: 0.25 },
  ])
})

test('a plan of nothing has bars of no height', () => {
  for (const bar of dueBars({ due: [], days: [] }, '2026-11-30', 2))
    expect(bar).toMatchObject({ total: 0, parts: [] })
})
