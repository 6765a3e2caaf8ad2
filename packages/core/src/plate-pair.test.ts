import { expect, test } from 'vitest'

import { comparePlates, compareTexts } from './plate-pair.ts'
import type { PlateRead } from './plate.ts'

function read(text: string): PlateRead {
  const voted = {
    text,
    confidence: 0.97,
    characters: [],
    jurisdiction: null,
    looks: 3,
    agreement: 1,
  }
  return { kind: 'read', ...voted }
}

const missing: PlateRead = { kind: 'unreadable', reason: 'no_plate_found' }

test.each([
  ['ABC123', 'ABC123', 'equal'],
  ['AB0123', 'ABO123', 'equal'],
  ['ABC123', 'A8C123', 'confusable'],
  ['8BC125', 'BBC12S', 'confusable'],
  ['B8S5Z2', '8BS5Z2', 'confusable'],
  ['B8S5Z2', '8B5SZ2', 'different'],
  ['ABC123', 'ABC124', 'different'],
  ['ABC123', 'ABC12', 'different'],
] as const)('%s in front and %s behind are %s, either way round', (front, rear, pair) => {
  expect(comparePlates(read(front), read(rear))).toBe(pair)
  expect(compareTexts(rear, front)).toBe(pair)
})

test('a plate that is missing or could not be read contradicts nothing', () => {
  expect(comparePlates(read('ABC123'), missing)).toBe('one_missing')
  expect(comparePlates(missing, read('ABC123'))).toBe('one_missing')
  expect(comparePlates(missing, missing)).toBe('one_missing')
})
