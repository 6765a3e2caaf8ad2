/** Hazards of counting: the first and the last day, the day of the change, stays of which one end is missing. */

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { assessStay, type Step, withDue } from './assess.ts'
import { pairPassages } from './pairing.ts'
import type { Passage } from './passage.ts'
import { firstDayOver } from './rolling.ts'
import type { StayRule, StayTerms } from './rules.ts'
import type { Stay } from './stay.ts'
import { type Day, dayText, openZone, parseDay } from './zone.ts'

const schengen: StayTerms = { kind: 'rolling_days', days: 90, window: 180 }

function ruled(terms: StayTerms): StayRule {
  return { id: 'rule', name: 'Rule', subject: 'vehicle', terms }
}

function passages(all: readonly (readonly ['in' | 'out', string])[]): readonly Passage[] {
  return all.map(([direction, at], index) => ({
    id: `p${index}`,
    at: Date.parse(at),
    direction,
    lane: `${direction}-1`,
    clock: 'ok',
    jurisdiction: null,
    otherErased: false,
  }))
}

function judge(
  all: readonly (readonly ['in' | 'out', string])[],
  {
    terms,
    zone,
    now,
    admitted,
  }: { terms: StayTerms; zone: string; now: string; admitted?: string },
) {
  const stays = pairPassages(passages(all), [])
  const last = stays.toSorted((a, b) => (a.id < b.id ? 1 : -1))[0] as Stay
  const admissions = new Map(admitted === undefined ? [] : [[last.id, parseDay(admitted) ?? 0]])
  const context = { zone: openZone(zone), rules: [ruled(terms)], admissions }
  const assessment = assessStay(last, { key: 'plate:A', stays }, Date.parse(now), context)
  const steps = assessment.kind === 'none' ? [] : assessment.steps
  return {
    assessment,
    step: <Name extends Step['step']>(name: Name) =>
      steps.find((one): one is Extract<Step, { step: Name }> => one.step === name),
  }
}

test.for([
  ['on day 90, a second before midnight', '2026-03-31T21:59:59Z', 'within', 'left', 0],
  ['on day 91, at midnight', '2026-03-31T22:00:00Z', 'over', 'over', 1],
  ['on day 92', '2026-04-01T22:00:00Z', 'over', 'over', 2],
] as const)('90 days in 180, still there: %s', ([, now, kind, name, days]) => {
  const { assessment, step } = judge([['in', '2026-01-01T10:00:00Z']], {
    terms: schengen,
    zone: 'Europe/Vienna',
    now,
  })
  expect(assessment.kind).toBe(kind)
  expect(step(name)?.days).toBe(days)
  expect(dayText(step('due')?.day ?? 0)).toBe('2026-04-01')
})

test('entry in the last minute of a day counts as a whole day', () => {
  const stay: ['in' | 'out', string][] = [
    ['in', '2026-01-01T22:59:00Z'],
    ['out', '2026-01-02T23:01:00Z'],
  ]
  const { step } = judge(stay, {
    terms: schengen,
    zone: 'Europe/Vienna',
    now: '2026-05-01T00:00:00Z',
  })
  expect(step('counted')?.days).toBe(3)
  const utc = judge(stay, { terms: schengen, zone: 'UTC', now: '2026-05-01T00:00:00Z' })
  expect(utc.step('counted')?.days).toBe(2)
})

test('earlier stays count as far as the window reaches, and a day in two stays counts once', () => {
  const { assessment, step } = judge(
    [
      ['in', '2026-01-01T10:00:00Z'],
      ['out', '2026-02-14T10:00:00Z'],
      ['in', '2026-02-14T18:00:00Z'],
      ['out', '2026-02-20T10:00:00Z'],
      ['in', '2026-06-01T10:00:00Z'],
    ],
    { terms: schengen, zone: 'UTC', now: '2026-06-30T12:00:00Z' },
  )
  // From 2 January to 30 June are 180 days: 50 of the 51 earlier days lie in them, and 30 of this stay.
  expect(step('window')).toMatchObject({ from: parseDay('2026-01-02'), days: 80 })
  // Each further day one old day leaves the window, so it goes on for longer than ten days.
  expect(assessment.kind).toBe('within')
  expect(dayText(step('due')?.day ?? 0)).toBe('2026-08-30')
})

test('an exit that was missed counts the day of entry, and no more', () => {
  const { step } = judge(
    [
      ['in', '2026-01-01T10:00:00Z'],
      ['in', '2026-03-01T10:00:00Z'],
    ],
    { terms: schengen, zone: 'UTC', now: '2026-03-02T10:00:00Z' },
  )
  expect(step('counted')).toMatchObject({ counted: 'day_of_entry_only', days: 1 })
  expect(step('window')?.days).toBe(3)
})

test.for([
  ['the last second of the day in the port’s zone', '2026-06-15T06:59:59Z', 'within'],
  ['midnight after it', '2026-06-15T07:00:00Z', 'over'],
] as const)('admitted until a day: %s', ([, now, kind]) => {
  const { assessment } = judge([['in', '2026-06-01T10:00:00Z']], {
    terms: { kind: 'admitted_until' },
    zone: 'America/Los_Angeles',
    now,
    admitted: '2026-06-14',
  })
  expect(assessment.kind).toBe(kind)
})

test('nobody stated until when: nothing is said, and not that all is well', () => {
  const { assessment } = judge([['in', '2026-06-01T10:00:00Z']], {
    terms: { kind: 'admitted_until' },
    zone: 'UTC',
    now: '2036-01-01T00:00:00Z',
  })
  expect(assessment).toEqual({ kind: 'none', reason: 'not_admitted' })
})

test.for([
  [
    'the night that has 25 hours',
    '2024-11-03T04:00:00Z',
    '2024-11-04T04:00:00Z',
    '2024-11-04T03:59:59Z',
  ],
  [
    'the night that has 23 hours',
    '2024-03-10T05:00:00Z',
    '2024-03-11T05:00:00Z',
    '2024-03-11T04:59:59Z',
  ],
] as const)('24 hours are 24 hours through %s', ([, entry, over, within]) => {
  const terms: StayTerms = { kind: 'permit_hours', hours: 24 }
  const at = (now: string) =>
    judge([['in', entry]], { terms, zone: 'America/Chicago', now }).assessment.kind
  expect(at(within)).toBe('within')
  expect(at(over)).toBe('over')
})

test('who has left is judged by the exit, however much later one looks', () => {
  const terms: StayTerms = { kind: 'permit_hours', hours: 24 }
  const { assessment } = judge(
    [
      ['in', '2026-06-01T10:00:00Z'],
      ['out', '2026-06-02T09:59:59Z'],
    ],
    { terms, zone: 'UTC', now: '2036-01-01T00:00:00Z' },
  )
  expect(assessment.kind).toBe('within')
})

test('two vehicles under one plate, or an exit without its entry, are no overstay', () => {
  const terms: StayTerms = { kind: 'permit_hours', hours: 1 }
  const context = {
    zone: openZone('UTC'),
    rules: [ruled(terms)],
    admissions: new Map<string, Day>(),
  }
  const twins = passages([
    ['in', '2026-06-01T10:00:00Z'],
    ['in', '2026-06-01T10:01:00Z'],
  ]).map((one, index) => ({ ...one, lane: `in-${index}` }))
  const stays = pairPassages(twins, [])
  expect(stays.map(({ state }) => state)).toEqual(['ambiguous'])
  expect(withDue(stays, ruled(terms), context)).toMatchObject([{ dueAt: null }])
})

/** Presence as a set of days, counted one by one. */
function slowFirstDayOver(before: readonly Day[], entry: Day, days: number, window: number): Day {
  for (let day = entry; ; day++) {
    let present = 0
    for (let one = day - window + 1; one <= day; one++)
      if (one >= entry || before.includes(one)) present += 1
    if (present > days) return day
  }
}

test('the day on which it becomes too long is the one that counting finds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 20 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 }),
      fc.integer({ min: 0, max: 60 }),
      (days, more, present, entry) => {
        const window = days + more
        const before = present.filter((day) => day <= entry).toSorted((a, b) => a - b)
        const spans: { from: Day; until: Day }[] = []
        for (const day of before) {
          const last = spans.at(-1)
          if (last?.until === day - 1) last.until = day
          else spans.push({ from: day, until: day })
        }
        expect(firstDayOver(spans, entry, { days, window })).toBe(
          slowFirstDayOver(before, entry, days, window),
        )
      },
    ),
    { numRuns: 3000 },
  )
})
