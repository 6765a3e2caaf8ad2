import { describe, expect, test } from 'vitest'

import { agreeOnPlate, comparePlates, compareTexts } from './plate-pair.ts'
import type { PlateRead } from './plate.ts'

type Voted = Exclude<PlateRead, { readonly kind: 'unreadable' }>

function read(text: string, confidence = 0.97): Voted {
  const voted = {
    text,
    confidence,
    characters: [],
    jurisdiction: null,
    looks: 3,
    agreement: 1,
  }
  return { kind: 'read', ...voted }
}

function unsure(text: string, reason: string, confidence = 0.6): Voted {
  return { ...read(text, confidence), kind: 'unsure', reason }
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

describe('of front and rear plate', () => {
  const brief = (front: PlateRead, rear: PlateRead): string => {
    const { plate } = agreeOnPlate(front, rear)
    if (plate.kind === 'unreadable') return plate.kind
    return `${plate.kind} ${plate.text} ${plate.kind === 'unsure' ? plate.reason : plate.confidence}`
  }

  test.each([
    [
      'a trailer or a swapped plate',
      read('ABC123', 0.9),
      read('XYZ789'),
      'unsure ABC123 plates_differ',
    ],
    [
      'a misread at one end',
      read('A8C123', 0.9),
      read('ABC123'),
      'unsure ABC123 plates_confusable',
    ],
    [
      'a single look at each end',
      unsure('ABC123', 'single_look', 0.95),
      unsure('ABC123', 'single_look', 0.93),
      'read ABC123 0.95',
    ],
    ['one sure end', unsure('ABC123', 'low_confidence'), read('ABC123'), 'read ABC123 0.97'],
    [
      'two weak ends',
      unsure('ABC123', 'low_confidence'),
      unsure('ABC123', 'looks_disagree', 0.7),
      'unsure ABC123 looks_disagree',
    ],
    ['no plate in front', missing, read('ABC123'), 'read ABC123 0.97'],
    ['no plate behind', unsure('ABC123', 'single_look'), missing, 'unsure ABC123 single_look'],
    ['no plate at all', missing, missing, 'unreadable'],
  ] as const)('%s', (_, front, rear, expected) => {
    expect(brief(front, rear)).toBe(expected)
  })

  test('a confirmed read says nothing of the doubt that it no longer has', () => {
    const { plate } = agreeOnPlate(unsure('ABC123', 'single_look'), read('ABC123', 0.5))
    expect(plate).toEqual(read('ABC123', 0.5))
    const { plate: both } = agreeOnPlate(
      unsure('ABC123', 'single_look'),
      unsure('ABC123', 'single_look'),
    )
    expect(both).not.toHaveProperty('reason')
  })
})
