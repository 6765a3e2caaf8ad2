import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { characterReads, type CtcOutput, decodeCtc } from './ctc.ts'

/** Rows of probabilities (each sums to 1) as a network gives them. */
function output(rows: readonly (readonly number[])[]): CtcOutput {
  const classes = rows[0]?.length ?? 0
  return {
    logProbs: Float32Array.from(rows.flat(), Math.log),
    steps: rows.length,
    classes,
  }
}

/** Every text with its exact probability, by going through all alignments. */
function bruteForce({ logProbs, steps, classes }: CtcOutput): ReadonlyMap<string, number> {
  const texts = new Map<string, number>()
  for (let alignment = 0; alignment < classes ** steps; alignment++) {
    let rest = alignment
    let probability = 1
    let before = 0
    const text: number[] = []
    for (let step = 0; step < steps; step++) {
      const symbol = rest % classes
      rest = Math.floor(rest / classes)
      probability *= Math.exp(logProbs[step * classes + symbol] ?? -Infinity)
      if (symbol !== 0 && symbol !== before) text.push(symbol)
      before = symbol
    }
    texts.set(text.join(), (texts.get(text.join()) ?? 0) + probability)
  }
  return texts
}

const distributions = (classes: number) =>
  fc
    .array(fc.integer({ min: 5, max: 1000 }), { minLength: classes, maxLength: classes })
    .map((weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      return weights.map((weight) => weight / total)
    })

const outputs = (steps: number, classes: number) =>
  fc
    .array(distributions(classes), { minLength: steps, maxLength: steps })
    .map((rows) => output(rows))

describe('texts of a network’s output', () => {
  test('a character held over several steps is one', () => {
    const [best] = decodeCtc(
      output([
        [0.02, 0.98],
        [0.02, 0.98],
        [0.02, 0.98],
      ]),
    )
    expect(best?.classes).toEqual([1])
  })

  test('the same character twice needs a blank between', () => {
    const sure = [0.02, 0.98]
    const [best] = decodeCtc(output([sure, [0.98, 0.02], sure]))
    expect(best?.classes).toEqual([1, 1])
  })

  test('blanks alone spell nothing, and there is always a text', () => {
    const [best, ...others] = decodeCtc(
      output([
        [1, 0],
        [1, 0],
      ]),
    )
    expect(best).toEqual({ classes: [], probability: 1 })
    expect(others).toEqual([])
  })

  test('many weak alignments outweigh one strong path', () => {
    // The best single path is blank, blank (0.36); the text "1" has 0.64 over three paths.
    const [best, second] = decodeCtc(
      output([
        [0.6, 0.4],
        [0.6, 0.4],
      ]),
    )
    expect(best?.classes).toEqual([1])
    expect(best?.probability).toBeCloseTo(0.64)
    expect(second?.probability).toBeCloseTo(0.36)
  })

  test.each([
    [1, 3],
    [2, 3],
    [3, 3],
    [3, 2],
  ])('with %i steps and %i classes every text has its exact probability', (steps, classes) => {
    fc.assert(
      fc.property(outputs(steps, classes), (one) => {
        const exact = bruteForce(one)
        const found = decodeCtc(one)
        expect(found).toHaveLength(exact.size)
        for (const { classes: text, probability } of found) {
          expect(probability).toBeCloseTo(exact.get(text.join()) ?? -1, 5)
        }
        expect(found[0]?.probability).toBeCloseTo(Math.max(...exact.values()), 5)
      }),
      { numRuns: 60 },
    )
  })

  test('longer outputs: texts are distinct, best first, and their probabilities sum to at most one', () => {
    fc.assert(
      fc.property(outputs(9, 6), (one) => {
        const found = decodeCtc(one)
        const probabilities = found.map(({ probability }) => probability)
        expect(new Set(found.map(({ classes }) => classes.join())).size).toBe(found.length)
        expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a))
        expect(probabilities.reduce((sum, one_) => sum + one_, 0)).toBeLessThanOrEqual(1 + 1e-5)
      }),
      { numRuns: 60 },
    )
  })
})

describe('how sure each character is', () => {
  test('its confidence is that of its best step, with what else was considered there', () => {
    const rows = [
      [0.9, 0.06, 0.04],
      [0.1, 0.7, 0.2],
      [0.2, 0.5, 0.3],
      [0.9, 0.05, 0.05],
      [0.1, 0.3, 0.6],
    ]
    expect(characterReads(output(rows), [1, 2], 'AB')).toEqual([
      { character: 'A', confidence: 0.7, alternatives: [{ character: 'B', confidence: 0.2 }] },
      { character: 'B', confidence: 0.6, alternatives: [{ character: 'A', confidence: 0.3 }] },
    ])
  })

  test('a character said twice has two steps, one on each side of the blank', () => {
    const rows = [
      [0.05, 0.95],
      [0.99, 0.01],
      [0.2, 0.8],
    ]
    expect(characterReads(output(rows), [1, 1], 'A').map(({ confidence }) => confidence)).toEqual([
      0.95, 0.8,
    ])
  })

  test('there is one read a character, in order, between 0 and 1, never the blank or itself beside it', () => {
    fc.assert(
      fc.property(outputs(10, 5), (one) => {
        const best = decodeCtc(one)[0]?.classes ?? []
        const reads = characterReads(one, best, 'ABCD')
        expect(reads.map(({ character }) => character).join('')).toBe(
          best.map((symbol) => 'ABCD'[symbol - 1]).join(''),
        )
        for (const { character, confidence, alternatives } of reads) {
          expect(confidence).toBeGreaterThan(0)
          const others = alternatives.map((other) => other.character)
          expect(others).not.toContain(character)
          expect(others).not.toContain('')
          const sum = alternatives.reduce((total, other) => total + other.confidence, confidence)
          expect(sum).toBeLessThanOrEqual(1.001)
        }
      }),
      { numRuns: 60 },
    )
  })
})
