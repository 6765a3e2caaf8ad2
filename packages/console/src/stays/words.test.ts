/** Words that people act on: spans of time and what is odd about a stay. */

import { expect, test } from 'vitest'

import { spanWords } from './words.ts'

test.for([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [3_600, '1 h'],
  [3_661, '1 h 1 min'],
  [86_399, '23 h 59 min'],
  [86_400, '1 day'],
  [172_799, '1 day 23 h'],
  [172_800, '2 days'],
  [8_640_000, '100 days'],
] as const)('%i seconds', ([seconds, words]) => expect(spanWords(seconds)).toBe(words))
