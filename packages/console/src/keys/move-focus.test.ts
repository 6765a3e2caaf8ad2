import { expect, test } from 'vitest'

import { stepPlace } from './move-focus.ts'

test.each<[number | null, 1 | -1, number, number | null]>([
  [null, 1, 3, 0],
  [null, -1, 3, 2],
  [0, 1, 3, 1],
  [2, 1, 3, 2],
  [0, -1, 3, 0],
  [null, 1, 0, null],
  [9, 1, 3, 2],
])('from %s by %i of %i rows comes %s', (here, by, count, next) => {
  expect(stepPlace(here, by, count)).toBe(next)
})
