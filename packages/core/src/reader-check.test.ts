import { readFileSync } from 'node:fs'

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { checkAnswer, type Finding } from './reader-check.ts'
import { addPicture, noScore } from './reader-score.ts'

const vectors = (name: string): unknown =>
  JSON.parse(
    readFileSync(new URL(`../../../specs/vectors/readers/${name}.json`, import.meta.url), 'utf8'),
  )

describe('specs/vectors/readers', () => {
  const cases = vectors('platerecognizer-changed') as readonly {
    readonly name: string
    readonly answer: unknown
    readonly findings: readonly Finding[]
  }[]
  test.each(cases)('$name', ({ name, answer, findings }) => {
    expect(checkAnswer('platerecognizer', answer).findings).toEqual(findings)
    expect(findings.length === 0).toBe(name === 'as it should be')
  })

  test('our own OpenALPR answer has the shape, its plates and their places', () => {
    const checked = checkAnswer('openalpr', vectors('openalpr'))
    expect(checked.findings).toEqual([])
    expect(checked.plates).toMatchObject([
      { text: 'AB0123', confidence: 0.9127, box: { x: 100, y: 201, width: 121, height: 49 } },
      { text: '7XYZ' },
    ])
  })
})

test('an answer of the other kind is not taken for this one', () => {
  expect(checkAnswer('openalpr', vectors('platerecognizer')).findings.length).toBeGreaterThan(5)
  expect(checkAnswer('platerecognizer', vectors('openalpr')).findings.length).toBeGreaterThan(5)
})

test('no answer makes the check throw', () => {
  fc.assert(
    fc.property(fc.constantFrom('openalpr', 'platerecognizer'), fc.jsonValue(), (format, value) => {
      for (const answer of [
        value,
        { results: value },
        { results: [value] },
        { results: [{ box: value, candidates: value }] },
      ])
        expect(checkAnswer(format, answer).findings.length).toBeGreaterThan(0)
    }),
  )
  expect(checkAnswer('openalpr', undefined).plates).toEqual([])
})

describe('a score', () => {
  const box = { x: 100, y: 100, width: 100, height: 50 }
  const away = { ...box, x: 500 }
  const truth = { text: 'AB0123', box }
  test.each([
    ['right, in its place', truth, [{ text: 'ABO123', box }], [1, 1, 0]],
    ['wrong, in its place', truth, [{ text: 'AB0128', box }], [0, 1, 0]],
    [
      'a sign beside it first',
      truth,
      [
        { text: 'TAXI', box: away },
        { text: 'AB0123', box },
      ],
      [0, 1, 1],
    ],
    ['nothing', truth, [], [0, 0, 0]],
    ['a plate without characters', truth, [{ text: '', box }], [0, 1, 0]],
    ['something where nothing is', null, [{ text: 'TAXI', box: away }], [0, 0, 1]],
    ['right, of unknown place', { ...truth, box: null }, [{ text: 'AB0123', box }], [1, 1, 0]],
    ['a reader that tells no place', truth, [{ text: 'AB0123', box: null }], [1, 1, 0]],
  ] as const)('%s', (_name, known, guesses, [exact, found, falsePlates]) => {
    expect(addPicture(noScore, known, guesses)).toEqual({ pictures: 1, exact, found, falsePlates })
  })
})
