import { expect, test } from 'vitest'

import { foldQuery, matchPlaces } from './match.ts'

test.each<[string, string, string, readonly number[]]>([
  ['a partial plate', 'ABC1234', 'c12', [2, 3, 4]],
  ['letter O typed for digit 0', 'AB0123', 'ABO', [0, 1, 2]],
  ['digit 0 typed for letter O', 'ABO123', 'b0', [1, 2]],
  ['separators', 'ABC1234', 'abc-12 34', [0, 1, 2, 3, 4, 5, 6]],
  ['every occurrence, also overlapping', 'A1A1A', '1A', [1, 2, 3, 4]],
  ['no match', 'ABC1234', 'ZZ', []],
  ['an empty search', 'ABC1234', '', []],
])('a search marks %s', (_name, text, query, places) => {
  expect([...matchPlaces(text, query)]).toEqual(places)
})

test('what the hub cannot compare is left out', () => expect(foldQuery(' o%_1 é')).toBe('01'))
