/** Hazards of near plates: those that are one misread apart must be found, and must not pass for equal. */

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { judgeNearness, nearIndex } from './near.ts'

test.for([
  ['letter O and digit 0 are one', 'ABC1O0', 'ABC100', 'same'],
  ['two characters that look alike', '8BS123', 'B8S123', 'alike'],
  ['three that look alike are too many', '8B5123', 'B8S1Z3', 'far'],
  ['one misread character', 'ABC123', 'ABX123', 'one_character'],
  ['a character that was missed', 'ABC123', 'AC123', 'one_character'],
  ['a character that was added', 'ABC123', 'ABC1723', 'one_character'],
  ['two neighbours changed about', 'ABC123', 'ACB123', 'far'],
  ['nothing in common', 'ABC123', 'XYZ789', 'far'],
] as const)('%s', ([, one, other, expected]) => {
  expect(judgeNearness(one, other)).toBe(expected)
  expect(judgeNearness(other, one)).toBe(expected)
})

test('two near plates share a text of the index', () => {
  const plate = fc.stringMatching(/^[A-F0-38]{4,8}$/)
  const edit = fc.record({
    at: fc.nat(7),
    how: fc.constantFrom('change', 'drop', 'add'),
    to: fc.constantFrom('X', '8', 'B', '0', 'D'),
  })
  fc.assert(
    fc.property(plate, fc.array(edit, { maxLength: 2 }), (text, edits) => {
      let other = text
      for (const { at, how, to } of edits)
        other =
          other.slice(0, at) + (how === 'drop' ? '' : to) + other.slice(how === 'add' ? at : at + 1)
      fc.pre(other !== '' && judgeNearness(text, other) !== 'far')
      const shared = new Set(nearIndex(text))
      expect(nearIndex(other).some((one) => shared.has(one))).toBe(true)
    }),
    { numRuns: 3000 },
  )
})
