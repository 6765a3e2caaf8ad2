import { describe, expect, test } from 'vitest'

import { basisState, decideBasisAct, facesHere, oldEnough, siteTypes } from './basis.ts'

const ann = { account: 'ann' }
const bob = { account: 'bob' }
const proposed = { proposed: ann, agreed: null, ended: null }
const inForce = { ...proposed, agreed: bob }

test('at no site but a border are faces compared before a ground is in force', () => {
  for (const site of siteTypes) {
    const without = facesHere(site, false, true)
    expect(without.kind).toBe(site === 'border' ? 'on' : 'off')
    expect(facesHere(site, true, true).kind).toBe('on')
    expect(facesHere(site, true, false)).toEqual({ kind: 'off', why: 'off_at_hub' })
  }
})

test('one person’s word is no ground', () => {
  expect(basisState(proposed)).toBe('proposed')
  expect(decideBasisAct(proposed, 'agreed', 'ann')).toMatchObject({ code: 'basis_own_proposal' })
  expect(decideBasisAct(proposed, 'agreed', 'bob').kind).toBe('allow')
  expect(basisState(inForce)).toBe('in_force')
})

test('one person alone can end it, and an ended one is not revived', () => {
  expect(decideBasisAct(inForce, 'ended', 'ann').kind).toBe('allow')
  const ended = { ...inForce, ended: ann }
  expect(decideBasisAct(ended, 'agreed', 'cat')).toMatchObject({ code: 'basis_over' })
  expect(decideBasisAct(inForce, 'agreed', 'cat')).toMatchObject({ code: 'basis_over' })
})

describe('children', () => {
  test.each<[string, string | null, string, boolean]>([
    ['the day before the birthday', '2012-11-23', '2026-11-22', false],
    ['on the birthday', '2012-11-22', '2026-11-22', true],
    ['born on 29 February, on 28 February', '2012-02-29', '2026-02-28', false],
    ['and on 1 March', '2012-02-29', '2026-03-01', true],
    ['no birthday known', null, '2026-11-22', true],
  ])('%s', (_, born, day, old) => expect(oldEnough(born, day, 14)).toBe(old))
  test('an age of 0 leaves nobody out', () =>
    expect(oldEnough('2026-11-22', '2026-11-22', 0)).toBe(true))
})
