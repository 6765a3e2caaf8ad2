import type { Look, PlateRead } from '@sallyport/core/plate'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { votePlate } from './vote.ts'

/** A look as a table writes it: "ABC123 0.9, A8C123 0.05". The first text is the look's own. */
function look(words: string, change: Partial<Look> = {}): Look {
  const [own = { text: '', confidence: 0 }, ...alternatives] = words
    .split(',')
    .map((one) => one.trim().split(' '))
    .map(([text = '', confidence = '0']) =>
      text === '-'
        ? { text: '', confidence: Number(confidence) }
        : { text, confidence: Number(confidence) },
    )
  const corner = { x: 0, y: 0 }
  return {
    ...own,
    characters: Array.from(own.text, (character) => ({
      character,
      confidence: own.confidence,
      alternatives: [],
    })),
    jurisdiction: null,
    corners: [corner, corner, corner, corner],
    box: { x: 0, y: 0, width: 1, height: 1 },
    alternatives,
    detection: 0.9,
    plateWidthPx: 120,
    ...change,
  }
}

function brief(read: PlateRead): string {
  return read.kind === 'read'
    ? `read ${read.text}`
    : read.kind === 'unsure'
      ? `unsure ${read.text} ${read.reason}`
      : `unreadable ${read.reason}`
}

describe('the vote over a track', () => {
  test.each<[string, readonly string[], string]>([
    ['nobody found a plate', [], 'unreadable no_plate_found'],
    ['plates without a character', ['- 0', '- 0'], 'unreadable no_characters'],
    ['one sure look', ['ABC123 0.95'], 'read ABC123'],
    ['one unsure look', ['ABC123 0.6, A8C123 0.3'], 'unsure ABC123 low_confidence'],
    ['one look just not sure', ['ABC123 0.88, A8C123 0.1'], 'unsure ABC123 low_confidence'],
    [
      'looks that agree raise each other',
      ['ABC123 0.88', 'ABC123 0.86', 'ABC123 0.85'],
      'read ABC123',
    ],
    [
      'but three that are unsure do not make one sure',
      ['ABC123 0.84', 'ABC123 0.82', 'ABC123 0.79'],
      'unsure ABC123 low_confidence',
    ],
    ['empty looks do not vote', ['- 0', 'ABC123 0.95', '- 0'], 'read ABC123'],
    [
      'one sure of another text is outvoted by those who waver between the same two',
      [
        'ABC123 0.5, A8C123 0.45',
        'A8C123 0.5, ABC123 0.45',
        'ABC123 0.55, A8C123 0.4',
        'XYZ999 0.9',
      ],
      'unsure ABC123 looks_disagree',
    ],
    [
      'nobody says what another says',
      ['ABC123 0.6', 'ABD124 0.6', 'AEC125 0.6', 'XBC126 0.6'],
      'unsure ABC123 looks_disagree',
    ],
    ['letter O and digit 0 are one', ['KO0L42 0.9', 'K00L42 0.8', 'KOOL42 0.85'], 'read KO0L42'],
  ])('%s', (_name, looks, result) => {
    expect(brief(votePlate(looks.map((one) => look(one))))).toBe(result)
  })

  test('where two looks are wanted, one is not enough however sure', () => {
    expect(brief(votePlate([look('ABC123 0.99')], { looksMin: 2 }))).toBe(
      'unsure ABC123 single_look',
    )
    expect(brief(votePlate([look('ABC123 0.99'), look('ABC123 0.9')], { looksMin: 2 }))).toBe(
      'read ABC123',
    )
  })

  test('a winner that no look said itself is spelled from the alternative and says that looks disagree', () => {
    const looks = [
      look('ABX123 0.4, ABC123 0.39'),
      look('ABY123 0.4, ABC123 0.39'),
      look('ABZ123 0.4, ABC123 0.39'),
    ]
    const read = votePlate(looks)
    expect(brief(read)).toBe('unsure ABC123 looks_disagree')
    expect(
      read.kind !== 'unreadable' && read.characters.map(({ character }) => character).join(''),
    ).toBe('ABC123')
  })

  test('a far plate, a few pixels wide, counts less than a near one', () => {
    const far = look('FAR001 0.9', { plateWidthPx: 20 })
    const near = look('NEAR02 0.9', { plateWidthPx: 150 })
    expect(brief(votePlate([far, near]))).toContain('NEAR02')
    expect(brief(votePlate([near, far]))).toContain('NEAR02')
    const farther = look('FAR001 0.9', { plateWidthPx: 19 })
    expect(brief(votePlate([farther, farther, near]))).toContain('NEAR02')
  })

  test('the jurisdiction is the one with the most weight, sure by its share of all looks', () => {
    const us = { jurisdiction: { code: 'US', confidence: 0.8 } }
    const mx = { jurisdiction: { code: 'MX', confidence: 0.9 } }
    const read = votePlate([
      look('ABC123 0.9', us),
      look('ABC123 0.9', us),
      look('ABC123 0.9', mx),
      look('ABC123 0.9'),
    ])
    expect(read).toMatchObject({ jurisdiction: { code: 'US', confidence: 0.4 } })
    expect(votePlate([look('ABC123 0.9')])).toMatchObject({ jurisdiction: null })
  })

  test('looks that read nothing neither agree nor disagree, and are not counted', () => {
    const read = votePlate(
      ['ABC123 0.9', 'ABC123 0.9', 'XYZ999 0.3', '- 0'].map((one) => look(one)),
    )
    expect(read).toMatchObject({ looks: 3, agreement: 2 / 3 })
  })
})

describe('shapes of registrations', () => {
  const california = { jurisdiction: { code: 'us-ca', confidence: 1 } }
  /** A digit first and three letters: a shape of California. The other text has none. */
  const [fits, fitsNot] = ['7ABC123', 'TABC123']

  test('they never change what was read: where they alone prefer another text, both are shown', () => {
    const read = votePlate([look(`${fitsNot} 0.5, ${fits} 0.45`, california)])
    expect(read).toMatchObject({ kind: 'unsure', reason: 'syntax_disagrees', text: fitsNot })
    expect(read.kind !== 'unreadable' && read.alternatives?.[0]?.text).toBe(fits)
  })

  test('a vanity plate that is read surely is read', () => {
    expect(brief(votePlate([look(`${fitsNot} 0.98, ${fits} 0.01`, california)]))).toBe(
      `read ${fitsNot}`,
    )
    expect(brief(votePlate([look(`${fitsNot} 0.99, ${fits} 0.01`, california)]))).toBe(
      `read ${fitsNot}`,
    )
  })

  test('a text that fits is surer for it, one look’s jurisdiction or the whole track’s', () => {
    const looks = [look(`${fits} 0.6, ${fitsNot} 0.39`)]
    const plain = votePlate(looks)
    const origin = { ...california, plateType: null }
    const known = votePlate(looks, { looksMin: 1, origin })
    const sure = (read: PlateRead) => (read.kind === 'unreadable' ? 0 : read.confidence)
    expect(sure(known)).toBeGreaterThan(sure(plain))
    expect(known).toMatchObject({ jurisdiction: california.jurisdiction })
  })
})

describe('characters of several looks', () => {
  const wavering = (text: string, at: number, other: string) =>
    look(`${text} 0.5`, {
      characters: Array.from(text, (character, index) => ({
        character,
        confidence: index === at ? 0.5 : 0.98,
        alternatives: index === at ? [{ character: other, confidence: 0.45 }] : [],
      })),
    })

  test('looks that each miss another character spell the plate together, for a person to confirm', () => {
    const read = votePlate([
      wavering('A8C123', 1, 'B'),
      wavering('ABC12S', 5, '3'),
      wavering('ABG123', 2, 'C'),
    ])
    expect(brief(read)).toBe('unsure ABC123 looks_disagree')
  })

  test('a blurred look counts less than a sharp one of the same width', () => {
    const blurred = look('BLUR01 0.9', { sharpness: 0.06 })
    const sharp = look('SHARP2 0.9', { sharpness: 0.5 })
    expect(brief(votePlate([blurred, sharp]))).toContain('SHARP2')
    expect(brief(votePlate([sharp, blurred]))).toContain('SHARP2')
  })

  test('an unsure look counts less than a sure one: two that waver do not outvote it', () => {
    const wavers = [look('ABC12 0.2, A8C12 0.15'), look('ABC12 0.2, A8C12 0.15')]
    expect(brief(votePlate([...wavers, look('SURE01 0.98')]))).toContain('SURE01')
  })

  test('a lone look is as sure as it says; three that say the same are surer, and not by much', () => {
    const sure = look('ABC123 0.95')
    const alone = votePlate([sure])
    const three = votePlate([sure, sure, sure], { looksMin: 2 })
    if (alone.kind === 'unreadable' || three.kind === 'unreadable') throw new Error('they read')
    expect(alone.confidence).toBe(0.95)
    expect(three.confidence).toBeGreaterThan(alone.confidence)
    expect(three.confidence).toBeLessThanOrEqual(0.975)
  })
})

describe('whatever the looks', () => {
  const texts = fc.constantFrom('ABC123', 'A8C123', 'ABC12', 'KO0L42', 'K00L42', '')
  const looks = fc.array(
    fc
      .tuple(
        texts,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        texts,
        fc.integer({ min: 10, max: 300 }),
      )
      .map(([text, confidence, other, plateWidthPx]) =>
        look(`${text === '' ? '-' : text} ${confidence}`, {
          alternatives:
            other === text || other === ''
              ? []
              : [{ text: other, confidence: (1 - confidence) / 2 }],
          plateWidthPx,
        }),
      ),
    { maxLength: 12 },
  )

  test('their order does not matter', () => {
    fc.assert(
      fc.property(looks, (given) => {
        const [forwards, backwards] = [votePlate(given), votePlate(given.toReversed())]
        expect(backwards.kind).toBe(forwards.kind)
        if (forwards.kind !== 'unreadable' && backwards.kind !== 'unreadable') {
          expect(backwards.confidence).toBeCloseTo(forwards.confidence, 3)
          expect(backwards.agreement).toBe(forwards.agreement)
        }
      }),
    )
  })

  test('confidence is a probability, and no surer than its best look by more than half of what it lacked', () => {
    fc.assert(
      fc.property(looks, (given) => {
        const read = votePlate(given)
        if (read.kind === 'unreadable') return
        expect(read.confidence).toBeGreaterThan(0)
        expect(read.confidence).toBeLessThanOrEqual(1)
        const best = Math.max(
          ...given.map((one) =>
            Math.min(
              1,
              one.confidence + one.alternatives.reduce((sum, other) => sum + other.confidence, 0),
            ),
          ),
        )
        expect(read.confidence).toBeLessThanOrEqual(best + (1 - best) / 2 + 1e-4)
        expect(read.characters).toHaveLength(read.text.length)
      }),
    )
  })
})
