/** What `sallyport read` says of a plate, to a person who may act on it. */

import type { Look } from '@sallyport/core/plate'
import { expect, test } from 'vitest'

import { plateWords } from '../../packages/cli/src/commands/read.ts'

const corner = { x: 0, y: 0 }
const look: Look = {
  text: 'ABC123',
  confidence: 0.97,
  characters: [],
  jurisdiction: { code: 'us-ca', confidence: 0.9 },
  corners: [corner, corner, corner, corner],
  box: { x: 0, y: 0, width: 100, height: 50 },
  alternatives: [
    { text: 'A8C123', confidence: 0.02 },
    { text: 'ABC1Z3', confidence: 0.01 },
    { text: 'ABC723', confidence: 0.01 },
  ],
  detection: 0.9,
  plateWidthPx: 100,
}

test('a sure read says no more than it is', () => {
  expect(plateWords(look)).toBe('ABC123 us-ca 97 %')
})

test('a guess cannot be taken for a read: it says so, and what it may be instead', () => {
  expect(plateWords({ ...look, confidence: 0.41, jurisdiction: null })).toBe(
    'ABC123 41 % UNSURE, read by eye (or A8C123, ABC1Z3)',
  )
  expect(plateWords({ ...look, confidence: 0.41, alternatives: [] })).toBe(
    'ABC123 us-ca 41 % UNSURE, read by eye',
  )
})
