import { expect, test } from 'vitest'

import { bytesWords, countWords, offsetWords, percentWords, plural, shortHex } from './figures.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [48_213, '48.2 kB'],
  [999_999, '1.0 MB'],
  [1_500_000_000, '1.5 GB'],
])('%i bytes read %s', (bytes, words) => expect(bytesWords(bytes)).toBe(words))

test('a share is never rounded to certainty', () => {
  expect(percentWords(0.9999)).toBe('99 %')
  expect(percentWords(0.846)).toBe('84 %')
  expect(percentWords(0.29)).toBe('29 %')
  expect(percentWords(0.0001)).toBe('1 %')
  expect(percentWords(1)).toBe('100 %')
  expect(percentWords(0)).toBe('0 %')
})

test('thousands are spaced and units agree with their number', () => {
  expect(countWords(1204567)).toBe('1\u202f204\u202f567')
  expect(plural(1, 'look', 'looks')).toBe('1 look')
  expect(plural(0, 'look', 'looks')).toBe('0 looks')
})

test.each([
  [400, '+0.4 s'],
  [-12_000, '−12 s'],
  [181_000, '+3 min'],
])('a clock off by %i ms reads %s', (ms, words) => expect(offsetWords(ms)).toBe(words))

test('a digest keeps both ends', () => {
  expect(shortHex('a3f091c2'.repeat(8))).toBe('a3f0 91c2 … 91c2')
})
