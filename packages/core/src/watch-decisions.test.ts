import { describe, expect, test } from 'vitest'

import type { PlateText } from './plate.ts'
import { decideJudgement, decideTerms } from './watch-decisions.ts'
import { watchLimits } from './watch.ts'

const now = new Date('2026-11-22T12:00:00Z')
const days = (count: number) => new Date(now.getTime() + count * 24 * 3_600_000)

function terms(
  hazard: string,
  change: Partial<Parameters<typeof decideTerms>[0]>,
  expected: string,
) {
  test(hazard, () => {
    const asked = {
      plate: 'ABC1234' as PlateText,
      tolerance: 1 as const,
      expiresAt: days(30),
      ...change,
    }
    const decision = decideTerms(asked, now)
    expect(decision.kind === 'allow' ? 'allow' : decision.code).toBe(expected)
  })
}

describe('terms of an entry', () => {
  terms('a month is fine', {}, 'allow')
  terms('an expiry of this very moment is past', { expiresAt: now }, 'expiry_past')
  terms('the longest expiry', { expiresAt: days(watchLimits.expiryDaysMax) }, 'allow')
  terms(
    'an entry for ever is refused',
    { expiresAt: days(watchLimits.expiryDaysMax + 0.001) },
    'expiry_too_far',
  )
  terms(
    'an entry that would accept hundreds of plates says nothing',
    { plate: 'O0QDI1LTO0QD' as PlateText, tolerance: 2 },
    'too_wide',
  )
  terms(
    'the same plate with less tolerance is fine',
    { plate: 'O0QDI1LTO0QD' as PlateText },
    'allow',
  )
})

const hit = {
  state: 'unconfirmed',
  expiresAt: days(1),
  withdrawnAt: null,
  looked: true,
} as const

function judge(
  hazard: string,
  change: Partial<Parameters<typeof decideJudgement>[0]>,
  [confirm, reject]: readonly [string, string],
) {
  test(hazard, () => {
    const verdicts = (['confirmed', 'rejected'] as const).map((verdict) => {
      const decision = decideJudgement({ ...hit, ...change }, verdict, now)
      return decision.kind === 'allow' ? 'allow' : decision.code
    })
    expect(verdicts).toEqual([confirm, reject])
  })
}

describe('judging a possible match', () => {
  judge('whoever looked may say either', {}, ['allow', 'allow'])
  judge('nobody confirms unseen', { looked: false }, ['not_looked_at', 'allow'])
  judge('an entry that expired meanwhile confirms nothing', { expiresAt: now }, [
    'entry_over',
    'allow',
  ])
  judge('an entry that was withdrawn meanwhile confirms nothing', { withdrawnAt: now }, [
    'entry_over',
    'allow',
  ])
  judge('a second verdict does not replace the first', { state: 'rejected' }, [
    'already_judged',
    'already_judged',
  ])
})
