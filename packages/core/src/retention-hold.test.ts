import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  decideHoldApproval,
  decideHoldLifting,
  decideHoldRequest,
  type Hold,
  type Holdable,
  type HoldScope,
  holdState,
  isHeld,
} from './retention-hold.ts'

const now = new Date('2026-11-22T12:00:00Z')
const inDays = (days: number) => new Date(now.getTime() + days * 24 * 3_600_000)
const zone = 'America/Los_Angeles'

const hold = (change: Partial<Hold> = {}): Hold => ({
  scope: { kind: 'port' },
  requestedBy: 'ann',
  approvedAt: inDays(-1),
  liftedAt: null,
  expiresAt: inDays(10),
  ...change,
})
const one: Holdable = {
  crossing: 'c1',
  lane: 'in-1',
  // The evening of the 20th at the port, the 21st in UTC.
  from: new Date('2026-11-21T05:00:00Z'),
  plates: ['ABC0123', 'ABC0128'],
}

describe('what a hold covers', () => {
  test.each<[HoldScope, boolean, string]>([
    [{ kind: 'port' }, true, 'the whole port'],
    [{ kind: 'crossing', crossing: 'c1' }, true, 'this crossing'],
    [{ kind: 'crossing', crossing: 'c2' }, false, 'another crossing'],
    [{ kind: 'plate', plate: 'ABCO123' }, true, 'its plate, typed with the letter O'],
    [{ kind: 'plate', plate: 'ABC0128' }, true, 'its plate as a person says'],
    [{ kind: 'plate', plate: 'ABC012' }, false, 'a part of its plate'],
    [{ kind: 'lane', lane: 'in-1', fromDay: '2026-11-20', toDay: '2026-11-20' }, true, 'its day'],
    [
      { kind: 'lane', lane: 'in-1', fromDay: '2026-11-21', toDay: '2026-11-22' },
      false,
      'UTC’s day',
    ],
    [{ kind: 'lane', lane: 'in-2', fromDay: '2026-11-20', toDay: '2026-11-20' }, false, 'a lane'],
  ])('%o: %s (%s)', (scope, expected) => {
    expect(isHeld(hold({ scope }), one, now, zone)).toBe(expected)
  })

  test.each<[Partial<Hold>, string]>([
    [{ approvedAt: null }, 'that nobody approved'],
    [{ liftedAt: now }, 'that was lifted'],
    [{ expiresAt: now }, 'that expires now'],
  ])('a hold %o holds nothing: one %s', (change) => {
    expect(isHeld(hold(change), one, now, zone)).toBe(false)
  })
})

describe('two people', () => {
  test('nobody approves what they asked for, whatever else is true', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.option(fc.date({ noInvalidDate: true })),
        fc.option(fc.date({ noInvalidDate: true })),
        fc.date({ noInvalidDate: true }),
        (account, approvedAt, liftedAt, expiresAt) => {
          const asked = hold({ requestedBy: account, approvedAt, liftedAt, expiresAt })
          expect(decideHoldApproval(asked, account, now).kind).toBe('refuse')
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a second person approves what waits', () => {
    expect(decideHoldApproval(hold({ approvedAt: null }), 'bob', now)).toEqual({ kind: 'allow' })
  })

  test.each<[Partial<Hold>, string]>([
    [{}, 'in force already'],
    [{ approvedAt: null, liftedAt: now }, 'withdrawn'],
    [{ approvedAt: null, expiresAt: now }, 'expired unapproved'],
  ])('%o is approved no more: %s', (change) => {
    expect(decideHoldApproval(hold(change), 'bob', now)).toMatchObject({ code: 'hold_not_waiting' })
  })
})

test.each<[HoldScope, number, string]>([
  [{ kind: 'port' }, 0, 'hold_expiry'],
  [{ kind: 'port' }, 367, 'hold_expiry'],
  [{ kind: 'lane', lane: 'a', fromDay: '2026-11-22', toDay: '2026-11-21' }, 1, 'hold_scope'],
  [{ kind: 'lane', lane: 'a', fromDay: '2024-01-01', toDay: '2026-11-21' }, 1, 'hold_scope'],
  [{ kind: 'lane', lane: 'a', fromDay: 'yesterday', toDay: '2026-11-21' }, 1, 'hold_scope'],
])('a request for %o over %i days is refused as %s', (scope, days, code) => {
  expect(decideHoldRequest({ scope, expiresAt: inDays(days) }, now)).toMatchObject({ code })
})

test('only what is in force or waits can be lifted, and once', () => {
  expect(decideHoldLifting(hold(), now).kind).toBe('allow')
  expect(decideHoldLifting(hold({ approvedAt: null }), now).kind).toBe('allow')
  for (const change of [{ liftedAt: now }, { expiresAt: now }])
    expect(decideHoldLifting(hold(change), now)).toMatchObject({ code: 'hold_not_in_force' })
})

test('lifting counts before expiry, so that the record says what a person did', () => {
  expect(holdState(hold({ liftedAt: now, expiresAt: now }), now)).toBe('lifted')
})
