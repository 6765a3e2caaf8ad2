import { expect, test } from 'vitest'

import { limits, nextConnection, retryMs, type Connection } from './connection.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 14, 2, second))

test('a lost stream keeps the time of the last data and says so until it is back', () => {
  let state: Connection = { kind: 'connecting' }
  state = nextConnection(state, { kind: 'opened', at: at(1) })
  state = nextConnection(state, { kind: 'heard', at: at(5) })
  expect(state).toEqual({ kind: 'live', heardAt: at(5) })
  state = nextConnection(state, { kind: 'lost' })
  expect(state).toEqual({ kind: 'reconnecting', heardAt: at(5) })
  state = nextConnection(state, { kind: 'lost' })
  expect(state).toEqual({ kind: 'reconnecting', heardAt: at(5) })
  state = nextConnection(state, { kind: 'opened', at: at(30) })
  expect(state.kind).toBe('live')
})

test('reading without a stream is newer data, but not live', () => {
  const lost: Connection = { kind: 'reconnecting', heardAt: at(5) }
  expect(nextConnection(lost, { kind: 'heard', at: at(20) })).toEqual({
    kind: 'reconnecting',
    heardAt: at(20),
  })
})

test('a stream that never opened has no data to date', () => {
  expect(nextConnection({ kind: 'connecting' }, { kind: 'lost' })).toEqual({
    kind: 'reconnecting',
    heardAt: null,
  })
})

test('waits grow and stay bounded', () => {
  expect([0, 1, 2, 3].map(retryMs)).toEqual([1000, 2000, 4000, 8000])
  expect(retryMs(40)).toBe(limits.retryLastMs)
})
