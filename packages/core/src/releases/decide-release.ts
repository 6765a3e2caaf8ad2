/**
 * Who may ask for a release, approve it and have it made. The hub asks the Cedar policies
 * (specs/policy.md); this is their second opinion, written without them, and it has the words that
 * explain a refusal.
 */

import type { PartyKind } from '../grants/grant.ts'
import type { Role } from '../opening.ts'
import { releaseLimits, type ReleaseState, type ReleaseStep } from './release.ts'

export const releaseRequesters: readonly Role[] = ['supervisor', 'privacy']
export const releaseApprovers: readonly Role[] = ['supervisor', 'privacy', 'auditor']

export type ReleaseRequest = {
  readonly step: ReleaseStep
  readonly person: {
    readonly roles: readonly Role[]
    readonly party: string
    readonly partyKind: PartyKind
  }
  readonly release: {
    readonly state: ReleaseState
    /** What kind of party would have the copies. */
    readonly recipientKind: PartyKind
    /** Whether the key that it would be sealed to is still in force. */
    readonly keyHolds: boolean
    readonly requestedAt: Date
    readonly expiresAt: Date
    readonly files: number
  }
  /** Whether the person is the one who asked for it. */
  readonly own: boolean
  /** Whether the requester or somebody who approved before is of the person's unit. */
  readonly sameUnit: boolean
  /** Approvals that the log has, of people and units that differ. */
  readonly approvals: number
}

export type ReleaseRefusal =
  | 'never_for_contractors'
  | 'release_role'
  | 'release_to_contractor'
  | 'recipient_revoked'
  | 'release_expiry'
  | 'release_empty'
  | 'release_state'
  | 'approves_own_request'
  | 'approves_for_same_unit'
  | 'needs_two_approvers'

export type ReleaseDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly code: ReleaseRefusal; readonly detail: string }

/** Decides one step at hub time `now`. */
export function decideRelease(request: ReleaseRequest, now: Date): ReleaseDecision {
  return byPerson(request) ?? byCopies(request, now) ?? byStep(request) ?? { kind: 'allow' }
}

function byPerson({ step, person }: ReleaseRequest): ReleaseDecision | null {
  if (person.partyKind !== 'agency')
    return refuse('never_for_contractors', 'Only the agency’s own people hand copies out.')
  const may = step === 'approve_release' ? releaseApprovers : releaseRequesters
  return person.roles.some((role) => may.includes(role))
    ? null
    : refuse('release_role', `This needs one of the roles: ${may.join(', ')}.`)
}

function byCopies({ release }: ReleaseRequest, now: Date): ReleaseDecision | null {
  if (release.recipientKind === 'prime' || release.recipientKind === 'subcontractor')
    return refuse(
      'release_to_contractor',
      'No copy goes to a contractor: its people see pictures under a grant, one at a time.',
    )
  if (!release.keyHolds)
    return refuse(
      'recipient_revoked',
      'The recipient’s key was revoked. Add its new key and ask for a new release.',
    )
  if (release.files < 1 || release.files > releaseLimits.capturesMax)
    return refuse('release_empty', `A release has 1 to ${releaseLimits.capturesMax} pictures.`)
  const dayMs = 86_400_000
  if (
    release.expiresAt <= now ||
    release.expiresAt.getTime() - release.requestedAt.getTime() > releaseLimits.daysMax * dayMs
  )
    return refuse(
      'release_expiry',
      `Copies are asked back between now and ${releaseLimits.daysMax} days after the request. Ask anew with another day.`,
    )
  if (now.getTime() - release.requestedAt.getTime() > releaseLimits.requestDaysMax * dayMs)
    return refuse(
      'release_expiry',
      `The request is older than ${releaseLimits.requestDaysMax} days. Ask anew.`,
    )
  return null
}

function byStep({
  step,
  release,
  own,
  sameUnit,
  approvals,
}: ReleaseRequest): ReleaseDecision | null {
  switch (step) {
    case 'request_release':
      return null
    case 'approve_release':
      if (release.state !== 'requested')
        return refuse('release_state', `It cannot be approved: it is ${release.state}.`)
      if (own)
        return refuse('approves_own_request', 'You asked for it. Two others have to approve.')
      return sameUnit
        ? refuse(
            'approves_for_same_unit',
            'The requester or another approver is of your unit. Somebody of another unit approves.',
          )
        : null
    case 'make_release':
      if (release.state !== 'approved' || approvals < releaseLimits.approvalsNeeded)
        return release.state === 'approved' || release.state === 'requested'
          ? refuse('needs_two_approvers', 'Two people of different units have to approve it first.')
          : refuse('release_state', `It cannot be made: it is ${release.state}.`)
      return null
  }
}

function refuse(code: ReleaseRefusal, detail: string): ReleaseDecision {
  return { kind: 'refuse', code, detail }
}
