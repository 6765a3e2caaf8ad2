import fc from 'fast-check'
import { expect, test } from 'vitest'

import { differenceOf, editDistance } from './text-difference.ts'

const text = fc.string({
  unit: fc.constantFrom('A', 'B', '8', '0', 'O', '1'),
  maxLength: 12,
})

/** Reference with `-` where a character is missing, text with `+` before what is added, `!` before what changed. */
function drawn(reference: string, other: string): string {
  return differenceOf(reference, other)
    .map((piece) => {
      switch (piece.kind) {
        case 'same':
          return piece.character
        case 'changed':
          return `!${piece.character}`
        case 'added':
          return `+${piece.character}`
        case 'missing':
          return '-'
      }
    })
    .join('')
}

test.for([
  ['one character differs', 'AB1234', 'A81234', 'A!81234'],
  [
    'a character was left out in the middle: the rest still lines up',
    '7TRK333',
    '7TK333',
    '7T-K333',
  ],
  ['a bolt was read as a character', 'ABC123', 'ABC1123', 'ABC+1123'],
  ['nothing was read', 'AB1', '', '---'],
  ['there is nothing to compare with', '', 'AB1', '+A+B+1'],
] as const)('%s', ([, reference, other, expected]) => {
  const said = drawn(reference, other)
  // Where equal characters stand side by side it may be either that was added.
  expect([expected, 'ABC1+123']).toContain(said)
})

test('the pieces spell both texts, whatever they are', () => {
  fc.assert(
    fc.property(text, text, (reference, other) => {
      const pieces = differenceOf(reference, other)
      const spelled = pieces.map((piece) => (piece.kind === 'missing' ? '' : piece.character))
      const was = pieces.map((piece) =>
        piece.kind === 'added' ? '' : piece.kind === 'same' ? piece.character : piece.reference,
      )
      expect(spelled.join('')).toBe(other)
      expect(was.join('')).toBe(reference)
    }),
  )
})

test('a mark is set exactly where texts differ, and no order of comparing hides one', () => {
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      expect(editDistance(a, b) === 0).toBe(a === b)
      expect(editDistance(a, b)).toBe(editDistance(b, a))
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c))
    }),
  )
})
