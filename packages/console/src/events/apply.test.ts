import { expect, test } from 'vitest'

import type { Alarm, Crossing, Lane } from '../api/types.ts'
import {
  alarmsAfterAlarm,
  isNewer,
  lanesAfterCrossing,
  lanesAfterLane,
  recentAfterCrossing,
} from './apply.ts'

function crossing(id: string, second: number, lane = 'north'): Crossing {
  const at = new Date(Date.UTC(2026, 10, 22, 14, 0, second)).toISOString()
  return {
    id,
    lane,
    port: 'demo',
    direction: 'in',
    sequence: second,
    device: 'd',
    captured_at: at,
    received_at: at,
    clock: 'ok',
    source: 'synthetic',
    log_index: second,
    plate: {
      kind: 'unreadable',
      text: null,
      confidence: null,
      reason: 'no_plate_found',
      jurisdiction: null,
      looks: 0,
      agreement: 0,
      characters: [],
    },
    verdict: null,
    captures: [],
  }
}

function lane(id: string, newest: Crossing | null): Lane {
  return {
    id,
    name: id,
    port: 'demo',
    direction: 'in',
    kind: 'vehicle',
    source: 'synthetic',
    device: null,
    newest,
  }
}

test('a crossing from an emptied spool does not replace what is at the window', () => {
  const lanes = [lane('north', crossing('b', 20)), lane('south', null)]
  expect(lanesAfterCrossing(lanes, crossing('a', 10))).toBe(lanes)
  expect(lanesAfterCrossing(lanes, crossing('c', 30))[0]?.newest?.id).toBe('c')
})

test('a crossing touches its own lane only, and an unknown lane none', () => {
  const lanes = [lane('north', null), lane('south', null)]
  const after = lanesAfterCrossing(lanes, crossing('a', 10, 'south'))
  expect(after[0]).toBe(lanes[0])
  expect(after[1]?.newest?.id).toBe('a')
  expect(lanesAfterCrossing(lanes, crossing('a', 10, 'elsewhere'))).toBe(lanes)
})

test('two crossings of one instant are ordered by their number', () => {
  const first = crossing('a', 10)
  expect(isNewer({ ...first, id: 'b', sequence: 11 }, first)).toBe(true)
  expect(isNewer(first, first)).toBe(false)
})

test('a stale device event keeps the newest crossing', () => {
  const lanes = [lane('north', crossing('b', 20))]
  expect(lanesAfterLane(lanes, lane('north', crossing('a', 10)))[0]?.newest?.id).toBe('b')
  expect(lanesAfterLane(lanes, lane('north', null))[0]?.newest?.id).toBe('b')
  expect(lanesAfterLane(lanes, lane('west', null)).map((one) => one.id)).toEqual(['north', 'west'])
})

test('a strip stays in order of time, holds each crossing once and stays short', () => {
  let recent: readonly Crossing[] = []
  for (const second of [10, 30, 20, 30, 40, 5]) {
    recent = recentAfterCrossing(recent, crossing(`c${second}`, second), 4)
  }
  expect(recent.map((one) => one.id)).toEqual(['c40', 'c30', 'c20', 'c10'])
})

test('an acknowledged alarm leaves the open ones', () => {
  const alarm: Alarm = {
    id: 'x',
    kind: 'device_silent',
    device: null,
    lane: null,
    at: '2026-11-22T14:00:00Z',
    last_at: '2026-11-22T14:00:00Z',
    count: 1,
    detail: '',
    acknowledged: null,
    log_index: 1,
  }
  expect(alarmsAfterAlarm([alarm], { ...alarm, detail: 'again' })).toHaveLength(1)
  expect(
    alarmsAfterAlarm([alarm], { ...alarm, acknowledged: { at: alarm.at, by: 'Ada', note: null } }),
  ).toEqual([])
})
