import { expect, test } from 'vitest'

import { judgeClock } from './clock.ts'
import { foldPlateText, parsePlateText } from './plate.ts'

function check(hazard: string, typed: string, expected: string | null) {
  test(hazard, () => expect(parsePlateText(typed)).toBe(expected))
}

check('separators people type are not part of a plate', ' abc-12 34 ', 'ABC1234')
check('the dot of old Brazilian plates is a separator', 'ABC·1234', 'ABC1234')
check('a wildcard is not a plate', 'AB%', null)
check('nothing is not a plate', ' - ', null)
check('thirteen characters are not a plate', 'ABCDEFGHIJKLM', null)

test('letter O and digit 0 compare alike, nothing else does', () => {
  expect(foldPlateText('O0QD1I')).toBe('00QD1I')
})

test('a clock is judged by its worst sign, in both directions', () => {
  const at = new Date('2026-11-22T12:00:00Z')
  const later = (ms: number) => new Date(at.getTime() + ms)
  expect(judgeClock(null, at, later(3_600_000))).toBe('ok')
  expect(judgeClock(5_000, at, at)).toBe('ok')
  expect(judgeClock(-5_001, at, at)).toBe('skewed')
  expect(judgeClock(300_001, at, at)).toBe('review')
  expect(judgeClock(0, later(6_000), at)).toBe('skewed')
  expect(judgeClock(0, later(301_000), at)).toBe('review')
})
