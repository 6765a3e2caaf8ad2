import { expect, test } from 'vitest'

import type { Character, Plate } from '../api/types.ts'
import { characterWords, isWeak, plateSpeech, shownAlternatives, strength } from './confidence.ts'

const sure: Character = { character: 'A', confidence: 0.995, alternatives: [] }
const weak: Character = {
  character: '8',
  confidence: 0.62,
  alternatives: [
    { character: 'B', confidence: 0.31 },
    { character: '3', confidence: 0.05 },
    { character: '6', confidence: 0.04 },
    { character: 'S', confidence: 0.001 },
  ],
}

test.each([
  [1, 5],
  [0.98, 5],
  [0.979, 4],
  [0.85, 3],
  [0.849, 2],
  [0.2, 1],
])('a confidence of %f stands %i high', (confidence, height) =>
  expect(strength(confidence)).toBe(height),
)

test('a character is weak exactly where its height falls below three', () => {
  for (const confidence of [0, 0.3, 0.6, 0.8499, 0.85, 0.9, 1]) {
    expect(isWeak({ ...sure, confidence })).toBe(strength(confidence) < 3)
  }
})

test('alternatives appear only under a weak character, and only those worth a glance', () => {
  expect(shownAlternatives(weak).map((other) => other.character)).toEqual(['B', '3'])
  expect(shownAlternatives({ ...weak, confidence: 0.9 })).toEqual([])
  expect(characterWords(weak)).toBe('8: 62 %, weak, or B 31 % or 3 5 %')
})

test('speech spells the plate and says what is doubtful', () => {
  const plate: Plate = {
    kind: 'unsure',
    text: 'A8',
    confidence: 0.62,
    reason: 'low_confidence',
    jurisdiction: null,
    looks: 3,
    agreement: 0.6,
    characters: [sure, weak],
  }
  expect(plateSpeech(plate)).toBe('Unsure, best guess A 8. 8: 62 %, weak, or B 31 % or 3 5 %')
  expect(plateSpeech({ ...plate, kind: 'unreadable', text: null, characters: [] })).toBe(
    'No plate text',
  )
})
