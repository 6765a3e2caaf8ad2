import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  decideOpening,
  openingLimits,
  type OpeningRequest,
  purposes,
  purposesFor,
  type Role,
  roles,
} from './opening.ts'

const now = new Date('2026-11-22T12:00:00Z')
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
const window: OpeningRequest = {
  roles: ['officer'],
  purpose: 'inspection',
  captureClass: 'plate',
  lane: 'in-1',
  receivedAt: ago(1),
  shift: { lane: 'in-1', startedAt: ago(60) },
  review: { kind: 'waiting' },
}

function check(hazard: string, change: Partial<OpeningRequest>, expected: string) {
  test(hazard, () => {
    const decision = decideOpening({ ...window, ...change }, now)
    expect(decision.kind === 'allow' ? 'allow' : decision.code).toBe(expected)
  })
}

describe('at the window', () => {
  check('an officer on shift sees what just crossed at the own lane', {}, 'allow')
  check('nobody inspects without a shift', { shift: null }, 'no_shift')
  check("another lane's crossing stays closed", { lane: 'in-2' }, 'other_lane')
  check(
    'a crossing of last hour is no inspection any more',
    { receivedAt: ago(openingLimits.inspectionMinutesMax + 1) },
    'outside_shift',
  )
  check(
    'a shift that nobody ended runs out',
    { shift: { lane: 'in-1', startedAt: ago(openingLimits.shiftHoursMax * 60 + 1) } },
    'outside_shift',
  )
})

describe('reviewing a plate', () => {
  const review = { purpose: 'review' } as const
  check('an officer sees what waits at the own lane', review, 'allow')
  check('so does one who is not on shift', { ...review, shift: null }, 'allow')
  check(
    'a plate that was read surely is no excuse to look',
    { ...review, review: { kind: 'none' } },
    'not_in_review',
  )
  check(
    "during a shift another lane's crossing stays closed",
    { ...review, lane: 'in-2' },
    'other_lane',
  )
  check(
    'a shift that ran out long ago ties nobody to its lane',
    { ...review, lane: 'in-2', shift: { lane: 'in-1', startedAt: ago(24 * 60) } },
    'allow',
  )
  check(
    'a verdict of just now may be looked at again',
    { ...review, review: { kind: 'decided', at: ago(openingLimits.reviewedMinutesMax) } },
    'allow',
  )
  check(
    'one of long ago may not',
    { ...review, review: { kind: 'decided', at: ago(openingLimits.reviewedMinutesMax + 1) } },
    'not_in_review',
  )
  check('a plate is read without a face', { ...review, captureClass: 'face' }, 'not_in_review')
  check('an auditor does not review', { ...review, roles: ['auditor'] }, 'purpose_not_for_role')
})

test('nobody names evaluation: the hub alone opens for it, and shows it to no one', () => {
  expect(purposesFor(roles)).not.toContain('evaluation')
  expect(decideOpening({ ...window, roles, purpose: 'evaluation' }, now)).toMatchObject({
    code: 'purpose_not_for_role',
  })
})

describe('purposes belong to roles', () => {
  check('an officer does not investigate', { purpose: 'investigation' }, 'purpose_not_for_role')
  check(
    'a supervisor does',
    { roles: ['supervisor'], purpose: 'investigation', shift: null },
    'allow',
  )
  check(
    'a supervisor alone does not inspect at the window',
    { roles: ['supervisor'] },
    'purpose_not_for_role',
  )
  check(
    'an auditor opens for audit',
    { roles: ['auditor'], purpose: 'audit', shift: null },
    'allow',
  )
})

test('an integrator opens nothing, for any purpose, whatever the shift says', () => {
  for (const purpose of purposes) {
    expect(decideOpening({ ...window, roles: ['integrator'], purpose }, now)).toMatchObject({
      kind: 'refuse',
      code: 'purpose_not_for_role',
    })
  }
})

test('taking a role away never opens more', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom(...roles)),
      fc.constantFrom(...purposes),
      fc.nat(200),
      fc.nat(2000),
      (held, purpose, age, shiftAge) => {
        const ask = (kept: readonly Role[]) =>
          decideOpening(
            {
              ...window,
              roles: kept,
              purpose,
              receivedAt: ago(age),
              shift: { lane: 'in-1', startedAt: ago(shiftAge) },
            },
            now,
          ).kind
        for (const dropped of held) {
          if (ask(held) === 'refuse')
            expect(ask(held.filter((role) => role !== dropped))).toBe('refuse')
        }
      },
    ),
  )
})

test('what a person may name is what is allowed', () => {
  for (const role of roles) {
    for (const purpose of purposes) {
      expect(decideOpening({ ...window, roles: [role], purpose }, now).kind === 'allow').toBe(
        purposesFor([role]).includes(purpose),
      )
    }
  }
})
