import { expect, test } from 'vitest'

import type { FaceCurves } from '../face-calibration.ts'
import {
  calibrators,
  carries,
  type ConfirmedCapture,
  countComparisons,
  groupsOf,
  mayCalibrate,
  neededFor,
  neverNarrower,
  plainName,
  photographsOf,
  sayRate,
  surelyTwo,
  takenCaptures,
} from './vault-calibration.ts'

let made = 0
function one(change: Partial<ConfirmedCapture> = {}): ConfirmedCapture {
  made += 1
  return {
    capture: `capture ${made}`,
    crossing: `crossing ${made}`,
    entry: `entry ${made}`,
    identity: `UTO N${made}`,
    name: `FAMILY${made} GIVEN${made}`,
    born: `19${String(50 + (made % 40))}-03-${String(10 + (made % 18))}`,
    groups: [],
    ...change,
  }
}

const anna = one({ identity: 'UTO A1', name: 'ERIKSSON ANNA', born: '1974-08-12' })

test.each<[string, Partial<ConfirmedCapture>, boolean]>([
  ['a stranger', { name: 'OKAFOR EMEKA', born: '1980-01-02' }, true],
  ['the same document', { identity: 'UTO A1' }, false],
  ['the same crossing: a child on a lap, a face on a shirt', { crossing: anna.crossing }, false],
  ['a twin: born on the same day', { name: 'ERIKSSON MAJA', born: '1974-08-12' }, false],
  [
    'one person with two documents: name and birthday',
    { name: 'Eriksson, Anna', born: '1974-08-12' },
    false,
  ],
  [
    'the same name with another birthday: one of them may be mistyped',
    { name: 'ERIKSSÖN ANNA', born: '1974-12-08' },
    false,
  ],
  ['a sister, older', { name: 'ERIKSSON MAJA', born: '1971-01-02' }, true],
  [
    'of the same family, and nobody knows when they were born',
    { name: 'ERIKSSON MAJA', born: null },
    false,
  ],
  [
    'of another name, and nobody knows when they were born',
    { name: 'OKAFOR EMEKA', born: null },
    true,
  ],
])('strangers beyond doubt: %s', (_, change, two) => {
  const other = one({
    ...change,
    ...(change.name === undefined ? {} : { name: plainName(change.name) }),
  })
  expect(surelyTwo(anna, other)).toBe(two)
  expect(surelyTwo(other, anna)).toBe(two)
})

test('who crosses daily does not stand for everybody', () => {
  const daily = Array.from({ length: 50 }, () => one({ identity: 'UTO D1', name: 'DAILY DORA' }))
  const taken = takenCaptures([...daily, one(), one()])
  expect(taken).toHaveLength(5)
  expect(taken.slice(0, 3)).toEqual(daily.slice(0, 3))
  expect(photographsOf(taken)).toHaveLength(3)
  // Three of the daily one and two others with the photographs of the other two each.
  expect(countComparisons(taken)).toEqual({ people: 3, genuine: 5, impostors: 3 * 2 + 2 + 2 })
})

test.each([
  // Rule of three: 3 / 0.001. Thirty errors for a line: 30 / 0.001.
  ['audit', 0.001, { people: 56, genuine: 1, impostors: 3_000 }],
  ['evaluation', 0.001, { people: 174, genuine: 60, impostors: 30_000 }],
  ['evaluation', 0.4, { people: 10, genuine: 60, impostors: 75 }],
  ['evaluation', 0.49, { people: 9, genuine: 60, impostors: 62 }],
] as const)('what %s at a rate of %f needs', (purpose, rate, needed) => {
  expect(neededFor(purpose, rate)).toEqual(needed)
  expect(carries(needed, needed)).toBe(true)
  expect(carries({ ...needed, impostors: needed.impostors - 1 }, needed)).toBe(false)
  expect(carries({ ...needed, genuine: needed.genuine - 1 }, needed)).toBe(false)
  // As many people as are named do bring as many comparisons.
  expect(needed.people * (needed.people - 1)).toBeGreaterThanOrEqual(needed.impostors)
})

test('a rate of few is not said, and neither are its errors', () => {
  expect(sayRate(2, 2_999, 0.001)).toEqual({ kind: 'too_few', trials: 2_999, needed: 3_000 })
  expect(sayRate(0, 3_000, 0.001)).toMatchObject({ kind: 'rate', errors: 0, value: 0 })
  expect(sayRate(0, 0, 0.4)).toEqual({ kind: 'too_few', trials: 0, needed: 8 })
})

test('a calibration made again of its own matches does not close in on itself', () => {
  const curves = (far: number): FaceCurves => ({
    impostors: 1000,
    genuine: 1000,
    falseMatch: [{ distance: 1, share: 0.5 }],
    falseNonMatch: [
      { distance: far / 4, share: 0.5 },
      { distance: far / 2, share: 0.1 },
      { distance: far, share: 0.03 },
    ],
    logistic: { slope: 1, offset: 0 },
  })
  expect(neverNarrower(curves(0.4), curves(0.6)).falseNonMatch).toEqual(curves(0.6).falseNonMatch)
  expect(neverNarrower(curves(0.6), curves(0.4)).falseNonMatch).toEqual(curves(0.6).falseNonMatch)
  expect(neverNarrower(curves(0.4), null)).toEqual(curves(0.4))
  const coarse = { ...curves(0.6), falseNonMatch: [{ distance: 0.5, share: 0.5 }] }
  expect(neverNarrower(curves(0.4), coarse).falseNonMatch.map(({ distance }) => distance)).toEqual([
    0.5, 0.5, 0.5,
  ])
})

test.each([
  [['officer', 'integrator', 'responder'], 'evaluation', false],
  [['supervisor'], 'evaluation', true],
  [['supervisor'], 'audit', false],
  [['auditor'], 'audit', true],
  [['auditor'], 'evaluation', false],
  [['privacy'], 'audit', true],
] as const)('%s for %s', (roles, purpose, may) => {
  expect(mayCalibrate(roles, purpose)).toBe(may)
  if (may)
    expect(calibrators.some((role) => (roles as readonly string[]).includes(role))).toBe(true)
})

test('groups are those of the day: who has a birthday tomorrow is not older yet', () => {
  expect(groupsOf({ born: '1996-11-22', sex: 'F' }, '2026-11-22')).toEqual([
    'sex F',
    'age 30 to 59',
  ])
  expect(groupsOf({ born: '1996-11-23', sex: null }, '2026-11-22')).toEqual(['age under 30'])
  expect(groupsOf({ born: '1966-11-22', sex: 'X' }, '2026-11-22')).toEqual([
    'sex X',
    'age 60 and over',
  ])
  expect(groupsOf({ born: null, sex: null }, '2026-11-22')).toEqual([])
})
