import { expect, test } from 'vitest'

import { returnPath, tokenOf } from './link-token.ts'

test('a token is read from the fragment and nowhere else', () => {
  expect(tokenOf('#token=abc-123')).toBe('abc-123')
  expect(tokenOf('#other=1&token=abc')).toBe('abc')
  expect(tokenOf('#token=')).toBeNull()
  expect(tokenOf('')).toBeNull()
  expect(tokenOf(`#token=${'a'.repeat(600)}`)).toBeNull()
})

test.each([
  ['?to=%2Fcrossings%3Flane%3Dnorth', '/crossings?lane=north'],
  ['', '/'],
  ['?to=https%3A%2F%2Felsewhere.example', '/'],
  ['?to=%2F%2Felsewhere.example', '/'],
  ['?to=%2F%5Celsewhere.example', '/'],
  ['?to=javascript%3Aalert(1)', '/'],
  ['?to=%2Fsign-in', '/'],
])('a link cannot lead out of the console: %s', (search, path) => {
  expect(returnPath(search)).toBe(path)
})
