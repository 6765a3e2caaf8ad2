/**
 * Whether somebody may be shown a capture: by role for the agency's own people, by grant for
 * everybody else. The hub asks the Cedar policies (specs/policy.md); this is their second opinion,
 * written without them, and it has the words that explain a refusal.
 */

import type { CaptureClass } from '../crossing.ts'
import {
  decideOpening,
  type OpeningRefusal,
  type Purpose,
  type ReviewState,
  type Role,
  type Shift,
} from '../opening.ts'
import type { Grant, GrantPurpose, GrantTerms, PartyKind, View } from './grant.ts'
import type { LocalTime } from './local-time.ts'

/** `export` and `train` stand here so that a refusal of them is a decision, too. */
export const actions = ['view', 'export', 'train'] as const
export type Action = (typeof actions)[number]

export type ViewRequest = {
  readonly action: Action
  readonly person: {
    readonly roles: readonly Role[]
    readonly party: string
    readonly partyKind: PartyKind
  }
  readonly capture: {
    readonly class: CaptureClass
    readonly port: string
    readonly lane: string
    readonly receivedAt: Date
    readonly review: ReviewState
    readonly bytes: number
  }
  /** What is to be shown of it. */
  readonly view: View
  readonly purpose: Purpose | GrantPurpose
  readonly shift: Shift | null
  /** The grant that a contractor names; null for the agency's own people. */
  readonly grant: Grant | null
  /** Shown under the grant since local midnight, this one not included. */
  readonly used: { readonly pictures: number; readonly bytes: number }
  /** A person of the agency agreed to this very picture; under supervision, live to this very opening. */
  readonly seconded: boolean
  /** The agency has every opening of the asker's party approved live. */
  readonly supervised: boolean
  readonly local: LocalTime
}

export type ViewRefusal =
  | OpeningRefusal
  | 'never_for_contractors'
  | 'not_for_people'
  | 'no_grant'
  | 'grant_of_another_party'
  | 'grant_not_signed'
  | 'grant_suspended'
  | 'grant_revoked'
  | 'grant_not_begun'
  | 'grant_over'
  | 'outside_hours'
  | 'outside_ports'
  | 'outside_lanes'
  | 'purpose_not_in_grant'
  | 'view_not_in_grant'
  | 'needs_second_person'
  | 'needs_live_approval'
  | 'quota_pictures'
  | 'quota_bytes'

export type ViewDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly code: ViewRefusal; readonly detail: string }

/** Decides at hub time `now`. */
export function decideView(request: ViewRequest, now: Date): ViewDecision {
  const { action, person } = request
  if (action !== 'view') {
    return person.partyKind === 'agency'
      ? refuse('not_for_people', 'Copies leave by a release with two approvers, never one by one.')
      : refuse('never_for_contractors', 'No grant can carry export or training.')
  }
  return person.partyKind === 'agency' ? byRole(request, now) : byGrant(request, now)
}

function byRole(request: ViewRequest, now: Date): ViewDecision {
  const { person, capture, purpose, shift } = request
  if (!isPurpose(purpose)) {
    return refuse('purpose_not_for_role', `None of your roles may open a picture for ${purpose}.`)
  }
  return decideOpening(
    {
      roles: person.roles,
      purpose,
      captureClass: capture.class,
      lane: capture.lane,
      receivedAt: capture.receivedAt,
      shift,
      review: capture.review,
    },
    now,
  )
}

function byGrant(request: ViewRequest, now: Date): ViewDecision {
  const { grant, person, purpose } = request
  if (grant === null) {
    return refuse('no_grant', 'Contractors see pictures under a grant only. Name the grant.')
  }
  const { terms } = grant
  if (terms.party !== person.party) {
    return refuse('grant_of_another_party', `Grant ${grant.id} belongs to another party.`)
  }
  const standing = standingOf(grant, now)
  if (standing !== null) return standing
  if (purpose !== terms.purpose) {
    return refuse('purpose_not_in_grant', `The grant is for ${terms.purpose}, not for ${purpose}.`)
  }
  return inPlace(request, terms) ?? inMeasure(request, terms)
}

function standingOf({ status, terms }: Grant, now: Date): ViewDecision | null {
  switch (status.kind) {
    case 'proposed':
      return refuse('grant_not_signed', 'The grant waits for its second signature.')
    case 'suspended':
      return refuse('grant_suspended', `The grant is suspended: ${status.reason}`)
    case 'revoked':
      return refuse('grant_revoked', `The grant is revoked: ${status.reason}`)
    case 'signed':
      if (now < terms.from)
        return refuse('grant_not_begun', `The grant begins ${terms.from.toISOString()}.`)
      if (now >= terms.until)
        return refuse('grant_over', `The grant ended ${terms.until.toISOString()}.`)
      return null
  }
}

function inPlace({ capture, local }: ViewRequest, terms: GrantTerms): ViewDecision | null {
  if (!terms.ports.includes(capture.port))
    return refuse('outside_ports', `The grant does not cover port ${capture.port}.`)
  if (terms.lanes !== 'all' && !terms.lanes.includes(capture.lane))
    return refuse('outside_lanes', `The grant does not cover lane ${capture.lane}.`)
  const { hours } = terms
  if (
    hours !== null &&
    (!hours.days.includes(local.weekday) || local.minute < hours.from || local.minute >= hours.to)
  ) {
    return refuse('outside_hours', 'It is outside the hours of the grant at this port.')
  }
  return null
}

function inMeasure(request: ViewRequest, terms: GrantTerms): ViewDecision {
  const { view, seconded, supervised, used, capture } = request
  if (!terms.views.includes(view) || !isOf(view, capture.class))
    return refuse('view_not_in_grant', `The grant does not show ${view} of a ${capture.class}.`)
  // Under supervision the live approval is asked for last: nobody is called for what is refused anyway.
  if (view !== 'plate_crop' && !seconded && !supervised) {
    return refuse(
      'needs_second_person',
      'An original needs a person of the agency beside you. Ask for it; the plate crop needs none.',
    )
  }
  if (used.pictures + 1 > terms.picturesPerDay)
    return refuse('quota_pictures', `The ${terms.picturesPerDay} pictures of today are used up.`)
  if (used.bytes + capture.bytes > terms.bytesPerDay)
    return refuse('quota_bytes', `The ${terms.bytesPerDay} bytes of today are used up.`)
  if (supervised && !seconded)
    return refuse(
      'needs_live_approval',
      'Your party works under supervision: a person of the agency approves each opening live, and nobody approved this one.',
    )
  return { kind: 'allow' }
}

/** A plate is cut out of a scene or a plate's picture; every other view is the capture itself. */
function isOf(view: View, captureClass: CaptureClass): boolean {
  return view === 'plate_crop' ? captureClass !== 'face' : view === captureClass
}

function isPurpose(purpose: Purpose | GrantPurpose): purpose is Purpose {
  return (
    purpose !== 'fault_analysis' && purpose !== 'review_support' && purpose !== 'incident_support'
  )
}

function refuse(code: ViewRefusal, detail: string): ViewDecision {
  return { kind: 'refuse', code, detail }
}
