/** Who is told of an incident, and who may do what about it. Pure; the hub carries out. */

import type { Role } from '../opening.ts'

/** Who may open an incident, and be told of one when they need to know. */
export const incidentRoles: readonly Role[] = ['responder', 'privacy', 'supervisor', 'auditor']

export type Asker = { readonly id: string; readonly roles: readonly Role[] }

export type Room = {
  /** Accounts that need to know, now. */
  readonly members: readonly string[]
  /** Accounts that it is about. */
  readonly about: readonly string[]
}

/**
 * Whether somebody may know that the incident is there. Whoever it is about may not, member or not; the
 * inspector always may, so that an incident of the team itself is in somebody's hands.
 */
export function mayEnter({ members, about }: Room, { id, roles }: Asker): boolean {
  if (about.includes(id)) return false
  return roles.includes('auditor') || (members.includes(id) && holdsRole(roles))
}

function holdsRole(roles: readonly Role[]): boolean {
  return roles.some((role) => incidentRoles.includes(role))
}

export type RoomRefusal = 'incident_about_them' | 'inspector_stays' | 'incident_closed'
export type RoomDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly code: RoomRefusal; readonly detail: string }

/** Whether somebody may be told of it from now on. */
export function decideMember({ about }: Pick<Room, 'about'>, { id, roles }: Asker): RoomDecision {
  if (about.includes(id)) return refuse('incident_about_them', 'The incident is about this person.')
  return holdsRole(roles)
    ? { kind: 'allow' }
    : refuse(
        'incident_about_them',
        `Somebody in the room holds one of the roles ${incidentRoles.join(', ')}.`,
      )
}

/** Whether this account may be cut off by somebody who is in the room. */
export function decideDisabling(target: Asker, by: Asker): RoomDecision {
  // Else whoever is suspected could get rid of the inspector first.
  return target.roles.includes('auditor') && !by.roles.includes('auditor')
    ? refuse(
        'inspector_stays',
        'An auditor keeps their access. Only another auditor can take it away.',
      )
    : { kind: 'allow' }
}

/**
 * When clocks that count from the first suspicion begin: with the earliest that anybody in the chain had,
 * whenever it was that they said so.
 */
export function firstSuspicion(known: Date, reported: readonly Date[]): Date {
  return new Date(Math.min(known.getTime(), ...reported.map((at) => at.getTime())))
}

function refuse(code: RoomRefusal, detail: string): RoomDecision {
  return { kind: 'refuse', code, detail }
}
