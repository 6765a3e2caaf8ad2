import { expect, test } from 'vitest'

import { countScope, type ScopedCrossing, type ScopedPicture } from './counts.ts'
import { linesOf, sideOf } from './legal-lines.ts'
import { type GrantedReach, partsOf, reachWithin } from './question.ts'
import { changesBetween } from './revision.ts'

const at = (text: string) => new Date(`${text}T00:00:00Z`)
const noFacts = { keyDestroyedAt: null, granted: null }

function picture(change: Partial<ScopedPicture> = {}): ScopedPicture {
  return {
    grade: 'released_in_clear',
    capture: Math.random().toString(16),
    class: 'scene',
    crossing: 'a',
    port: 'north',
    lane: 'in-1',
    day: '2026-05-01',
    ...change,
  }
}

function shows(known: Record<string, Partial<ScopedCrossing>>) {
  return (crossing: string): ScopedCrossing => ({
    vehicle: null,
    identity: null,
    ...known[crossing],
  })
}

test('a key that was destroyed before the window leaves ciphertext; one that was there then does not', () => {
  const suspicion = { kind: 'epoch', day: '2026-05-01' } as const
  const graded = (keyDestroyedAt: Date | null) =>
    partsOf(suspicion, { ...noFacts, keyDestroyedAt }, at('2026-06-01')).map(({ grade }) => grade)
  expect(graded(at('2026-05-20'))).toEqual(['ciphertext_only'])
  expect(graded(at('2026-06-01'))).toEqual(['ciphertext_only'])
  expect(graded(at('2026-06-02'))).toEqual(['reachable_not_read'])
  expect(graded(null)).toEqual(['reachable_not_read'])
})

test('of a day whose keys were replaced one key reaches what was sealed to it, and the day reaches all', () => {
  const by = (recipient: string | undefined) =>
    partsOf({ kind: 'epoch', day: '2026-05-01', recipient }, noFacts, at('2026-06-01')).map(
      (part) => part.by,
    )
  expect(by('age1q')).toEqual([{ epochDay: '2026-05-01', recipient: 'age1q' }])
  expect(by(undefined)).toEqual([{ epochDay: '2026-05-01', recipient: null }])
})

test('a grant reaches nothing outside its own time, and its end is no part of it', () => {
  const reach: GrantedReach = {
    grant: 'g',
    version: 1,
    lanes: 'all',
    classes: ['scene'],
    from: at('2026-05-01'),
    until: at('2026-05-10'),
  }
  expect(reachWithin(reach, { from: at('2026-05-10'), to: at('2026-06-01') })).toBeNull()
  expect(reachWithin(reach, { from: at('2026-04-01'), to: at('2026-05-01') })).toBeNull()
  expect(reachWithin(reach, { from: at('2026-04-01'), to: at('2026-05-03') })).toMatchObject({
    from: at('2026-05-01'),
    until: at('2026-05-03'),
  })
})

test('one vehicle in many pictures is one plate; crossings without a sure one widen the interval', () => {
  const { total } = countScope(
    [
      picture({ crossing: 'a' }),
      picture({ crossing: 'a', class: 'plate' }),
      picture({ crossing: 'b' }),
      picture({ crossing: 'c', class: 'face' }),
      picture({ crossing: 'c', class: 'face' }),
      picture({ crossing: 'd' }),
    ],
    shows({ a: { vehicle: 'A' }, b: { vehicle: 'A' } }),
  )
  expect(total.plates).toEqual({ low: 1, high: 3, crossings_without: 2 })
  // One for the plate; two faces of nobody known, and one more in a vehicle nobody read.
  expect(total.people).toEqual({
    low: 1,
    high: 4,
    identified: 0,
    plate_only: { low: 1, high: 4 },
  })
})

test('somebody known by a document counts once, and may be the one behind a plate', () => {
  const { total } = countScope(
    [picture({ crossing: 'a' }), picture({ crossing: 'b' }), picture({ crossing: 'c' })],
    shows({
      a: { vehicle: 'A', identity: 'anna' },
      b: { vehicle: 'B', identity: 'anna' },
      c: { vehicle: 'C' },
    }),
  )
  expect(total.people).toEqual({
    low: 1,
    high: 2,
    identified: 1,
    plate_only: { low: 1, high: 1 },
  })
})

test('pictures of which no plate at all is known are of at least one person', () => {
  const { total } = countScope([picture(), picture({ crossing: 'b' })], shows({}))
  expect(total.people.low).toBe(1)
  expect(total.plates).toMatchObject({ low: 1, high: 2 })
  expect(countScope([], shows({})).total.people).toMatchObject({ low: 0, high: 0 })
})

test('the 2019 figure: an interval around 100,000 is said to be undecided, and neither side', () => {
  const line = { people: 100_000 }
  expect(sideOf({ low: 99_999, high: 99_999 }, line)).toBe('not_reached')
  expect(sideOf({ low: 90_000, high: 100_000 }, line)).toBe('undecided')
  expect(sideOf({ low: 100_000, high: 184_000 }, line)).toBe('reached')
})

test('ciphertext alone reaches no legal line, however much of it was copied', () => {
  const pictures = Array.from({ length: 600 }, (_, at2) =>
    picture({ grade: 'ciphertext_only', crossing: `c${at2}` }),
  )
  const counted = countScope(pictures, (crossing) => ({ vehicle: crossing, identity: null }))
  expect(counted.grades.ciphertext_only.people.low).toBe(600)
  for (const { side, side_with_reachable } of linesOf(counted))
    expect([side, side_with_reachable]).toEqual(['not_reached', 'not_reached'])
})

test('a revision names the numbers that moved and no others', () => {
  const of = shows({ a: { vehicle: 'A' }, b: { vehicle: 'B' } })
  const one = countScope([picture()], of)
  const two = countScope([picture(), picture({ crossing: 'b' })], of)
  expect(changesBetween(one, one)).toEqual([])
  const changed = changesBetween(one, two)
  expect(changed).toContainEqual({ figure: 'total.pictures', before: 1, after: 2 })
  expect(changed.map(({ figure }) => figure)).not.toContain('total.lanes')
})
