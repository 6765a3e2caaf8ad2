import { expect, test } from 'vitest'

import { decideStep } from './decide-step.ts'
import { decideLaneVerdict } from './lane-verdict.ts'
import { type Said, type Step, windowLimits, windowState } from './window.ts'

const now = new Date('2026-11-22T12:00:00Z')
const admitted = { kind: 'admitted' } as const
const referred = { kind: 'referred', reason: 'document' } as const
const optedOut = { kind: 'opted_out' } as const

function steps(...said: readonly (readonly [said: Said, account: string | null])[]): Step[] {
  return said.map(([what, account], at) => ({
    id: `s${at + 1}`,
    place: at + 1,
    at: now,
    account,
    said: what,
  }))
}

test.each([
  ['the first word on a crossing counts', [], admitted, 1],
  ['a correction at the lane follows what was said there', steps([admitted, null]), referred, 2],
  ['opting out beside a verdict', steps([admitted, null]), optedOut, 2],
  ['what an officer decided at the hub stays', steps([admitted, 'ann']), referred, null],
  ['also where they agree', steps([admitted, 'ann']), admitted, null],
  [
    'also where it was taken back',
    steps([admitted, 'ann'], [{ kind: 'undone' }, 'ann']),
    admitted,
    null,
  ],
  [
    'a step at the hub after one of the lane',
    steps([admitted, null], [referred, 'sue']),
    admitted,
    null,
  ],
  ['the same again', steps([admitted, null]), admitted, null],
  ['twice opted out', steps([optedOut, null]), optedOut, null],
] as const)('%s', (_, before, said, place) => {
  expect(decideLaneVerdict(said, before)).toEqual(
    place === null ? { kind: 'conflict' } : { kind: 'step', place },
  )
})

test('a lane that says without end is not followed without end', () => {
  const many = Array.from(
    { length: windowLimits.stepsMax },
    (_, at) => [at % 2 === 0 ? admitted : referred, null] as const,
  )
  expect(decideLaneVerdict(admitted, steps(...many))).toEqual({ kind: 'conflict' })
})

test('what was said at the lane is nobody’s account: no officer undoes it, a supervisor corrects it', () => {
  const ask = (said: Said, roles: readonly ('officer' | 'supervisor')[]) =>
    decideStep(
      {
        said,
        state: windowState(steps([admitted, null])),
        seen: 1,
        account: { id: 'ann', roles },
        shift: { lane: 'in-1', startedAt: now },
        lane: 'in-1',
        receivedAt: now,
        searchedAmongMany: false,
      },
      now,
    )
  expect(ask({ kind: 'undone' }, ['officer'])).toMatchObject({ code: 'verdict_of_another' })
  expect(ask(referred, ['officer'])).toMatchObject({ code: 'verdict_of_another' })
  expect(ask(referred, ['supervisor'])).toEqual({ kind: 'allow' })
})
