import { expect, test } from 'vitest'

import type { WatchHit } from '../api/watch-types.ts'
import { basisWords, differenceWords, jurisdictionSentence } from './words.ts'

const hit = {
  basis: 'read',
  text: 'K1TE2I8',
  positions: [1, 5],
  jurisdiction: 'disagrees',
  entry: { plate: 'KITE218', jurisdiction: 'mx-bcn' },
  crossing: { plate: { text: 'K1TE2I8', jurisdiction: { code: 'US', confidence: 0.9 } } },
} as unknown as WatchHit

test('what differs is said place by place, counted as people count', () => {
  expect(differenceWords(hit)).toBe(
    '2 of 7 characters differ: place 2 (1 for I), place 6 (I for 1).',
  )
  expect(differenceWords({ ...hit, positions: [1] })).toMatch(/^1 of 7 characters differs/)
  expect(differenceWords({ ...hit, positions: [] })).toBe('All 7 characters agree.')
})

test('a match by an alternative says what was read instead', () => {
  expect(basisWords({ ...hit, basis: 'alternative', text: 'KITE218' })).toBe(
    'The plate was read as K1TE2I8. KITE218 is something else that a look listed.',
  )
  const plate = { ...hit.crossing.plate, text: null }
  const unread = { ...hit, basis: 'alternative' as const, crossing: { ...hit.crossing, plate } }
  expect(basisWords(unread)).toMatch(/^The plate was not read/)
})

test('jurisdictions that are not known are not said to agree', () => {
  expect(jurisdictionSentence(hit)).toBe(
    'Looked for: MX-BCN. On the plate: US 90 %. They disagree.',
  )
  const entry = { ...hit.entry, jurisdiction: null }
  expect(jurisdictionSentence({ ...hit, entry, jurisdiction: 'unknown' })).toMatch(
    /none named.*cannot be compared/,
  )
})
