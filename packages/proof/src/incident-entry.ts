/** Entries about scopes and incidents (specs/log.md). What was asked and found stands behind commitments. */

import { code, day, hex256, id128, oneOf, record, whole } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'

/** Somebody was told the extent of an exposure; written before they were. */
export type ScopeStatedEntry = Head<'scope_stated'> & {
  readonly scope: string
  readonly version: number
  /** Commitment to the scope's document: question, numbers and reason (specs/scope.md). */
  readonly document: string
  readonly by: string
  readonly incident?: string
  /** The version before. */
  readonly revises?: string
}

/**
 * Templates of faces are opened, in the hub's memory only, to see which people of a scope are the same;
 * written before they are.
 */
export type ScopeFacesEntry = Head<'scope_faces_opened'> & {
  readonly scope: string
  /** How many templates. */
  readonly faces: number
  /** SHA-256, hex, of the ids of their pictures in order, each with a line feed. */
  readonly captures: string
  /** Commitment to the account, as in the scope's own entry. */
  readonly by: string
}

/** The rows of a month that is over, as a second engine counts them, stand in files with these hashes. */
export type ScopeMonthEntry = Head<'scope_month_exported'> & {
  readonly export: string
  /** The first day of the month, in UTC. */
  readonly month: string
  /** SHA-256, hex, of the list of its files (specs/scope.md). */
  readonly files: string
}

/** A second engine counted a scope again. */
export type ScopeRecountedEntry = Head<'scope_recounted'> & {
  readonly scope: string
  readonly outcome: 'agrees' | 'differs'
  readonly by: string
}

/** The hub follows an incident from here on, or no longer. */
export type IncidentEntry = Head<'incident_opened' | 'incident_closed'> & {
  readonly incident: string
  readonly by: string
}

/** Somebody without an account reported a suspicion; written before they have their receipt number. */
export type IncidentReportedEntry = Head<'incident_reported'> & {
  readonly report: string
  readonly incident: string
  /** Commitment to what was reported. */
  readonly said: string
}

export const containmentActs = [
  'grants_suspended',
  'account_disabled',
  'device_quarantined',
  'retention_frozen',
  'epoch_declared_lost',
  'epochs_rotated',
  'earlier_keys_given_up',
] as const
export type ContainmentAct = (typeof containmentActs)[number]

/** Something is cut off; written before it is. */
export type ContainmentEntry = Head<'containment'> & {
  readonly step: string
  readonly incident: string
  readonly act: ContainmentAct
  /** Commitment to whom or what. */
  readonly target: string
  readonly by: string
}

/** It is let back in; written before it is. */
export type ContainmentLiftedEntry = Head<'containment_lifted'> & {
  readonly step: string
  readonly by: string
}

/** A notice went out. */
export type NoticeSentEntry = Head<'notice_sent'> & {
  readonly notice: string
  readonly incident: string
  /** Which duty it answers. */
  readonly rule: string
  readonly version: number
  /** Commitment to its text. */
  readonly text: string
  /** SHA-256, hex, of what shows that it was sent. */
  readonly proof_sha256: string
  readonly by: string
}

/** Somebody was told what is held of a traveller; written before they were. */
export type SubjectRequestEntry = Head<'subject_request'> & {
  readonly request: string
  /** Commitment to whom it is about. */
  readonly subject: string
  /** Commitment to what was answered. */
  readonly answer: string
  readonly by: string
}

export type IncidentLogEntry =
  | ScopeStatedEntry
  | ScopeFacesEntry
  | ScopeMonthEntry
  | ScopeRecountedEntry
  | IncidentEntry
  | IncidentReportedEntry
  | ContainmentEntry
  | ContainmentLiftedEntry
  | NoticeSentEntry
  | SubjectRequestEntry

const incidentShape = record<IncidentEntry>({
  ...head('incident_opened', 'incident_closed'),
  incident: id128,
  by: hex256,
})

export const incidentEntryShapes = {
  scope_stated: record<ScopeStatedEntry>(
    {
      ...head('scope_stated'),
      scope: id128,
      version: whole(1),
      document: hex256,
      by: hex256,
      incident: id128,
      revises: id128,
    },
    ['incident', 'revises'],
  ),
  scope_faces_opened: record<ScopeFacesEntry>({
    ...head('scope_faces_opened'),
    scope: id128,
    faces: whole(0),
    captures: hex256,
    by: hex256,
  }),
  scope_month_exported: record<ScopeMonthEntry>({
    ...head('scope_month_exported'),
    export: id128,
    month: day,
    files: hex256,
  }),
  scope_recounted: record<ScopeRecountedEntry>({
    ...head('scope_recounted'),
    scope: id128,
    outcome: oneOf(['agrees', 'differs']),
    by: hex256,
  }),
  incident_opened: incidentShape,
  incident_closed: incidentShape,
  incident_reported: record<IncidentReportedEntry>({
    ...head('incident_reported'),
    report: id128,
    incident: id128,
    said: hex256,
  }),
  containment: record<ContainmentEntry>({
    ...head('containment'),
    step: id128,
    incident: id128,
    act: oneOf(containmentActs),
    target: hex256,
    by: hex256,
  }),
  containment_lifted: record<ContainmentLiftedEntry>({
    ...head('containment_lifted'),
    step: id128,
    by: hex256,
  }),
  notice_sent: record<NoticeSentEntry>({
    ...head('notice_sent'),
    notice: id128,
    incident: id128,
    rule: code,
    version: whole(1),
    text: hex256,
    proof_sha256: hex256,
    by: hex256,
  }),
  subject_request: record<SubjectRequestEntry>({
    ...head('subject_request'),
    request: id128,
    subject: hex256,
    answer: hex256,
    by: hex256,
  }),
} as const
