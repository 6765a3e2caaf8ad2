/** Rules that give more than they say, and claims that pretend. */

import { describe, expect, test } from 'vitest'

import { type ClaimRule, personOfClaims } from './provider-claims.ts'

const rule = (given: Partial<ClaimRule>): ClaimRule => ({
  claim: 'groups',
  value: 'officers',
  roles: ['officer'],
  party: 'agency',
  unit: '',
  ...given,
})
const rules = [
  rule({ unit: 'north' }),
  rule({ value: 'leads', roles: ['supervisor', 'officer'] }),
  rule({ value: 'privacy', roles: ['privacy'], unit: 'privacy office' }),
  rule({ claim: 'employer', value: 'North Optics', roles: [], party: 'north-optics' }),
]
const who = (claims: Readonly<Record<string, unknown>>) =>
  personOfClaims({ sub: '7', name: 'Ada Quint', ...claims }, rules)

describe('nobody is signed in', () => {
  test.each([
    ['whom no rule names', {}],
    ['whose group only begins like one', { groups: ['officers-of-elsewhere'] }],
    ['whose group differs in its letters’ case', { groups: ['Officers'] }],
    ['whose groups are one text with spaces', { groups: 'officers leads' }],
    ['whose group is an object', { groups: [{ value: 'officers' }] }],
    ['whose group lies deeper', { groups: [['officers']] }],
  ])('%s', (_, claims) => {
    expect(who(claims)).toEqual({ kind: 'refused', code: 'no_rule' })
  })

  test.each([
    ['in two units', { groups: ['officers', 'privacy'] }],
    ['of the agency and of a contractor', { groups: ['leads'], employer: 'North Optics' }],
  ])('who is %s: one person would sign as two', (_, claims) => {
    expect(who(claims)).toEqual({ kind: 'refused', code: 'two_places' })
  })

  test('because of a claim that every object inherits', () => {
    const inherited = [
      rule({ claim: 'constructor', value: 'Object' }),
      rule({ claim: '__proto__' }),
    ]
    expect(personOfClaims({ sub: '7' }, inherited)).toMatchObject({ code: 'no_rule' })
  })
})

test('rules add up to the roles that they name, once each, and to no other', () => {
  expect(who({ groups: ['leads', 'officers', 'bowling'] })).toEqual({
    kind: 'person',
    name: 'Ada Quint',
    roles: ['officer', 'supervisor'],
    party: 'agency',
    unit: 'north',
  })
})

test('roles that the provider names by itself mean nothing', () => {
  expect(who({ groups: ['officers'], roles: ['supervisor', 'auditor'] })).toMatchObject({
    roles: ['officer'],
  })
})

test('a contractor’s people have no roles, whatever a rule says', () => {
  const generous = [rule({ party: 'north-optics', roles: ['supervisor'] })]
  expect(personOfClaims({ groups: 'officers' }, generous)).toMatchObject({
    party: 'north-optics',
    roles: [],
  })
})

test.each([
  [{ name: '  Ada\n\u0000Quint\u202e ' }, 'Ada Quint'],
  [{ name: 7, preferred_username: 'ada' }, 'ada'],
  [{ name: '', preferred_username: ' ' }, '7'],
  [{ name: 'x'.repeat(500) }, 'x'.repeat(80)],
])('a name is one line that fits: %j', (claims, name) => {
  expect(who({ groups: ['officers'], ...claims })).toMatchObject({ name })
})
