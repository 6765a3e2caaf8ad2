import { expect, test } from 'vitest'

import { drawnGroup, sharesOf } from './cohort-shape.ts'

test('rare values stand together, with another one where subtraction would show them', () => {
  expect(
    sharesOf([
      { value: 'us', count: 900 },
      { value: 'mx', count: 60 },
      { value: 'br', count: 3 },
    ]),
  ).toEqual([
    { value: 'us', percent: 93 },
    { value: 'others', percent: 7 },
  ])
})

test('one crossing more or less is not seen, and too few say nothing', () => {
  const with_ = [
    { value: 'us', count: 500 },
    { value: 'ca', count: 400 },
  ]
  const one = [{ value: 'us', count: 501 }, with_[1] ?? { value: '', count: 0 }]
  expect(sharesOf(one)).toEqual(sharesOf(with_))
  expect(sharesOf([{ value: 'us', count: 19 }])).toEqual([])
})

test('jurisdictions fall into the groups that are drawn', () => {
  expect(['us-ca', 'CA-ON', 'mx-bcn', 'br', 'gb', 'EU', 'us'].map(drawnGroup)).toEqual([
    'us',
    'ca',
    'mx',
    'br',
    'eu',
    'eu',
    'us',
  ])
  expect(drawnGroup('other')).toBeNull()
})
