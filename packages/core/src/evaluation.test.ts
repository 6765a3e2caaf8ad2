import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { decideEvaluation, evaluationLimits, type ScoredRead, scoreReads } from './evaluation.ts'
import { roles } from './opening.ts'

const read = (label: string | null, said: string, confidence = 0.9): ScoredRead => ({
  label,
  read: said,
  confidence,
})

test('each picture is counted once, and what a person could not read counts against a reader that did', () => {
  const totals = scoreReads([
    read('AB1', 'AB1'),
    read('ABO', 'AB0'),
    read('AB1', 'A81', 0.99),
    read('AB1', ''),
    read(null, ''),
    read(null, 'XX9', 0.97),
  ])
  expect(totals).toMatchObject({
    pictures: 6,
    labelled: 4,
    exact: 2,
    wrong: 1,
    silent: 1,
    unreadable: 2,
    read_unreadable: 1,
    characters: 12,
    character_errors: 4,
  })
  expect(totals.kept.find(({ cut }) => cut === 0.95)).toEqual({ cut: 0.95, kept: 2, wrong: 2 })
  expect(totals.confusions).toContainEqual({ label: 'B', read: '8', count: 1 })
  expect(totals.confusions).toContainEqual({ label: 'A', read: '', count: 1 })
})

test('an empty set has totals too', () => {
  expect(scoreReads([])).toMatchObject({ pictures: 0, exact: 0, confusions: [] })
})

test('totals say nothing of the order in which plates crossed', () => {
  const text = fc.string({ unit: fc.constantFrom('A', 'B', '8', '0', 'O'), maxLength: 5 })
  const one = fc.record({
    label: fc.option(text.filter((label) => label !== '')),
    read: text,
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 20 }), fc.infiniteStream(fc.nat()), (reads, order) => {
      const shuffled = reads
        .map((value) => ({ value, key: order.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ value }) => value)
      const totals = scoreReads(reads)
      expect(scoreReads(shuffled)).toEqual(totals)
      expect(totals.exact + totals.wrong + totals.silent).toBe(totals.labelled)
      expect(totals.labelled + totals.unreadable).toBe(totals.pictures)
    }),
  )
})

describe('who may evaluate', () => {
  test('an integrator learns nothing of few plates, and never a text', () => {
    const few = evaluationLimits.labelsMin - 1
    expect(decideEvaluation(['integrator'], few)).toMatchObject({ code: 'too_few_labels' })
    expect(decideEvaluation(['integrator'], few + 1)).toEqual({ kind: 'allow', texts: false })
  })

  test('without a label nobody does', () => {
    for (const role of roles) expect(decideEvaluation([role], 0).kind).toBe('refuse')
  })

  test('an officer does not', () => {
    expect(decideEvaluation(['officer', 'responder'], 500)).toMatchObject({ code: 'role_missing' })
  })

  test('an auditor may see what was misread', () => {
    expect(decideEvaluation(['auditor'], 1)).toEqual({ kind: 'allow', texts: true })
  })
})
