/** Requests and grants by chance, thick around the edges that policies have: for comparing engines. */

import { actions, type ViewRequest } from '@sallyport/core/grants/decide-view'
import {
  type Grant,
  grantPurposes,
  type GrantStatus,
  type GrantTerms,
  partyKinds,
  views,
  weekdays,
} from '@sallyport/core/grants/grant'
import { localTimeAt } from '@sallyport/core/grants/local-time'
import { purposes, type ReviewState, roles, type Shift } from '@sallyport/core/opening'

/** A number from 0 up to and without `end`. */
export type Draw = (end: number) => number

/** mulberry32: the same requests for the same seed. */
export function seededDraw(seed: number): Draw {
  let state = seed
  return (end) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * end)
  }
}

const parties = ['agency', 'north-optics', 'gate-works'] as const
const ports = ['north', 'south'] as const
const lanes = ['lane-1', 'lane-2', 'lane-3'] as const
const zone = 'America/Chicago'
const minute = 60_000

/** A grant whose window, hours and quotas lie close to what requests ask. */
export function randomGrant(draw: Draw, now: Date, id: string): Grant {
  const local = localTimeAt(now, zone)
  const from = new Date(now.getTime() + one(draw, [-1, 0, 1, -86_400_000]))
  const terms: GrantTerms = {
    party: one(draw, parties),
    basis: `Work order ${id} "a\\b"`,
    purpose: one(draw, grantPurposes),
    ports: some(draw, ports),
    lanes: draw(2) === 0 ? 'all' : some(draw, lanes),
    views: some(draw, views),
    hours:
      draw(2) === 0
        ? null
        : {
            days: some(draw, weekdays),
            from: Math.max(0, local.minute - draw(2)),
            to: local.minute + draw(2),
          },
    picturesPerDay: 1 + draw(3),
    bytesPerDay: 1_000 + draw(3) * 1_000,
    from,
    until: new Date(now.getTime() + one(draw, [0, 1, 86_400_000])),
    incidentHours: 24,
  }
  return { id, version: 1 + draw(3), terms, status: randomStatus(draw, now) }
}

function randomStatus(draw: Draw, at: Date): GrantStatus {
  const reason = 'it says so'
  return one<GrantStatus>(draw, [
    { kind: 'signed', at },
    { kind: 'signed', at },
    { kind: 'signed', at },
    { kind: 'proposed' },
    { kind: 'suspended', at, reason },
    { kind: 'revoked', at, reason },
  ])
}

/** A request at `now`; most of those with a grant ask what that grant is about. */
export function randomRequest(draw: Draw, now: Date, grants: readonly Grant[]): ViewRequest {
  const grant = draw(3) === 0 ? null : one(draw, grants)
  const fits = grant !== null && draw(4) > 0
  return {
    action: draw(8) === 0 ? one(draw, actions) : 'view',
    person: {
      roles: roles.filter(() => draw(4) === 0),
      party: fits ? grant.terms.party : one(draw, parties),
      partyKind: draw(6) === 0 ? one(draw, partyKinds) : fits ? 'subcontractor' : 'agency',
    },
    capture: {
      class: one(draw, ['scene', 'plate', 'face']),
      port: fits ? one(draw, grant.terms.ports) : one(draw, ports),
      lane: fits && grant.terms.lanes !== 'all' ? one(draw, grant.terms.lanes) : one(draw, lanes),
      receivedAt: aroundAnHourAgo(draw, now),
      review: randomReview(draw, now),
      bytes: 500 + draw(3) * 500,
    },
    view: draw(3) === 0 ? one(draw, views) : 'plate_crop',
    purpose: fits && draw(8) > 0 ? grant.terms.purpose : one(draw, [...purposes, ...grantPurposes]),
    shift: randomShift(draw, now),
    grant,
    used: { pictures: draw(4), bytes: draw(4) * 1_000 },
    seconded: draw(2) === 0,
    supervised: draw(3) === 0,
    local: localTimeAt(now, zone),
  }
}

function randomReview(draw: Draw, now: Date): ReviewState {
  return one<ReviewState>(draw, [
    { kind: 'none' },
    { kind: 'waiting' },
    { kind: 'decided', at: aroundAnHourAgo(draw, now) },
  ])
}

function randomShift(draw: Draw, now: Date): Shift | null {
  if (draw(3) === 0) return null
  const hours = one(draw, [0, 1, 12])
  return {
    lane: one(draw, lanes),
    startedAt: new Date(now.getTime() - hours * 60 * minute - one(draw, [-1, 0, 1])),
  }
}

function aroundAnHourAgo(draw: Draw, now: Date): Date {
  return new Date(now.getTime() - one(draw, [0, minute, 60 * minute]) - one(draw, [-1, 0, 1]))
}

function one<T>(draw: Draw, values: readonly T[]): T {
  const value = values[draw(values.length)]
  if (value === undefined) throw new Error('there is something to choose from')
  return value
}

/** At least one of them. */
function some<T>(draw: Draw, values: readonly T[]): readonly T[] {
  const chosen = values.filter(() => draw(2) === 0)
  return chosen.length > 0 ? chosen : [one(draw, values)]
}
