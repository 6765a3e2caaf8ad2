/** Hazards of a drawn history: nothing to draw, one moment only, a stay that goes on. */

import { expect, test } from 'vitest'

import type { Stay } from '../api/stay-types.ts'
import { timelineOf } from './timeline.ts'

function stay(more: Partial<Stay>): Stay {
  return {
    id: '0',
    subject: 'vehicle',
    document: null,
    plate: 'ABC123',
    state: 'closed',
    reason: null,
    as: null,
    from: null,
    until: null,
    days: null,
    passages: [],
    doubts: [],
    of: null,
    next: null,
    before: null,
    correction: null,
    rule: null,
    due_at: null,
    over: false,
    ...more,
  }
}
const now = new Date('2026-11-22T12:00:00Z')

test('nothing recorded draws nothing', () => {
  expect(timelineOf([], now)).toBeNull()
  expect(timelineOf([stay({})], now)).toBeNull()
})

test('what goes on reaches until now, what is one moment has no width, and all lie on the line', () => {
  const line = timelineOf(
    [
      stay({ state: 'open', from: '2026-11-22T10:00:00Z' }),
      stay({ from: '2026-11-20T10:00:00Z', until: '2026-11-21T10:00:00Z' }),
      stay({ state: 'entry_missing', until: '2026-11-19T10:00:00Z' }),
    ],
    now,
  )
  const [open, closed, moment] = line?.bars ?? []
  expect(open?.to).toBeGreaterThan(open?.from ?? 1)
  expect(open?.to).toBeLessThan(1)
  expect(closed?.from).toBeLessThan(open?.from ?? 0)
  expect(moment).toMatchObject({ moment: true, from: moment?.to })
  for (const bar of line?.bars ?? []) expect(bar.from).toBeGreaterThan(0)
})

test('a plate seen once, this very moment, has a line of some length', () => {
  const line = timelineOf([stay({ state: 'open', from: now.toISOString() })], now)
  expect(line?.widthMs).toBeGreaterThan(60_000)
})
