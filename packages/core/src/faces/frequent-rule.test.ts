/** Rules for those who cross often: nobody makes one alone, anybody of those ends one, and none is for ever. */

import { expect, test } from 'vitest'

import {
  decideFrequentAct,
  frequentLimits,
  frequentRuleState,
  type FrequentTerms,
  frequentTermsFault,
  optOutNotedUntil,
} from './frequent-rule.ts'

const now = new Date('2026-11-24T12:00:00Z')
const days = (count: number) => new Date(now.getTime() + count * 86_400_000)
const terms: FrequentTerms = {
  ...{ weekdays: [1, 2, 3], fromHour: 6, toHour: 9, daysBack: 30, crossings: 3, people: 100 },
  expiresAt: days(30),
}
const ann = { account: 'ann', unit: 'Operations' }
const bob = { account: 'bob', unit: 'Privacy office' }

test.for([
  ['nothing', {}, null],
  ['no day', { weekdays: [] }, /at least one/],
  ['a day twice', { weekdays: [1, 1] }, /once/],
  ['no hour', { toHour: 6 }, /one hour/],
  ['half a day', { fromHour: 18, toHour: 1 }, /At most 6 hours/],
  ['a night of six hours', { fromHour: 22, toHour: 4 }, null],
  ['over already', { expiresAt: now }, /over before/],
  ['for ever', { expiresAt: days(181) }, /180 days/],
] as const)('what is wrong with the terms: %s', ([, change, fault]) => {
  const said = frequentTermsFault({ ...terms, ...change }, now)
  if (fault === null) expect(said).toBeNull()
  else expect(said).toMatch(fault)
})

test.for([
  ['somebody of another unit agrees', 'proposed', 'agreed', bob, 'allow'],
  ['who proposed it does not', 'proposed', 'agreed', ann, 'signs_own_proposal'],
  [
    'nor a colleague of theirs',
    'proposed',
    'agreed',
    { ...ann, account: 'cy' },
    'signs_for_same_unit',
  ],
  ['not twice', 'in_force', 'agreed', bob, 'frequent_rule_over'],
  ['not what was ended', 'ended', 'agreed', bob, 'frequent_rule_over'],
  ['not what has expired', 'expired', 'agreed', bob, 'frequent_rule_over'],
  ['one person ends it, who proposed it as well', 'in_force', 'ended', ann, 'allow'],
  ['before anybody agreed, too', 'proposed', 'ended', bob, 'allow'],
  ['not twice either', 'ended', 'ended', bob, 'frequent_rule_over'],
] as const)('%s', ([, state, act, by, expected]) => {
  const decision = decideFrequentAct({ state, proposer: ann }, act, by)
  expect(decision.kind === 'allow' ? 'allow' : decision.code).toBe(expected)
})

test('a rule whose time is over holds no more, and says so unless somebody ended it', () => {
  const acts = { proposed: ann, agreed: bob, ended: null }
  expect(frequentRuleState(acts, terms, now)).toBe('in_force')
  expect(frequentRuleState(acts, terms, terms.expiresAt)).toBe('expired')
  expect(frequentRuleState({ ...acts, agreed: null }, terms, now)).toBe('proposed')
  expect(frequentRuleState({ ...acts, ended: ann }, terms, terms.expiresAt)).toBe('ended')
})

test('an opt-out is kept until no crossing from before it can count by any rule', () => {
  const optedOut = Date.parse('2026-11-24T23:59:59.999Z')
  const until = optOutNotedUntil(optedOut)
  const countsUntil = optedOut + (frequentLimits.daysBackMax + 1) * 86_400_000
  expect(until).toBeGreaterThan(countsUntil)
  expect(until % 86_400_000).toBe(0)
})
