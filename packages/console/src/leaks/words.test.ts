import { expect, test } from 'vitest'

import type { LeakFile } from './api.ts'
import { csvOf, errorWords, evidenceWords, provenanceOf } from './words.ts'

const file: LeakFile = {
  number: 1,
  file: '=HYPERLINK("evil").jpg',
  sha256: null,
  verdict: 'ours',
  level: 'this_picture',
  capture: 'c'.repeat(32),
  crossing: null,
  opening: 'a'.repeat(32),
  release: null,
  party: 'northwind',
  error_probability: 1e-12,
  evidence: [],
}

test('a name that a spreadsheet would run is text in the export', () => {
  const [, line] = csvOf([file]).split('\r\n')
  expect(line).toContain(`"'=HYPERLINK(""evil"").jpg"`)
})

test('a party is named only with the copy that it was given', () => {
  expect(provenanceOf(file)).toBe('given to northwind, opening aaaaaaaa…')
  expect(provenanceOf({ ...file, opening: null })).toBe('')
})

test.each([
  [null, 'not measured'],
  [0, 'byte for byte'],
  [1e-12, 'once in 10^12'],
  [0.04, 'once in 25'],
])('an error probability of %s is said as it is', (probability, words) => {
  expect(errorWords(probability)).toContain(words)
})

test('what looks alike is never said to prove anything', () => {
  const near = evidenceWords({ kind: 'near_hash', capture: 'c'.repeat(32), distance: 2 })
  expect(near).toContain('proves nothing')
})

test('a photograph is told with its list, and that others may hold it', () => {
  const photograph = { kind: 'photograph', capture: 'c'.repeat(32) }
  expect(evidenceWords({ ...photograph, of: { kind: 'gallery', name: 'DF042' } })).toContain(
    'expected in the gallery DF042',
  )
  const sought = evidenceWords({ ...photograph, of: { kind: 'sought' } })
  expect(sought).toContain('who is looked for')
  expect(sought).toContain('may hold it, too')
})
