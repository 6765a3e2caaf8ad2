import { expect, test } from 'vitest'

import { isLaneId, laneIdOf } from './lane-id.ts'

test.each([
  ['Lane 1 – North', 'lane-1-north'],
  ['  Überführung  ', 'uberfuhrung'],
  ['---', ''],
  ['北', ''],
  ['x'.repeat(90), 'x'.repeat(64)],
  [`${'x'.repeat(63)} y`, 'x'.repeat(63)],
])('the lane "%s" is offered the id "%s"', (name, id) => {
  expect(laneIdOf(name)).toBe(id)
  expect(id === '' || isLaneId(id)).toBe(true)
})

test('an id that would be a path is none', () => {
  for (const id of ['', '../x', 'a/b', '.a', 'a b', 'x'.repeat(65)])
    expect(isLaneId(id)).toBe(false)
})
