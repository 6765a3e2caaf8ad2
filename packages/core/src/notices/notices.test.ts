import { expect, test } from 'vitest'

import { countScope, type ScopedPicture } from '../scope/counts.ts'
import type { Grade } from '../scope/question.ts'
import { type ScopeDocument, scopeResult } from '../scope/scope.ts'
import { composeNotice, unreachablePeople } from './compose.ts'
import { noticeLanguages, noticeRules, noticesDue } from './rules.ts'
import { publicSentences } from './statements.ts'

const clocks = {
  suspectedAt: new Date('2019-05-13T00:00:00Z'),
  knownAt: new Date('2019-05-31T00:00:00Z'),
}

/** A scope with so many crossings of different vehicles in a grade, some of them without a sure plate. */
function documentOf(numbers: Partial<Record<Grade, number>>, unsure = 0): ScopeDocument {
  const pictures = Object.entries(numbers).flatMap(([grade, count]) =>
    Array.from({ length: count }, (_, at): ScopedPicture => ({
      grade: grade as Grade,
      capture: `${grade}-${at}`,
      class: 'scene',
      crossing: `${grade}-${at}`,
      port: 'north',
      lane: 'in-1',
      day: '2019-04-01',
    })),
  )
  const counts = countScope(pictures, (crossing) => ({
    vehicle: Number(crossing.split('-')[1]) < unsure ? null : crossing,
    identity: null,
  }))
  return {
    v: 1,
    scope: 'a'.repeat(32),
    version: 1,
    revises: null,
    incident: null,
    at: '2019-06-01T00:00:00.000Z',
    why: 'test',
    zone: 'America/Chicago',
    question: { from: '2019-04-01T00:00:00.000Z', to: '2019-05-13T00:00:00.000Z', suspicions: [] },
    result: scopeResult(counts, { changes: [], logSize: 1 }),
  }
}

const owed = (document: ScopeDocument | null, rule: string) =>
  noticesDue(clocks, document?.result ?? null).find((one) => one.rule.id === rule)?.owed

test('the contractor’s clock begins with its own suspicion, the agency’s when it knew', () => {
  const due = new Map(
    noticesDue(clocks, null).map(({ rule, dueAt }) => [rule.id, dueAt.toISOString()]),
  )
  expect(due.get('contractor_hsar')).toBe('2019-05-13T08:00:00.000Z')
  expect(due.get('cisa_1_hour')).toBe('2019-05-31T01:00:00.000Z')
  expect(due.get('congress_7_days')).toBe('2019-06-07T00:00:00.000Z')
})

test('before a scope is stated no duty is said not to be there', () => {
  expect(noticesDue(clocks, null).map((one) => one.owed)).not.toContain('no')
})

test('ciphertext alone makes nobody owe a letter; one picture in clear does', () => {
  expect(owed(documentOf({ ciphertext_only: 20 }), 'individuals')).toBe('no')
  expect(owed(documentOf({ reachable_not_read: 20 }), 'individuals')).toBe('perhaps')
  expect(owed(documentOf({ released_in_clear: 1 }), 'individuals')).toBe('yes')
  expect(owed(documentOf({ released_in_clear: 20 }), 'congress_7_days')).toBe('no')
})

test('every rule composes in each of its languages, and the letter has the headings of California', () => {
  const facts = { ...clocks, incident: 'x', agency: 'the agency', contact: 'privacy@example.gov' }
  const scope = documentOf({ released_in_clear: 3 })
  for (const rule of noticeRules)
    for (const language of rule.languages) {
      const text = composeNotice(rule, { ...facts, scope }, language)
      expect(text.sections.length).toBeGreaterThan(4)
      for (const { text: said } of text.sections) expect(said).not.toMatch(/undefined|null|NaN/)
    }
  const individuals = noticeRules.find(({ letter }) => letter === 'individual')
  if (individuals === undefined) throw new Error('individuals are told')
  const headings = composeNotice(individuals, { ...facts, scope }, 'en').sections
  expect(headings.map(({ heading }) => heading)).toEqual([
    'What Happened',
    'What Information Was Involved',
    'What We Are Doing',
    'What You Can Do',
    'For More Information',
  ])
  const titles = noticeLanguages.map(
    (one) => composeNotice(individuals, { ...facts, scope }, one).title,
  )
  expect(new Set(titles).size).toBe(3)
})

test('people of whom only a plate is known are counted as unreachable', () => {
  expect(unreachablePeople(documentOf({ released_in_clear: 5 }, 2))).toEqual({ low: 3, high: 5 })
})

test('a public sentence says which version of which scope it comes from, and never that nothing else happened', () => {
  const sentences = publicSentences(documentOf({ released_in_clear: 19, ciphertext_only: 4 }, 2))
  expect(sentences[0]?.text).toContain('19 pictures')
  expect(sentences[1]?.text).toContain('at least 17 and at most 19 people')
  for (const { text, from } of sentences) {
    expect(from).toMatchObject({ scope: 'a'.repeat(32), version: 1 })
    expect(from.figures.length).toBeGreaterThan(0)
    expect(text).not.toMatch(/\b(no other|none|never|nothing)\b/i)
  }
})
