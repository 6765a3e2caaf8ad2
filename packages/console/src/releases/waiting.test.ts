import { expect, test } from 'vitest'

import type { Release } from './api.ts'
import { waitsFor, wanting } from './waiting.ts'

const [me, other] = ['me', 'other']

function release(change: Partial<Release>): Release {
  const decision = {
    at: '2026-11-22T12:00:00.000Z',
    by: { id: other, name: 'Other', unit: 'operations' },
    says: 'requested',
    policies: [],
    log_index: 1,
  } as const
  return { state: 'requested', copies: 'none', decisions: [decision], ...change } as Release
}

test('nobody is asked to approve what they asked for or approved', () => {
  expect(waitsFor(release({}), me)).toBe(true)
  expect(waitsFor(release({}), other)).toBe(false)
  const [first] = release({}).decisions
  const approved = { ...first!, says: 'approved' as const, by: { ...first!.by, id: me } }
  expect(waitsFor(release({ decisions: [first!, approved] }), me)).toBe(false)
})

test('overdue copies want something done by everybody, made ones that are not due do not', () => {
  const releases = [
    release({ state: 'made', copies: 'overdue' }),
    release({ state: 'made', copies: 'out' }),
    release({ state: 'declined' }),
  ]
  expect(wanting(releases, me)).toBe(1)
})
