import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { fitsSyntax, syntaxLogOdds } from './syntax.ts'

test.each([
  ['7ABC123', 'us-ca', true],
  ['ABC1234', 'us-ca', false],
  ['ABC1234', 'us-tx', true],
  ['ABC1D23', 'br', true],
  ['ABC123D', 'mx-bcn', true],
  ['AB123CD', 'fr', true],
  ['VANITY', 'us-ny', false],
  ['', 'us-ny', false],
  ['ABC1234', 'us', null],
  ['ABC1234', 'eu', null],
  ['ABC1234', 'constructor', null],
])('%s fits a shape of %s: %s', (text, code, fits) => {
  expect(fitsSyntax(text, code)).toBe(fits)
})

test('the letter O in a place of digits speaks neither for nor against: readers cannot tell', () => {
  expect(fitsSyntax('7ABC1O3', 'us-ca')).toBe(true)
  expect(fitsSyntax('7A0C123', 'us-ca')).toBe(true)
})

test('no shape weighs more than a plain look: it tips a balance and cannot overrule', () => {
  const sure = { code: 'us-ca', confidence: 1 }
  expect(syntaxLogOdds('7ABC123', sure)).toBeCloseTo(1.03, 2)
  expect(syntaxLogOdds('A7BC123', sure)).toBeCloseTo(-0.92, 2)
  fc.assert(
    fc.property(
      fc.string({ maxLength: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (text, confidence) => {
        const odds = syntaxLogOdds(text, { code: 'us-ca', confidence })
        expect(Math.abs(odds)).toBeLessThanOrEqual(1.04)
      },
    ),
  )
})

test('what is not known says nothing', () => {
  expect(syntaxLogOdds('7ABC123', null)).toBe(0)
  expect(syntaxLogOdds('7ABC123', { code: 'us-ca', confidence: 0 })).toBeCloseTo(0)
  expect(syntaxLogOdds('7ABC123', { code: 'unheard-of', confidence: 1 })).toBe(0)
})
