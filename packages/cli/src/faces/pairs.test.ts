import { expect, test } from 'vitest'

import { personOf } from './known-people.ts'
import { parsePairs } from './pairs.ts'

test('a list of pairs is read whatever the order of its columns, its quotes and line ends', () => {
  const parsed = parsePairs(
    '\uFEFFfold,same,B,a\r\n1,1,"b, ""two"".jpg",a.jpg\r\n\r\n,0,d.jpg,c.jpg\n',
  )
  expect(parsed).toEqual({
    kind: 'pairs',
    pairs: [
      { a: 'a.jpg', b: 'b, "two".jpg', same: true, fold: '1', group: null },
      { a: 'c.jpg', b: 'd.jpg', same: false, fold: null, group: null },
    ],
  })
})

test.each([
  ['x,y\n1,2', 'columns a and b'],
  ['a,b\none.jpg', 'line 2 does not name two pictures'],
  ['a,b,same\no.jpg,t.jpg,yes', 'line 2 says same "yes"'],
  ['', 'columns a and b'],
])('a list %j is refused with where it is wrong', (text, detail) => {
  expect(parsePairs(text)).toMatchObject({
    kind: 'refused',
    detail: expect.stringContaining(detail) as string,
  })
})

test.each([
  ['Ada_Lovelace_0002.jpg', 'Ada_Lovelace'],
  ['Ada Lovelace/gate.jpg', 'Ada Lovelace'],
  ['ada-7.png', 'ada'],
  ['ada.png', 'ada'],
])('%s shows %s', (file, person) => {
  expect(personOf(file)).toBe(person)
})
