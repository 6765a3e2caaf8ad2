import { describe, expect, test } from 'vitest'

import type { Role } from '../opening.ts'
import { decideStep } from './decide-step.ts'
import {
  outcomeWithheld,
  type Said,
  type Step,
  type StepRequest,
  undoUntil,
  windowState,
} from './window.ts'

const now = new Date('2026-11-22T12:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
const admitted = { kind: 'admitted' } as const
const referred = { kind: 'referred', reason: 'document' } as const
const optedOut = { kind: 'opted_out' } as const
const undone = { kind: 'undone' } as const
const looked = (finding: 'same_person' | 'another_person' | 'cannot_tell') =>
  ({ kind: 'looked', finding }) as const
const closed = (outcome: 'admitted' | 'taken_over') =>
  ({ kind: 'closed', outcome, wrong: [] }) as const

/** Steps by `ann` 100 s ago unless said otherwise. */
type Given = Said | readonly [said: Said, account: string, seconds?: number]

function steps(...said: readonly Given[]): readonly Step[] {
  return said.map((one, at) => {
    const [what, account, seconds = 100] = isPair(one) ? one : [one, 'ann']
    return { id: `s${at + 1}`, place: at + 1, at: ago(seconds), account, said: what }
  })
}

const isPair = (one: Given): one is Extract<Given, readonly unknown[]> => Array.isArray(one)

function decide(
  before: readonly Step[],
  said: Said,
  change: Partial<Omit<StepRequest, 'account'>> & {
    readonly by?: string
    readonly roles?: readonly Role[]
  } = {},
): string {
  const { by = 'ann', roles = ['officer'], ...rest } = change
  const decision = decideStep(
    {
      said,
      state: windowState(before),
      seen: before.length,
      account: { id: by, roles },
      shift: { lane: 'in-1', startedAt: ago(3600) },
      lane: 'in-1',
      receivedAt: ago(120),
      searchedAmongMany: false,
      ...rest,
    },
    now,
  )
  return decision.kind === 'allow' ? 'allow' : decision.code
}

describe('where a crossing stands', () => {
  const cases: readonly (readonly [string, readonly Step[], string, boolean])[] = [
    ['nobody said anything', [], 'waiting', false],
    ['admitted', steps(admitted), 'admitted', false],
    ['opting out decides nothing about the traveller', steps(optedOut), 'waiting', true],
    ['opted out and admitted', steps(optedOut, admitted), 'admitted', true],
    ['undone is as before', steps(admitted, undone), 'waiting', false],
    ['a correction that is undone', steps(admitted, referred, undone), 'admitted', false],
    ['undone, and decided again', steps(admitted, undone, referred), 'referred', false],
    ['closed', steps(referred, looked('same_person'), closed('admitted')), 'closed', false],
    [
      'a closing that is undone is open with its looks',
      steps(referred, looked('same_person'), closed('admitted'), undone),
      'referred',
      false,
    ],
    [
      'an opt-out stays though the verdict after it is undone',
      steps(optedOut, admitted, undone),
      'waiting',
      true,
    ],
  ]
  test.each(cases)('%s', (_, said, standing, out) => {
    const state = windowState(said)
    expect(state.standing.kind).toBe(standing)
    expect(state.optedOut !== null).toBe(out)
    if (state.standing.kind === 'referred')
      expect(state.standing.looks).toHaveLength(said.filter((s) => s.said.kind === 'looked').length)
  })
})

describe('who may say what', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['an officer at the lane admits', decide([], admitted), 'allow'],
    ['no shift', decide([], admitted, { shift: null }), 'no_shift'],
    ['another lane', decide([], admitted, { lane: 'in-2' }), 'other_lane'],
    [
      'a shift that ran out',
      decide([], admitted, { shift: { lane: 'in-1', startedAt: ago(50_000) } }),
      'outside_shift',
    ],
    ['a crossing of hours ago', decide([], admitted, { receivedAt: ago(4000) }), 'outside_shift'],
    ['an auditor decides nothing', decide([], admitted, { roles: ['auditor'] }), 'role_missing'],
    ['on what one did not see', decide(steps(optedOut), admitted, { seen: 0 }), 'window_conflict'],
    ['the same again', decide(steps(admitted), admitted), 'window_conflict'],
    ['one’s own verdict is corrected', decide(steps(admitted), referred), 'allow'],
    [
      'another officer’s is not',
      decide(steps(admitted), referred, { by: 'bob' }),
      'verdict_of_another',
    ],
    [
      'a supervisor corrects it',
      decide(steps(admitted), referred, { by: 'sue', roles: ['supervisor'] }),
      'allow',
    ],
    ['twice opted out', decide(steps(optedOut), optedOut), 'window_conflict'],
    ['opting out after a referral', decide(steps(referred), optedOut), 'allow'],
    [
      'back to admitted while secondary looks',
      decide(steps(referred, looked('cannot_tell')), admitted),
      'window_conflict',
    ],
    [
      'a closed referral is opened by a supervisor',
      decide(steps(referred, looked('cannot_tell'), closed('admitted')), referred, {
        roles: ['supervisor'],
      }),
      'allow',
    ],
    [
      'and by nobody else',
      decide(steps(referred, looked('cannot_tell'), closed('admitted')), referred),
      'window_conflict',
    ],
    ['closing without having looked', decide(steps(referred), closed('admitted')), 'look_first'],
    [
      'closing upon another’s look',
      decide(steps(referred, [looked('same_person'), 'bob']), closed('admitted')),
      'look_first',
    ],
    [
      'looking twice',
      decide(steps(referred, looked('cannot_tell')), looked('same_person')),
      'window_conflict',
    ],
    [
      'looking at what is not referred',
      decide(steps(admitted), looked('same_person')),
      'window_conflict',
    ],
    [
      'secondary needs no shift',
      decide(steps(referred), looked('same_person'), { shift: null, by: 'bob' }),
      'allow',
    ],
  ]
  test.each(cases)('%s', (_, said, expected) => expect(said).toBe(expected))
})

describe('undo', () => {
  const just = (said: Said, seconds: number, by = 'ann') => steps([said, by, seconds])
  const cases: readonly (readonly [string, string, string])[] = [
    ['within ten seconds', decide(just(admitted, 9), undone), 'allow'],
    ['a press under way counts', decide(just(admitted, 11.9), undone), 'allow'],
    ['too late', decide(just(admitted, 12.1), undone), 'undo_over'],
    [
      'somebody else’s, also by a supervisor',
      decide(just(admitted, 1), undone, { by: 'sue', roles: ['supervisor'] }),
      'verdict_of_another',
    ],
    ['of an undo', decide(steps([admitted, 'ann', 5], [undone, 'ann', 2]), undone), 'undo_over'],
    ['of an opt-out: what is gone is gone', decide(just(optedOut, 1), undone), 'undo_over'],
    [
      'of a look: the outcome was seen',
      decide(steps(referred, [looked('cannot_tell'), 'ann', 1]), undone),
      'undo_over',
    ],
    ['of nothing', decide([], undone), 'undo_over'],
  ]
  test.each(cases)('%s', (_, said, expected) => expect(said).toBe(expected))

  test('the countdown ends ten seconds after the verdict', () => {
    expect(undoUntil(windowState(just(admitted, 4)))).toEqual(new Date(now.getTime() + 6000))
  })
})

test('what is taken over upon a search among many needs two people who find the same', () => {
  const many = { searchedAmongMany: true }
  const own = looked('same_person')
  const close = (...before: readonly Given[]) =>
    decide(steps(referred, ...before), closed('taken_over'), many)
  expect(close(own)).toBe('needs_second_person')
  expect(close(own, [looked('another_person'), 'bob'])).toBe('needs_second_person')
  expect(close(looked('cannot_tell'), [looked('cannot_tell'), 'bob'])).toBe('needs_second_person')
  expect(close(own, [looked('same_person'), 'bob'])).toBe('allow')
  expect(decide(steps(referred, own), closed('admitted'), many)).toBe('allow')
})

test('the outcome is withheld in secondary from whoever has not said what they see', () => {
  const state = windowState(steps(referred, looked('same_person')))
  expect(outcomeWithheld(state, 'ann')).toBe(false)
  expect(outcomeWithheld(state, 'bob')).toBe(true)
  expect(outcomeWithheld(windowState(steps(admitted)), 'bob')).toBe(false)
})
