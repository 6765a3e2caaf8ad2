import { expect, test } from 'vitest'

import { firstDifference } from './agreement.ts'
import { countScope, type ScopedPicture } from './counts.ts'

const picture = (change: Partial<ScopedPicture>): ScopedPicture => ({
  grade: 'released_in_clear',
  capture: 'one',
  class: 'scene',
  crossing: 'a',
  port: 'north',
  lane: 'in-1',
  day: '2026-05-01',
  ...change,
})
const count = (...pictures: readonly ScopedPicture[]) =>
  countScope(pictures, () => ({ vehicle: null, identity: null }))

test('two counts of the same rows agree, in whatever order their classes were met', () => {
  const one = picture({})
  const two = picture({ capture: 'two', class: 'face' })
  expect(firstDifference(count(one, two), count(two, one))).toBeNull()
})

test.each([
  ['one picture more', [{}, { capture: 'two' }], 'total.pictures', '1', '2'],
  ['another class', [{ class: 'face' }], 'total.classes.scene', '1', 'none'],
  ['another lane', [{ lane: 'in-2' }], 'total.lanes', 'in-1', 'in-2'],
  ['another day', [{ day: '2026-05-02' }], 'total.days.first', '2026-05-01', '2026-05-02'],
])('%s is named, with both figures', (_, others, figure, first, second) => {
  const other = count(...others.map((change) => picture(change)))
  expect(firstDifference(count(picture({})), other)).toEqual({ figure, first, second })
})

test('the same total under another grade is a difference', () => {
  const other = count(picture({ grade: 'ciphertext_only' }))
  expect(firstDifference(count(picture({})), other)).toMatchObject({
    figure: 'grades.released_in_clear.pictures',
    first: '1',
    second: '0',
  })
})
