import { expect, test } from 'vitest'

import { decideEarlierDestruction, type DeviceOfRotation, rotationState } from './epoch-rotation.ts'

const at = new Date('2026-11-23T10:00:00Z')
const device = (said: DeviceOfRotation['said']): DeviceOfRotation => ({
  device: 'd',
  lane: 'in-1',
  said,
})
const said = { rotatedAt: at, missing: 0, verdicts: 0 }

test.each([
  ['a lane of before that says nothing', null, 'notHeld'],
  ['one that holds what was announced before', { ...said, rotatedAt: null }, 'notHeld'],
  [
    'one that holds an earlier rotation',
    { ...said, rotatedAt: new Date(at.getTime() - 1) },
    'notHeld',
  ],
  ['one whose bundles of before wait', { ...said, missing: 1 }, 'notDelivered'],
  ['one whose verdicts of before wait', { ...said, verdicts: 1 }, 'notDelivered'],
  ['one that holds it and has delivered', said, null],
  ['one that holds a later one', { ...said, rotatedAt: new Date(at.getTime() + 1) }, null],
] as const)('%s is not taken for another state', (_, word, expected) => {
  const state = rotationState(at, [device(word)])
  expect(state.notHeld).toHaveLength(expected === 'notHeld' ? 1 : 0)
  expect(state.notDelivered).toHaveLength(expected === 'notDelivered' ? 1 : 0)
})

const word = (account: string, unit: string | null, cutOff = false) => ({ account, unit, cutOff })

test.each([
  ['nobody', [], { kind: 'wait' }],
  ['one person', [word('a', 'port')], { kind: 'wait' }],
  [
    'two of one unit',
    [word('a', 'port'), word('b', 'port')],
    { kind: 'refuse', code: 'same_unit' },
  ],
  [
    'one without a unit',
    [word('a', 'port'), word('b', null)],
    { kind: 'refuse', code: 'same_unit' },
  ],
  ['two of different units', [word('a', 'port'), word('b', 'hq')], { kind: 'destroy' }],
  [
    'a third of another unit',
    [word('a', 'port'), word('b', 'port'), word('c', 'hq')],
    { kind: 'destroy' },
  ],
  ['a suspect and one other', [word('a', 'port', true), word('b', 'hq')], { kind: 'wait' }],
])('%s decide', (_, words, expected) => {
  expect(decideEarlierDestruction(words)).toEqual(expected)
})
