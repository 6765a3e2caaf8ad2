import { expect, test } from 'vitest'

import { type ConfirmedCapture, photographsOf } from './vault-calibration.ts'
import {
  comparisonsOf,
  fitVault,
  type Measured,
  ratesAtLine,
  thresholdsFrom,
} from './vault-comparisons.ts'

/** People with three captures each; those with an even number are in group 'even'. */
function people(count: number): readonly ConfirmedCapture[] {
  return Array.from({ length: count * 3 }, (_, at) => {
    const who = at % count
    return {
      capture: `capture ${at}`,
      crossing: `crossing ${at}`,
      entry: `entry ${who}`,
      identity: `UTO N${who}`,
      name: `FAMILY${who} GIVEN${who}`,
      born: null,
      groups: [who % 2 === 0 ? 'even' : 'odd'],
    }
  })
}

/** Distances that grow from pair to pair: of one person 0 to 0.4, of two 0.5 to 1. */
function measuredOf(captures: readonly ConfirmedCapture[]): readonly Measured[] {
  const photographs = photographsOf(captures)
  const all = captures.flatMap((capture) => comparisonsOf(capture, photographs))
  return all.map((one, at) => ({
    ...one,
    distance: one.same
      ? (0.4 * at) / all.length
      : 0.5 + (0.5 * ((at * 7919) % all.length)) / all.length,
  }))
}

const thresholds = thresholdsFrom({ falseMatchRate: 0.05, falseNonMatchRate: 0.05 })

test('a photograph is compared with its own person once, and with every other', () => {
  const captures = people(4)
  const [first] = captures
  const made = comparisonsOf(first as ConfirmedCapture, photographsOf(captures))
  expect(made.map(({ same, other }) => [same, other.identity])).toEqual([
    [true, 'UTO N0'],
    [false, 'UTO N1'],
    [false, 'UTO N2'],
    [false, 'UTO N3'],
  ])
})

test('a line is placed where the chosen share of strangers lies', () => {
  const measured = measuredOf(people(30))
  const fitted = fitVault(measured, thresholds, null)
  if (fitted.kind !== 'fitted') throw new Error('there are enough')
  const strangers = measured.filter(({ same }) => !same)
  const through = strangers.filter(({ distance }) => distance <= fitted.line).length
  expect(through / strangers.length).toBeGreaterThan(0.035)
  expect(through / strangers.length).toBeLessThan(0.06)
})

test('few people give no line, whatever they look like', () => {
  expect(fitVault(measuredOf(people(5)), thresholds, null).kind).toBe('too_few')
  expect(
    fitVault(measuredOf(people(30)), thresholdsFrom({ falseMatchRate: 0.0001 }), null).kind,
  ).toBe('too_few')
})

test('strangers count for a group only when both are of it', () => {
  const measured = measuredOf(people(30))
  const { groups, falseMatch } = ratesAtLine(measured, 0.6, thresholds)
  expect(falseMatch).toMatchObject({ kind: 'rate', trials: 90 * 29 })
  expect(
    groups.map(({ group, falseMatch: of }) => [group, of.kind, 'trials' in of ? of.trials : 0]),
  ).toEqual([
    ['even', 'rate', 45 * 14],
    ['odd', 'rate', 45 * 14],
  ])
  // 45 pictures of one group say nothing of one in twenty: 60 would.
  expect(groups[0]?.falseNonMatch).toEqual({ kind: 'too_few', trials: 45, needed: 60 })
})
