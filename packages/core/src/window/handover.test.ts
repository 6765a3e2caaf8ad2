import { expect, test } from 'vitest'

import { decideHandingOver, decideTaking } from './handover.ts'

const now = new Date('2026-11-22T12:00:00Z')
const shift = { lane: 'in-1', startedAt: new Date('2026-11-22T05:00:00Z') }
const long = { lane: 'in-1', startedAt: new Date('2026-11-21T05:00:00Z') }

test.each([
  ['on shift', ['officer'], shift, 'allow'],
  ['without a shift', ['officer'], null, 'no_shift'],
  ['a shift that ran out in the night', ['officer'], long, 'outside_shift'],
  ['a supervisor who is no officer', ['supervisor'], shift, 'role_missing'],
] as const)('handing over: %s', (_, roles, at, expected) => {
  const decision = decideHandingOver({ roles, shift: at }, now)
  expect(decision.kind === 'allow' ? 'allow' : decision.code).toBe(expected)
})

test.each([
  ['what waits', ['officer'], ['written'], 'allow'],
  ['what somebody took', ['officer'], ['written', 'taken'], 'handover_over'],
  ['as an auditor', ['auditor'], ['written'], 'role_missing'],
] as const)('taking: %s', (_, roles, acts, expected) => {
  const decision = decideTaking({ roles }, acts)
  expect(decision.kind === 'allow' ? 'allow' : decision.code).toBe(expected)
})
