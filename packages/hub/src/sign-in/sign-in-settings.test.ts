/** Settings of a sign-in that would let in nobody, or more people than somebody meant. */

import { expect, test } from 'vitest'

import { hubSettings } from '../settings.ts'

const good = {
  signInIssuer: 'https://login.agency.example/realms/border',
  signInClient: 'sallyport',
  signInPeople: [{ claim: 'groups', value: 'officers', roles: ['officer'], unit: 'north' }],
} as const

test('what is complete is taken, and asks people anew by default', () => {
  expect(hubSettings.parse(good)).toMatchObject({
    signInAgain: true,
    signInScopes: ['openid', 'profile'],
    signInPeople: [{ party: 'agency' }],
  })
  expect(hubSettings.parse({}).signInIssuer).toBeUndefined()
})

const person = good.signInPeople[0]

test.each<[string, object, string]>([
  [
    'a provider elsewhere without https',
    { signInIssuer: 'http://login.agency.example' },
    'signInIssuer',
  ],
  ['an issuer that is no address', { signInIssuer: 'login.agency.example' }, 'signInIssuer'],
  ['rules without a provider', { signInIssuer: undefined }, 'signInIssuer'],
  ['no client', { signInClient: undefined }, 'signInClient'],
  ['no rule', { signInPeople: [] }, 'signInPeople'],
  ['a rule without roles', { signInPeople: [{ ...person, roles: [] }] }, 'signInPeople'],
  [
    'a contractor with roles',
    { signInPeople: [{ ...person, party: 'north-optics' }] },
    'signInPeople',
  ],
  ['a role that is none', { signInPeople: [{ ...person, roles: ['admin'] }] }, 'signInPeople'],
  ['a mistyped key of a rule', { signInPeople: [{ ...person, role: 'officer' }] }, 'signInPeople'],
  ['a rule for every value', { signInPeople: [{ ...person, value: ' ' }] }, 'signInPeople'],
  ['no openid among the scopes', { signInScopes: ['profile'] }, 'signInScopes'],
])('refused: %s', (_, change, key) => {
  const parsed = hubSettings.safeParse({ ...good, ...change })
  expect(parsed.success ? 'taken' : parsed.error.issues[0]?.path[0]).toBe(key)
})

test('a provider on this machine may speak http', () => {
  const signInIssuer = 'http://localhost:9000/realms/test'
  expect(hubSettings.parse({ ...good, signInIssuer }).signInIssuer).toBe(signInIssuer)
})
