/** Who is among those who cross often: never who opted out, and no photograph longer than its gallery. */

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { chooseFrequent, type FrequentChoice, type FrequentCrosser } from './frequent-crossers.ts'

const endsAt = new Date('2026-11-24T15:00:00Z')
const one = (key: string, more: Partial<FrequentCrosser> = {}): FrequentCrosser => ({
  key: `document:UTO:${key}`,
  crossings: 5,
  lastAt: new Date('2026-11-23T12:00:00Z'),
  entry: `entry ${key}`,
  describedAt: new Date('2026-11-22T12:00:00Z'),
  sourceEndsAt: endsAt,
  born: null,
  ...more,
})
const choice: FrequentChoice = {
  ...{ endsAt, peopleMax: 2, optedOut: new Set<string>(), day: '2026-11-24', ageMin: 14 },
}
const keys = (found: readonly FrequentCrosser[], more: Partial<FrequentChoice> = {}) =>
  chooseFrequent(found, { ...choice, ...more }).map(({ entry }) => entry)

test('the most frequent come first, then who crossed last, then always the same', () => {
  const found = [
    one('C'),
    one('B'),
    one('late', { lastAt: new Date('2026-11-23T13:00:00Z') }),
    one('often', { crossings: 9 }),
  ]
  expect(keys(found, { peopleMax: 3 })).toEqual(['entry often', 'entry late', 'entry B'])
  fc.assert(
    fc.property(fc.shuffledSubarray(found, { minLength: 4 }), (shuffled) => {
      expect(keys(shuffled)).toEqual(['entry often', 'entry late'])
    }),
  )
})

test('who opted out takes nobody’s place and gets none', () => {
  const found = [one('often', { crossings: 90 }), one('A'), one('B')]
  expect(keys(found, { optedOut: new Set(['document:UTO:often']) })).toEqual(['entry A', 'entry B'])
})

test('a photograph whose gallery ends within the hour is left, and another of the same document is taken', () => {
  const short = new Date(endsAt.getTime() - 1)
  expect(keys([one('A', { sourceEndsAt: short })])).toEqual([])
  const both = [
    one('A', {
      entry: 'newer, short',
      describedAt: new Date('2026-11-23T12:00:00Z'),
      sourceEndsAt: short,
    }),
    one('A', { entry: 'older, long' }),
  ]
  expect(keys(both)).toEqual(['older, long'])
})

test('one document is one person, by the newest photograph; two documents are two', () => {
  const newer = one('A', { entry: 'newer', describedAt: new Date('2026-11-23T00:00:00Z') })
  expect(keys([one('A'), newer, one('B', { crossings: 4 })])).toEqual(['newer', 'entry B'])
})

test('a child is not among them, and a birthday in the hour’s day is one', () => {
  const found = [one('child', { born: '2012-11-25' }), one('fourteen', { born: '2012-11-24' })]
  expect(keys(found)).toEqual(['entry fourteen'])
})
