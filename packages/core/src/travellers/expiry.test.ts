/** Hazards of keeping lists: one of yesterday, one of next year, one that does not say. */

import { expect, test } from 'vitest'

import { openZone } from '../stays/zone.ts'
import { expiryOf } from './expiry.ts'

const zone = openZone('America/Chicago')
const now = new Date('2026-11-22T15:00:00Z')

test.for([
  ['arrives today', '2026-11-22T11:30', '2026-11-23T17:30:00.000Z'],
  ['arrived a day and a minute ago', '2026-11-21T08:59', null],
  ['arrives in two weeks less a day', '2026-12-05T08:59', '2026-12-06T14:59:00.000Z'],
  ['arrives in two weeks', '2026-12-06T09:01', null],
  ['does not say', null, '2026-11-24T15:00:00.000Z'],
] as const)('a list that %s', ([, arrivesAt, expected]) => {
  const expiry = expiryOf({ arrivesAt }, zone, now)
  expect(expiry.kind === 'until' ? expiry.at.toISOString() : null).toBe(expected)
})
