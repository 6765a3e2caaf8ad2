import { expect, test } from 'vitest'

import { decideView, type ViewRequest } from './decide-view.ts'
import type { Grant, GrantTerms } from './grant.ts'
import { localTimeAt } from './local-time.ts'

const now = new Date('2026-11-23T15:00:00.000Z')
const terms: GrantTerms = {
  party: 'north-optics',
  basis: 'Work order 114',
  purpose: 'fault_analysis',
  ports: ['north'],
  lanes: ['lane-1'],
  views: ['plate_crop', 'scene'],
  hours: { days: ['mon'], from: 540, to: 541 },
  picturesPerDay: 2,
  bytesPerDay: 5_000,
  from: now,
  until: new Date(now.getTime() + 1),
  incidentHours: 24,
}
const grant: Grant = { id: 'g1', version: 1, terms, status: { kind: 'signed', at: now } }
const asked: ViewRequest = {
  action: 'view',
  person: { roles: [], party: 'north-optics', partyKind: 'subcontractor' },
  capture: {
    class: 'plate',
    port: 'north',
    lane: 'lane-1',
    receivedAt: now,
    review: { kind: 'none' },
    bytes: 1_000,
  },
  view: 'plate_crop',
  purpose: 'fault_analysis',
  shift: null,
  grant,
  used: { pictures: 1, bytes: 4_000 },
  seconded: false,
  supervised: false,
  local: localTimeAt(now, 'America/Chicago'),
}
const withTerms = (change: Partial<GrantTerms>): Partial<ViewRequest> => ({
  grant: { ...grant, terms: { ...terms, ...change } },
})

test('what the grant says to its last picture, byte, minute and millisecond is allowed', () => {
  expect(decideView(asked, now)).toEqual({ kind: 'allow' })
})

test.each<[string, Partial<ViewRequest>]>([
  ['never_for_contractors', { action: 'export' }],
  ['never_for_contractors', { action: 'train' }],
  ['no_grant', { grant: null }],
  ['grant_of_another_party', { person: { ...asked.person, party: 'gate-works' } }],
  ['grant_not_signed', { grant: { ...grant, status: { kind: 'proposed' } } }],
  ['grant_revoked', { grant: { ...grant, status: { kind: 'revoked', at: now, reason: 'over' } } }],
  ['grant_suspended', { grant: { ...grant, status: { kind: 'suspended', at: now, reason: 'x' } } }],
  ['grant_not_begun', withTerms({ from: new Date(now.getTime() + 1) })],
  ['grant_over', withTerms({ until: now })],
  ['purpose_not_in_grant', { purpose: 'incident_support' }],
  ['purpose_not_in_grant', { purpose: 'inspection' }],
  ['outside_ports', { capture: { ...asked.capture, port: 'south' } }],
  ['outside_lanes', { capture: { ...asked.capture, lane: 'lane-2' } }],
  ['outside_hours', { local: { ...asked.local, minute: 541 } }],
  ['outside_hours', { local: { ...asked.local, minute: 539 } }],
  ['outside_hours', { local: { ...asked.local, weekday: 'tue' } }],
  ['view_not_in_grant', { view: 'face', seconded: true }],
  ['view_not_in_grant', { capture: { ...asked.capture, class: 'face' } }],
  ['view_not_in_grant', { view: 'scene', seconded: true }],
  ['needs_second_person', { view: 'scene', capture: { ...asked.capture, class: 'scene' } }],
  ['quota_pictures', { used: { pictures: 2, bytes: 0 } }],
  ['quota_bytes', { used: { pictures: 0, bytes: 4_001 } }],
  ['needs_live_approval', { supervised: true }],
  ['quota_pictures', { supervised: true, used: { pictures: 2, bytes: 0 } }],
])('a contractor is refused with %s', (code, change) => {
  expect(decideView({ ...asked, ...change }, now)).toMatchObject({ kind: 'refuse', code })
})

test('an original is shown with a second person', () => {
  const scene = { view: 'scene', capture: { ...asked.capture, class: 'scene' } } as const
  expect(decideView({ ...asked, ...scene, seconded: true }, now).kind).toBe('allow')
})

test('under supervision a live approval is needed for a plate as for an original, and is enough', () => {
  const scene = { view: 'scene', capture: { ...asked.capture, class: 'scene' } } as const
  for (const what of [{}, scene]) {
    const request = { ...asked, ...what, supervised: true }
    expect(decideView(request, now)).toMatchObject({ code: 'needs_live_approval' })
    expect(decideView({ ...request, seconded: true }, now).kind).toBe('allow')
  }
})

test('the agency’s own people act by their roles, and copies never leave one by one', () => {
  const responder = {
    ...asked,
    grant: null,
    person: { roles: ['responder'], party: 'agency', partyKind: 'agency' },
    purpose: 'incident',
  } as const
  expect(decideView(responder, now).kind).toBe('allow')
  expect(decideView({ ...responder, purpose: 'fault_analysis' }, now)).toMatchObject({
    code: 'purpose_not_for_role',
  })
  expect(decideView({ ...responder, action: 'export' }, now)).toMatchObject({
    code: 'not_for_people',
  })
})
