import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  type Attempt,
  decideSubscription,
  deliveryLimits,
  judgeAttempt,
  platePurposes,
  subscriptionPurposes,
} from './delivery.ts'
import { roles } from './opening.ts'

const now = new Date('2026-07-22T14:00:00Z')
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const failed: Attempt = { kind: 'failed', reason: 'status_500', retryAfterSeconds: null }
const fresh = { attempts: 1, eventAt: now, failures: 0, failingSince: null }

describe('plates leave only with a purpose and a role that allow it', () => {
  const cases = roles.flatMap((role) =>
    subscriptionPurposes.map((purpose) => ({ role, purpose }) as const),
  )
  test.each(cases)('$role for $purpose', ({ role, purpose }) => {
    const allowed = platePurposes.includes(purpose) && ['supervisor', 'privacy'].includes(role)
    expect(decideSubscription({ roles: [role], purpose, plates: true }).kind).toBe(
      allowed ? 'allow' : 'refuse',
    )
    expect(decideSubscription({ roles: [role], purpose, plates: false }).kind).toBe('allow')
  })
})

test('a receiver that is away costs one request a wait, and the waits grow', () => {
  const waits = [0, 1, 2, 3, 4, 5, 50].map((failures) => {
    const { receiver } = judgeAttempt(failed, { ...fresh, failures, failingSince: now }, now, 0.5)
    return receiver.kind === 'failing' ? (receiver.retryAt.getTime() - now.getTime()) / 1000 : null
  })
  expect(waits).toEqual([5, 15, 60, 300, 900, 1800, 1800])
})

test('a receiver that asks for time gets it, but not for ever', () => {
  const asked = (seconds: number) =>
    judgeAttempt({ ...failed, retryAfterSeconds: seconds }, fresh, now, 0.5).receiver
  expect(asked(120)).toMatchObject({ retryAt: new Date(now.getTime() + 120_000) })
  expect(asked(10 ** 9)).toMatchObject({
    retryAt: new Date(now.getTime() + deliveryLimits.retryAfterSecondsMax * 1000),
  })
  expect(asked(-5)).toMatchObject({ retryAt: new Date(now.getTime() + 5000) })
})

test('one success ends a long failing: it is not switched off for old sins', () => {
  const long = { ...fresh, failures: 900, failingSince: ago(24 * 4.9) }
  expect(judgeAttempt({ kind: 'delivered' }, long, now, 0)).toEqual({
    delivery: { state: 'delivered' },
    receiver: { kind: 'well' },
  })
})

test('five days without one success switch it off, and what waits keeps waiting', () => {
  const before = { ...fresh, attempts: 40, failingSince: ago(24 * 5 - 0.01), eventAt: ago(120) }
  expect(judgeAttempt(failed, before, now, 0).receiver.kind).toBe('failing')
  const after = { ...before, failingSince: ago(24 * 5) }
  expect(judgeAttempt(failed, after, now, 0)).toMatchObject({
    delivery: { state: 'waiting' },
    receiver: { kind: 'disable', code: 'failing' },
  })
})

test('410 switches it off at once', () => {
  expect(judgeAttempt({ kind: 'gone', reason: 'status_410' }, fresh, now, 0)).toMatchObject({
    delivery: { state: 'waiting' },
    receiver: { kind: 'disable', code: 'gone' },
  })
})

test('an event that no receiver takes is given up only when it is old and often tried', () => {
  const state = (attempts: number, hours: number) =>
    judgeAttempt(failed, { ...fresh, attempts, eventAt: ago(hours) }, now, 0).delivery.state
  expect(state(12, 72)).toBe('given_up')
  expect(state(11, 1000)).toBe('waiting')
  expect(state(1000, 71)).toBe('waiting')
})

test('no failure is ever answered with a wait of nothing or of years', () => {
  fc.assert(
    fc.property(
      fc.nat(100),
      fc.nat(100),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: -1, max: 1e9 }),
      (attempts, failures, chance, retryAfterSeconds) => {
        const verdict = judgeAttempt(
          { ...failed, retryAfterSeconds },
          { attempts: attempts + 1, eventAt: now, failures, failingSince: ago(1) },
          now,
          chance,
        )
        expect(verdict.receiver.kind).toBe('failing')
        if (verdict.receiver.kind !== 'failing' || verdict.delivery.state !== 'waiting') return
        for (const at of [verdict.receiver.retryAt, verdict.delivery.nextAt]) {
          expect(at.getTime() - now.getTime()).toBeGreaterThanOrEqual(4500)
          expect(at.getTime() - now.getTime()).toBeLessThanOrEqual(1.1 * 86_400_000)
        }
      },
    ),
  )
})
