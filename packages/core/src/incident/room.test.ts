import { expect, test } from 'vitest'

import { decideDisabling, decideMember, firstSuspicion, mayEnter } from './room.ts'

const inspector = { id: 'inspector', roles: ['auditor'] } as const
const responder = { id: 'responder', roles: ['responder'] } as const
const room = { members: ['responder', 'inspector'], about: [] }

test('somebody whom the incident is about is not told of it, though they lead it', () => {
  expect(mayEnter(room, responder)).toBe(true)
  expect(mayEnter({ ...room, about: ['responder'] }, responder)).toBe(false)
  expect(decideMember({ about: ['responder'] }, responder)).toMatchObject({ kind: 'refuse' })
})

test('an incident of the whole team leaves the inspector in the room, and nobody can put them out', () => {
  const team = { members: [], about: ['responder', 'privacy'] }
  expect(mayEnter(team, inspector)).toBe(true)
  expect(mayEnter(team, { id: 'privacy', roles: ['privacy'] })).toBe(false)
  expect(decideDisabling(inspector, responder)).toMatchObject({ code: 'inspector_stays' })
  expect(decideDisabling(inspector, { id: 'other', roles: ['auditor'] }).kind).toBe('allow')
  expect(decideDisabling(responder, responder).kind).toBe('allow')
})

test('an inspector whom it is about is out as well', () => {
  expect(mayEnter({ members: [], about: ['inspector'] }, inspector)).toBe(false)
})

test('a role alone is no need to know, and a member whose roles are gone has none', () => {
  expect(mayEnter({ members: [], about: [] }, responder)).toBe(false)
  expect(mayEnter(room, { id: 'responder', roles: ['officer'] })).toBe(false)
})

test('the clock begins when the subcontractor knew, not when the agency was told', () => {
  const agency = new Date('2019-05-31T00:00:00Z')
  const subcontractor = new Date('2019-05-13T00:00:00Z')
  expect(firstSuspicion(agency, [subcontractor])).toEqual(subcontractor)
  expect(firstSuspicion(agency, [])).toEqual(agency)
})
