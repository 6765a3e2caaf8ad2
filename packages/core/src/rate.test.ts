import { expect, test } from 'vitest'

import { type Bucket, takeFrom } from './rate.ts'

const rate = { perSecond: 2, burst: 3 }
const at = (ms: number) => new Date(1_000_000 + ms)

function calls(times: readonly number[]): readonly boolean[] {
  let bucket: Bucket | null = null
  return times.map((ms) => {
    const taken = takeFrom(bucket, rate, at(ms))
    bucket = taken.bucket
    return taken.kind === 'taken'
  })
}

test('a burst is let through once, then the rate holds', () => {
  expect(calls([0, 0, 0, 0, 100, 500, 500, 1000])).toEqual([
    true,
    true,
    true,
    false,
    false,
    true,
    false,
    true,
  ])
})

test('a year of silence earns one burst, not a year of calls', () => {
  expect(calls([0, 3e10, 3e10, 3e10, 3e10])).toEqual([true, true, true, true, false])
})

test('a clock that is set back and forth earns nothing', () => {
  const times = [0, 0, 0, -5000, -5000, -10_000, -9_900]
  expect(calls(times).filter(Boolean)).toHaveLength(3)
})

test('who is refused learns how long to wait', () => {
  const empty = takeFrom({ level: 0.5, at: at(0) }, rate, at(0))
  expect(empty).toMatchObject({ kind: 'empty', waitSeconds: 0.25 })
})
