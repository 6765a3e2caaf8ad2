import { expect, test } from 'vitest'

import { shareOf } from './share-of.ts'

test('a share has its bounds, which never leave 0 to 100 %', () => {
  expect(shareOf(50, 100, 10)).toEqual({ share: 0.5, from: 0.4, to: 0.6 })
  expect(shareOf(99, 100, 10)).toMatchObject({ from: 0.89, to: 1 })
  expect(shareOf(2, 100, 10)).toMatchObject({ from: 0 })
})

test('of nothing there is no share', () => {
  expect(shareOf(0, 0, 10)).toBeNull()
})
