import { expect, test } from 'vitest'

import { nearPlates } from './near-plates.ts'
import { searchStatement } from './statement.ts'

const facts = {
  files: 25_000,
  ours: 19,
  unsure: 3,
  sources: ['a folder', 'an archive'],
  from: new Date('2026-11-22T10:00:00Z'),
  until: new Date('2026-11-22T12:30:00Z'),
  captures: 184_000,
  hashed: 180_000,
  faces: null,
  indexRoot: 'ab'.repeat(32),
  selfTest: [
    { kind: 'recompressed', planted: 20, found: 20 },
    { kind: 'cut to the plate alone', planted: 20, found: 17 },
  ],
}

test('a statement says what was searched, when, against what, and what such a search misses', () => {
  expect(searchStatement(facts)).toEqual([
    'Of the 25000 files searched between 2026-11-22T10:00Z and 2026-11-22T12:30Z from a folder and an archive, 19 are ours.',
    'Of 3 more files it cannot be said; a person has to look.',
    `They were compared with 184000 stored pictures, 180000 of which have a hash; they were looked for by their hash (list ${'ab'.repeat(32)}) and by the plates that were read.`,
    'Of copies planted for a test, it found 20 of 20 recompressed and 17 of 20 cut to the plate alone.',
  ])
})

test('faces that lead nowhere are not counted as compared', () => {
  const compared = (faces: number | null) => searchStatement({ ...facts, faces })[2]
  expect(compared(null)).not.toContain('face')
  expect(compared(1)).toContain('by the plates that were read and by 1 stored face.')
})

test('nothing found is never said to mean that nothing is outside', () => {
  const text = searchStatement({ ...facts, ours: 0, unsure: 0, selfTest: null }).join(' ')
  expect(text).toContain('none were found to be ours')
  expect(text).toContain('was not measured')
  expect(text).not.toMatch(/no pictures? (is|are) (out|on)/)
})

test('every plate one character away from a misread one is looked up, each once', () => {
  const near = nearPlates('AB0')
  expect(new Set(near).size).toBe(near.length)
  for (const plate of ['AB0', 'XB0', 'AB', 'B0', 'AB07', '9AB0', 'A80'])
    expect(near).toContain(plate)
  expect(near).not.toContain('XY0')
  // O and 0 are one.
  expect(nearPlates('ABO')).toEqual(near)
})
