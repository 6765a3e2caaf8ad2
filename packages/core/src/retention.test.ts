import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { dayIn } from './calendar.ts'
import { bodyClasses } from './crossing.ts'
import { packs } from './retention-packs.ts'
import {
  conditions,
  cutoffs,
  dueDayOf,
  dueOf,
  endOf,
  faultsOf,
  type Keep,
  keptBefore,
  keptFrom,
  type Policy,
  type RetentionFacts,
  retentionLimits,
  type Rule,
} from './retention.ts'

const zone = 'America/Los_Angeles'
const rule = (when: Rule['when'], keep: Keep): Rule => ({ when, keep, source: 'a test' })
const everywhere = (...rules: readonly Rule[]): Policy => ({
  name: 'a test',
  rules: { scene: rules, plate: rules, face: rules, reads: rules },
})
const plain: RetentionFacts = {
  watchConfirmed: false,
  unread: false,
  direction: 'in',
  national: null,
}

const anyKeep = fc.oneof(
  fc.record({ hours: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ days: fc.integer({ min: 1, max: 800 }) }),
)
const anyInstant = fc.date({
  min: new Date('2024-01-01'),
  max: new Date('2028-01-01'),
  noInvalidDate: true,
})
const anyZone = fc.constantFrom('UTC', zone, 'Australia/Lord_Howe', 'Asia/Kathmandu')
const anyRules = fc
  .uniqueArray(fc.constantFrom(...conditions.slice(0, -1)), { maxLength: 5 })
  .chain((whens) =>
    fc
      .array(anyKeep, { minLength: whens.length + 1, maxLength: whens.length + 1 })
      .map((keeps) =>
        keeps.map((keep, index): Rule => rule(whens[index] ?? ('always' as const), keep)),
      ),
  )
const anyPolicy = anyRules.map((rules) => everywhere(...rules))
const anyFacts = fc.record({
  watchConfirmed: fc.boolean(),
  unread: fc.boolean(),
  direction: fc.constantFrom('in' as const, 'out' as const),
  national: fc.constantFrom(true, false, null),
})

describe('when something is due', () => {
  test.each<[string, Keep, string, string]>([
    ['hours are hours', { hours: 12 }, '2026-11-22T10:00:00Z', '2026-11-22T22:00:00Z'],
    ['also where a day has 25 of them', { hours: 24 }, '2026-11-01T07:30Z', '2026-11-02T07:30Z'],
    ['the day of capture is the first', { days: 1 }, '2026-11-22T23:00Z', '2026-11-23T08:00Z'],
    ['a minute before midnight', { days: 1 }, '2026-11-23T07:59Z', '2026-11-23T08:00Z'],
    ['at midnight begins another day', { days: 1 }, '2026-11-23T08:00Z', '2026-11-24T08:00Z'],
    ['over the end of summer time', { days: 2 }, '2026-10-31T20:00Z', '2026-11-02T08:00Z'],
    ['over its beginning', { days: 2 }, '2026-03-07T20:00Z', '2026-03-09T07:00Z'],
    ['over a leap day', { days: 365 }, '2028-01-01T20:00Z', '2028-12-31T08:00Z'],
  ])('%s', (_hazard, keep, from, due) => {
    expect(endOf(keep, new Date(from), zone)).toEqual(new Date(due))
  })

  test('what a store is asked is exactly what is due, in every zone', () => {
    fc.assert(
      fc.property(anyKeep, anyInstant, anyInstant, anyZone, (keep, from, now, place) => {
        const isDue = endOf(keep, from, place) <= now
        expect(from < keptBefore(keep, now, place)).toBe(isDue)
      }),
      { numRuns: 150 },
    )
  })

  test('at the very boundary the two agree to the millisecond', () => {
    fc.assert(
      fc.property(anyKeep, anyInstant, anyZone, (keep, from, place) => {
        const end = endOf(keep, from, place)
        expect(from < keptBefore(keep, end, place)).toBe(true)
        expect(from < keptBefore(keep, new Date(end.getTime() - 1), place)).toBe(false)
      }),
      { numRuns: 100 },
    )
  })

  test('no period of days keeps longer than that many days of 24 hours and one more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 800 }), anyInstant, anyZone, (days, from, place) => {
        const keptMs = endOf({ days }, from, place).getTime() - from.getTime()
        expect(keptMs).toBeGreaterThan(0)
        expect(keptMs).toBeLessThanOrEqual((days * 24 + 1) * 3_600_000)
      }),
      { numRuns: 60 },
    )
  })
})

describe('which rule applies', () => {
  const policy = everywhere(
    rule('watch_confirmed', { days: 365 }),
    rule('national', { hours: 12 }),
    rule('foreign', { days: 14 }),
    rule('always', { days: 7 }),
  )
  const from = new Date('2026-11-22T10:00:00Z')
  const due = (facts: Partial<RetentionFacts>) =>
    dueOf(policy, { class: 'face', facts: { ...plain, ...facts }, from }, 'UTC').rule.when

  test.each<[Partial<RetentionFacts>, Rule['when'], string]>([
    [{ watchConfirmed: true, national: true }, 'watch_confirmed', 'the first that holds'],
    [{ national: true }, 'national', 'a citizen'],
    [{ national: false }, 'foreign', 'a stranger'],
    [{}, 'national', 'nobody knows: the shortest that may apply'],
  ])('%o takes %s: %s', (facts, when) => {
    expect(due(facts)).toBe(when)
  })

  test('not knowing a fact never keeps anything longer', () => {
    fc.assert(
      fc.property(anyPolicy, anyFacts, anyInstant, (any, facts, at) => {
        const of = (national: boolean | null) =>
          dueOf(any, { class: 'face', facts: { ...facts, national }, from: at }, zone).at.getTime()
        expect(of(null)).toBeLessThanOrEqual(Math.min(of(true), of(false)))
      }),
      { numRuns: 60 },
    )
  })

  test('the chart names the day that the instant lies in', () => {
    fc.assert(
      fc.property(anyPolicy, anyFacts, anyInstant, (any, facts, from) => {
        const body = { class: 'face' as const, facts, from }
        expect(dueDayOf(any, body, zone)).toBe(dayIn(zone, dueOf(any, body, zone).at))
      }),
      { numRuns: 60 },
    )
  })

  test('rows and single records are judged alike', () => {
    fc.assert(
      fc.property(anyPolicy, anyFacts, anyInstant, anyInstant, (any, known, at, now) => {
        const facts = { ...known, national: null }
        for (const cutoff of cutoffs(any, now, zone)) {
          const { watchConfirmed, unread, direction } = facts
          if (
            cutoff.watchConfirmed !== watchConfirmed ||
            cutoff.unread !== unread ||
            cutoff.direction !== direction
          )
            continue
          const one = dueOf(any, { class: cutoff.class, facts, from: at }, zone)
          expect(at < cutoff.keptBefore).toBe(one.at <= now)
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe('since when something is kept', () => {
  const at = { capturedAt: new Date('1970-01-01'), receivedAt: new Date('2026-11-22') }
  test.each<['ok' | 'skewed' | 'review', Date]>([
    ['ok', at.capturedAt],
    ['skewed', at.receivedAt],
    ['review', at.receivedAt],
  ])('with a clock that is %s', (clock, from) => {
    expect(keptFrom({ clock, ...at })).toEqual(from)
  })

  test('a clock that runs ahead keeps nothing longer', () => {
    const ahead = { clock: 'ok' as const, capturedAt: new Date('2099-01-01') }
    expect(keptFrom({ ...ahead, receivedAt: at.receivedAt })).toEqual(at.receivedAt)
  })
})

describe('policies', () => {
  test.each<[string, readonly Rule[]]>([
    ['without a rule', []],
    ['whose last rule has a condition', [rule('national', { days: 1 })]],
    [
      'with a condition twice',
      [rule('unread', { days: 1 }), rule('unread', { days: 2 }), rule('always', { days: 1 })],
    ],
    ['of no time at all', [rule('always', { days: 0 })]],
    ['of half a day', [rule('always', { days: 0.5 })]],
    ['for ever', [rule('always', { days: retentionLimits.daysMax + 1 })]],
  ])('a policy %s is refused for every class', (_hazard, rules) => {
    expect(faultsOf(everywhere(...rules)).map((fault) => fault.class)).toEqual(bodyClasses)
  })

  test.each(packs.map((pack) => [pack.id, pack] as const))(
    'the pack %s can be used, and says where each period comes from',
    (_id, { policy }) => {
      expect(faultsOf(policy)).toEqual([])
      for (const rules of Object.values(policy.rules))
        for (const { source } of rules) expect(source.length).toBeGreaterThan(20)
    },
  )
})
