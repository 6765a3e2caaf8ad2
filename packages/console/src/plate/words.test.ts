import { expect, test } from 'vitest'

import type { Plate } from '../api/types.ts'
import { agreementWords, isJurisdictionGuess, jurisdictionWords } from './words.ts'

const plate: Plate = {
  kind: 'read',
  text: 'AB1',
  confidence: 0.9,
  reason: null,
  jurisdiction: { code: 'US', confidence: 0.97 },
  looks: 6,
  agreement: 1,
  characters: [],
}

test('agreement counts looks, and a single look never "agrees"', () => {
  expect(agreementWords(plate)).toBe('all 6 looks agree')
  expect(agreementWords({ ...plate, agreement: 5 / 6 })).toBe('5 of 6 looks agree')
  expect(agreementWords({ ...plate, looks: 1 })).toBe('1 look')
})

test('a doubtful jurisdiction carries its number', () => {
  const doubtful = { ...plate, jurisdiction: { code: 'BR', confidence: 0.62 } }
  expect(jurisdictionWords(plate)).toBe('United States')
  expect(jurisdictionWords(doubtful)).toBe('Brazil 62 %')
  expect(jurisdictionWords({ ...plate, jurisdiction: null })).toBeNull()
})

test('a jurisdiction that is more likely another is shown as a guess', () => {
  const guess = (confidence: number) =>
    isJurisdictionGuess({ ...plate, jurisdiction: { code: 'US', confidence } })
  expect([guess(0.49), guess(0.5), isJurisdictionGuess({ ...plate, jurisdiction: null })]).toEqual([
    true,
    false,
    false,
  ])
})
