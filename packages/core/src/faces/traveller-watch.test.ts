import { expect, test } from 'vitest'

import type { HitVerdict } from '../watch-decisions.ts'
import {
  decideTravellerJudgement,
  decideTravellerTerms,
  travellerHitState,
} from './traveller-watch.ts'

const at = { now: new Date('2026-11-22T09:00:00Z'), day: '2026-11-22', ageMin: 14 }
const expiresAt = new Date('2026-12-22T09:00:00Z')

test.for<[string, { expiresAt?: Date; born?: string }, string]>([
  ['with an end in reach', {}, 'allow'],
  ['that ended before it began', { expiresAt: at.now }, 'expiry_past'],
  [
    'that nobody would look at again for years',
    { expiresAt: new Date('2028-01-01') },
    'expiry_too_far',
  ],
  ['for a child a day before the birthday', { born: '2012-11-23' }, 'too_young'],
  ['for who comes of age today', { born: '2012-11-22' }, 'allow'],
])('an entry %s', ([, change, answer]) => {
  const decision = decideTravellerTerms({ expiresAt, born: null, ...change }, at)
  expect(decision.kind === 'allow' ? 'allow' : decision.code).toBe(answer)
})

test.for<[string, readonly (readonly [string, HitVerdict])[], string]>([
  ['before anybody looked', [], 'unconfirmed'],
  ['one person alone', [['ada', 'confirmed']], 'unconfirmed'],
  [
    'one person twice',
    [
      ['ada', 'confirmed'],
      ['ada', 'confirmed'],
    ],
    'unconfirmed',
  ],
  [
    'two people',
    [
      ['ada', 'confirmed'],
      ['ben', 'confirmed'],
    ],
    'confirmed',
  ],
  [
    'two who do not agree',
    [
      ['ada', 'confirmed'],
      ['ben', 'rejected'],
    ],
    'rejected',
  ],
  ['one who sees somebody else', [['ada', 'rejected']], 'rejected'],
  [
    'a third who comes late',
    [
      ['ada', 'confirmed'],
      ['ben', 'confirmed'],
      ['cy', 'rejected'],
    ],
    'confirmed',
  ],
])('a possible match judged by %s', ([, verdicts, state]) => {
  expect(travellerHitState(verdicts.map(([account, verdict]) => ({ account, verdict })))).toBe(
    state,
  )
})

const open = { state: 'unconfirmed', over: false, given: false, looked: true } as const

test.for<[string, Partial<Parameters<typeof decideTravellerJudgement>[0]>, HitVerdict, string]>([
  ['who compared both pictures', {}, 'confirmed', 'allow'],
  ['who looked at nothing', { looked: false }, 'confirmed', 'not_looked_at'],
  ['who sees at once that it is not', { looked: false }, 'rejected', 'allow'],
  ['of an entry that is over', { over: true }, 'confirmed', 'entry_over'],
  ['of an entry that is over, against it', { over: true }, 'rejected', 'allow'],
  ['a second time', { given: true }, 'rejected', 'own_verdict_given'],
  ['after it was decided', { state: 'rejected' }, 'confirmed', 'already_judged'],
])('a verdict %s', ([, change, verdict, answer]) => {
  const decision = decideTravellerJudgement({ ...open, ...change }, verdict)
  expect(decision.kind === 'allow' ? 'allow' : decision.code).toBe(answer)
})
