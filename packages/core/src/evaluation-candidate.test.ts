import { describe, expect, test } from 'vitest'

import type { Chance } from './cohorts.ts'
import {
  type CandidateAsk,
  candidateLimits,
  decideCandidate,
  parseLabelMonth,
  reportCandidate,
  type TriedPicture,
} from './evaluation-candidate.ts'
import { openZone } from './stays/zone.ts'

const october = parseLabelMonth('verdicts:2026-10', openZone('America/Chicago'))
if (october === null) throw new Error('a month is one')
const now = new Date('2026-11-22T12:00:00Z')
const ask: CandidateAsk = {
  roles: [],
  party: 'north-optics',
  owner: 'north-optics',
  granted: true,
  supervised: false,
  set: october,
  subject: 'plates',
  labels: 300,
  used: { byOwner: 0, byAll: 0 },
}
const codeOf = (change: Partial<CandidateAsk>, at = now): string => {
  const decision = decideCandidate({ ...ask, ...change }, at)
  return decision.kind === 'allow' ? 'allow' : decision.code
}

describe('who may', () => {
  test('a contractor with a grant in force, on a month that is over, three times', () => {
    expect(codeOf({})).toBe('allow')
    expect(codeOf({ granted: false })).toBe('no_grant')
    expect(codeOf({ owner: 'gate-works' })).toBe('role_missing')
    expect(codeOf({ labels: 19 })).toBe('too_few_labels')
    expect(codeOf({ used: { byOwner: 2, byAll: 11 } })).toBe('allow')
    expect(codeOf({ used: { byOwner: 3, byAll: 3 } })).toBe('evaluation_budget')
    expect(codeOf({ used: { byOwner: 0, byAll: 12 } })).toBe('evaluation_budget')
  })

  test('of the agency those who evaluate, also for a contractor, within its budget', () => {
    expect(codeOf({ party: 'agency', roles: ['officer'] })).toBe('role_missing')
    expect(codeOf({ party: 'agency', roles: ['auditor'] })).toBe('allow')
    expect(codeOf({ party: 'agency', roles: ['auditor'], used: { byOwner: 3, byAll: 3 } })).toBe(
      'evaluation_budget',
    )
    expect(codeOf({ party: 'agency', owner: 'agency', roles: ['auditor'], granted: false })).toBe(
      'allow',
    )
  })

  test('of a party under supervision nobody; the agency for it', () => {
    expect(codeOf({ supervised: true })).toBe('needs_live_approval')
    expect(codeOf({ supervised: true, granted: false })).toBe('no_grant')
    expect(codeOf({ party: 'agency', roles: ['auditor'], supervised: true })).toBe('allow')
  })

  test('how few plates a set has is not said', () => {
    const [one, nineteen] = [1, 19].map((labels) => decideCandidate({ ...ask, labels }, now))
    expect(one).toEqual(nineteen)
  })

  test('a month is one of the port, and is over when its last second has passed there', () => {
    expect(october.from.toISOString()).toBe('2026-10-01T05:00:00.000Z')
    expect(october.to.toISOString()).toBe('2026-11-01T05:00:00.000Z')
    expect(codeOf({}, new Date('2026-11-01T04:59:59.999Z'))).toBe('set_not_over')
    expect(codeOf({}, new Date('2026-11-01T05:00:00.000Z'))).toBe('allow')
    for (const name of [
      'verdicts:2026-13',
      'verdicts:2026-1',
      'verdicts',
      'all',
      'verdicts:1970-01',
    ])
      expect(parseLabelMonth(name, openZone('UTC'))).toBeNull()
  })
})

const picture: TriedPicture = {
  label: 'ABC123',
  jurisdiction: 'us-ca',
  light: 'bright',
  camera: 'in-1',
  read: 'ABC123',
  confidence: 0.97,
  service: 'ABC123',
}
const many = (count: number, change: Partial<TriedPicture> = {}): readonly TriedPicture[] =>
  Array.from({ length: count }, () => ({ ...picture, ...change }))

function seeded(seed: number): Chance {
  let state = seed * 7_919 + 13
  const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  next()
  return next
}
/** No noise: both halves of every draw are alike. */
const silent: Chance = () => 0.5

describe('what is told', () => {
  test('each picture is in one cell of every table', () => {
    const report = reportCandidate(
      [
        ...many(30),
        ...many(25, { read: 'A8C123', confidence: 0.6, camera: 'in-2' }),
        ...many(22, { read: '', service: '', light: 'dark' }),
        ...many(3, { service: 'X', jurisdiction: 'gb' }),
      ],
      silent,
    )
    expect(report).toMatchObject({
      against: { both: 30, only_candidate: 3, only_service: 25, neither: 22 },
      silent: 22,
      by_jurisdiction: [{ cohort: 'others', exact: 33, not_exact: 47 }],
      by_light: [
        { cohort: 'bright', exact: 33, not_exact: 25 },
        { cohort: 'dark', exact: 0, not_exact: 22 },
      ],
      by_camera: [
        { cohort: 'in-1', exact: 33, not_exact: 22 },
        { cohort: 'in-2', exact: 0, not_exact: 25 },
      ],
      confusions: [{ label: 'B', read: '8', count: 25 }],
    })
    expect(report?.calibration.find(({ from }) => from === 0.95)).toEqual({
      from: 0.95,
      to: 0.98,
      right: 33,
      wrong: 0,
    })
    expect(report?.calibration.find(({ from }) => from === 0.5)?.wrong).toBe(25)
  })

  test('of fewer than twenty nothing, and of nineteen alike mistakes nothing', () => {
    expect(reportCandidate(many(19), silent)).toBeNull()
    const report = reportCandidate([...many(40), ...many(19, { read: 'A8C123' })], silent)
    expect(report?.confusions).toEqual([])
  })

  test('no text of a plate stands in it', () => {
    const report = reportCandidate(many(50, { read: 'ZZZ999' }), seeded(3))
    expect(JSON.stringify(report)).not.toMatch(/ABC123|ZZZ999/)
  })
})

/**
 * The attack: a model that is right on one plate only, and wrong or silent on all others that the
 * attacker knows. Whether that plate crossed shows in one cell of every table. The attacker knows every
 * other picture, uses the whole budget, and adds up what the tables say, each by its noise.
 */
test('an attacker who knows all other pictures cannot tell whether one plate crossed', () => {
  const others = many(25, { read: '', confidence: 0, service: 'ABC123' })
  const target = { ...picture, label: 'SPY1', read: 'SPY1', service: '', confidence: 0.99 }
  const evidence = (present: boolean, chance: Chance): number => {
    const report = reportCandidate(present ? [...others, target] : others, chance)
    if (report === null) throw new Error('enough pictures')
    const { against, calibration, by_light, by_camera, by_jurisdiction } = report
    const inCohorts = [by_light, by_camera, by_jurisdiction].map(([all]) => all?.exact ?? 0)
    return (
      0.25 ** 2 * against.only_candidate +
      0.2 ** 2 * (calibration.at(-1)?.right ?? 0) +
      0.15 ** 2 * inCohorts.reduce((sum, count) => sum + count, 0)
    )
  }
  const trials = 800
  const all = Array.from({ length: 2 * trials }, (_, trial) => {
    const chance = seeded(trial + 1)
    const present = trial % 2 === 0
    let sum = 0
    for (let each = 0; each < candidateLimits.perOwner; each++) sum += evidence(present, chance)
    return { present, sum }
  })
  // The best cut that any attacker could choose, taken afterwards from the outcomes themselves.
  const rising = all.toSorted((a, b) => a.sum - b.sum)
  let right = trials
  let best = right
  for (const { present } of rising) {
    right += present ? -1 : 1
    best = Math.max(best, right)
  }
  const success = best / all.length
  expect(success).toBeLessThan(0.65)
  // Without the noise one look is enough.
  expect(evidence(true, silent)).not.toBe(evidence(false, silent))
})
