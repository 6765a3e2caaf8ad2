import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { CrossingReads } from './crossing.ts'
import { judgeJurisdiction, parseJurisdiction } from './jurisdiction.ts'
import type { PlateText } from './plate.ts'
import {
  acceptedPlates,
  type Candidate,
  candidatesOf,
  confusableClasses,
  countAccepted,
  differingPositions,
  skeletonOf,
  type Tolerance,
  tolerances,
  type WatchedPlate,
  WatchIndex,
  watchLimits,
} from './watch.ts'

const now = new Date('2026-11-22T12:00:00Z')
const entry = (plate: string, change: Partial<WatchedPlate> = {}): WatchedPlate => ({
  id: plate,
  plate: plate as PlateText,
  jurisdiction: null,
  tolerance: 1,
  expiresAt: new Date(now.getTime() + 1),
  ...change,
})
const read = (text: string): readonly Candidate[] => [{ text, basis: 'read' }]

function index(...entries: readonly WatchedPlate[]): WatchIndex {
  const made = new WatchIndex()
  for (const one of entries) made.add(one)
  return made
}

const anyPlate = fc
  .array(fc.constantFrom(...Array.from('ABC0ODQ1ILT8B5S2Z6G79XY')), { minLength: 1, maxLength: 9 })
  .map((characters) => characters.join(''))
const anyTolerance = fc.constantFrom(...tolerances)

describe('what an entry accepts', () => {
  test('no character stands in two classes, or a plate would have two skeletons', () => {
    const all = confusableClasses.join('')
    expect(new Set(all).size).toBe(all.length)
  })

  test.each<[string, string, Tolerance, readonly string[]]>([
    ['a plate without confusables accepts itself alone', 'ACE379', 2, ['ACE379']],
    ['no tolerance accepts the plate alone', 'B0SS', 0, ['B0SS']],
    ['one mistake, each class on its own', 'AB5', 1, ['AB5', 'A85', 'ABS']],
    ['two mistakes at two places', 'B5', 2, ['B5', '85', 'BS', '8S']],
    ['a class of four', 'Q', 1, ['Q', '0', 'D', 'O']],
  ])('%s', (_hazard, plate, tolerance, expected) => {
    const texts = acceptedPlates(plate, tolerance).map(({ text }) => text)
    expect(texts.toSorted()).toEqual(expected.toSorted())
    expect(texts[0]).toBe(plate)
  })

  test('the list has every plate once, the number is its length, and positions say where', () => {
    fc.assert(
      fc.property(anyPlate, anyTolerance, (plate, tolerance) => {
        const list = acceptedPlates(plate, tolerance)
        expect(new Set(list.map(({ text }) => text)).size).toBe(list.length)
        expect(countAccepted(plate, tolerance)).toBe(list.length)
        for (const { text, positions } of list) {
          expect(positions).toEqual(differingPositions(plate, text))
          expect(positions.length).toBeLessThanOrEqual(tolerance)
        }
      }),
    )
  })

  test('an entry of eight characters is never too wide; one of twelve may be', () => {
    expect(countAccepted('O0QDI1LT', 2)).toBeLessThanOrEqual(watchLimits.acceptedMax)
    expect(countAccepted('O0QDI1LTO0QD', 2)).toBe(631)
  })
})

describe('matching', () => {
  test('a match is exactly what the preview lists, for any entry and any read', () => {
    fc.assert(
      fc.property(anyPlate, anyTolerance, anyPlate, (plate, tolerance, other) => {
        const one = index(entry(plate, { tolerance }))
        const listed = acceptedPlates(plate, tolerance)
        for (const { text, positions } of listed) {
          expect(one.match(read(text), null, now)).toMatchObject([{ text, positions }])
        }
        const inList = listed.some(({ text }) => text === other)
        expect(one.match(read(other), null, now).length > 0).toBe(inList)
      }),
    )
  })

  test.each<[string, string, string]>([
    ['a missing character is no confusion', 'ABC1234', 'ABC123'],
    ['letters of different classes', 'ABC1234', 'ABC12B4'],
    ['three mistakes', 'OOO', '000'],
  ])('%s does not match', (_hazard, plate, text) => {
    expect(index(entry(plate, { tolerance: 2 })).match(read(text), null, now)).toEqual([])
  })

  test('an entry ends at its expiry to the millisecond, by the clock it is given', () => {
    const one = index(entry('ABC'))
    expect(one.match(read('ABC'), null, now)).toHaveLength(1)
    expect(one.match(read('ABC'), null, new Date(now.getTime() + 1))).toEqual([])
  })

  test('of several candidates the one with the fewest mistakes is told', () => {
    const candidates: readonly Candidate[] = [
      { text: 'A8C', basis: 'read' },
      { text: 'ABC', basis: 'alternative' },
    ]
    expect(index(entry('ABC')).match(candidates, null, now)).toMatchObject([
      { text: 'ABC', basis: 'alternative', positions: [] },
    ])
  })

  test('another jurisdiction is said and excludes nothing', () => {
    const one = index(entry('ABC', { jurisdiction: 'us-ca' }))
    expect(one.match(read('ABC'), { code: 'us-tx', confidence: 0.9 }, now)).toMatchObject([
      { jurisdiction: 'disagrees' },
    ])
  })

  test('what is removed or expired is gone, and its like stays', () => {
    const made = index(entry('ABC'), entry('A8C'), entry('XYZ', { expiresAt: now }))
    made.remove('ABC')
    made.remove('never there')
    made.dropExpired(now)
    expect(made.size).toBe(1)
    expect(made.match(read('ABC'), null, now)).toMatchObject([{ entry: 'A8C' }])
    expect(made.alike('ABC')).toHaveLength(1)
  })

  test('alike plates have one skeleton and no others do', () => {
    expect(skeletonOf('O0QDI1LTB8S5Z2G6')).toBe('0000111188552266')
    expect(skeletonOf('ACEFHJKMNPRUVWXY3479')).toBe('ACEFHJKMNPRUVWXY3479')
  })
})

describe('what of a crossing is compared', () => {
  const look = (text: string, confidence: number, ...others: readonly [string, number][]) =>
    ({
      text,
      confidence,
      alternatives: others.map(([other, share]) => ({ text: other, confidence: share })),
    }) as unknown as CrossingReads['looks'][number]
  const crossing = (
    plate: Partial<CrossingReads['plate']>,
    ...looks: CrossingReads['looks']
  ): CrossingReads => ({ plate, looks }) as unknown as CrossingReads
  const texts = (reads: CrossingReads) => candidatesOf(reads).map(({ text }) => text)

  test('the vote first, then other looks and alternatives, likeliest first, none twice', () => {
    const plate = {
      kind: 'read',
      text: 'AB',
      characters: [
        { character: 'A', confidence: 0.8, alternatives: [{ character: '4', confidence: 0.15 }] },
        { character: 'B', confidence: 0.9, alternatives: [] },
      ],
    } as const
    const reads = crossing(plate, look('AB', 0.9, ['A8', 0.1], ['AE', 0.01]), look('4B', 0.3))
    expect(texts(reads)).toEqual(['AB', '4B', 'A8'])
    expect(candidatesOf(reads).map(({ basis }) => basis)).toEqual([
      'read',
      'alternative',
      'alternative',
    ])
  })

  test('a plate that was voted unreadable still has what its looks guessed', () => {
    const reads = crossing({ kind: 'unreadable', reason: 'no_characters' }, look('', 0.9, ['A', 1]))
    expect(texts(reads)).toEqual(['A'])
  })

  test('a lane that lists thousands of alternatives costs no more than the limit', () => {
    const looks = Array.from({ length: 200 }, (_, at) => look(`A${at}`, 0.5))
    expect(texts(crossing({ kind: 'unreadable', reason: 'no_characters' }, ...looks))).toHaveLength(
      watchLimits.candidatesMax,
    )
  })
})

test.each<[string | null, string | null, number, string]>([
  ['us-ca', 'us-ca', 0.9, 'agrees'],
  ['us-ca', 'US', 0.9, 'compatible'],
  ['us', 'us-ca', 0.9, 'compatible'],
  ['us-ca', 'us-tx', 0.9, 'disagrees'],
  ['us-ca', 'us-tx', 0.4, 'unknown'],
  ['gb', 'EU', 0.9, 'compatible'],
  ['mx-bcn', 'EU', 0.9, 'disagrees'],
  ['ca', 'us-ca', 0.9, 'disagrees'],
  ['us', 'other', 0.9, 'unknown'],
  [null, 'US', 0.9, 'unknown'],
  ['us', null, 0, 'unknown'],
])('an entry for %s and a read of %s (%f): %s', (wanted, code, confidence, expected) => {
  expect(judgeJurisdiction(wanted, code === null ? null : { code, confidence })).toBe(expected)
})

test('a jurisdiction is read as people write it', () => {
  expect(parseJurisdiction(' US-CA ')).toBe('us-ca')
  expect(parseJurisdiction('California')).toBeNull()
})
