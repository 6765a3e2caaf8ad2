/**
 * Entries about releases (specs/log.md): copies that leave. They name neither recipient nor picture:
 * both stand behind commitments, and the count of files is that of the manifest, planted ones included.
 */

import { code, hex256, id128, list, oneOf, record, whole } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'
import { decisionShape, policyId } from './grant-entry.ts'
import { limits } from './limits.ts'

/** Copies may be sealed to a key from here on, or no longer. */
export type RecipientEntry = Head<'recipient_added' | 'recipient_revoked'> & {
  readonly recipient: string
  /** Commitment to the party, a space and the key. */
  readonly key: string
  readonly by: string
}

type Decided = {
  readonly release: string
  /** Commitment to the account. */
  readonly by: string
  /** Ids of the policies that decided. */
  readonly policies: readonly string[]
  /** SHA-256, hex, of the policy set in force. */
  readonly policy_set: string
}

/** Somebody asks that copies be handed over. */
export type ReleaseRequestedEntry = Head<'release_requested'> &
  Decided & {
    /** Commitment to what, to whom, for what and until when. */
    readonly terms: string
  }

/** Another person approved or declined; or, once two have, it is made: pictures are unsealed from here on. */
export type ReleaseDecidedEntry = Head<'release_approved' | 'release_declined' | 'release_making'> &
  Decided

/** A step was asked for and refused. */
export type ReleaseRefusedEntry = Head<'release_refused'> &
  Decided & {
    readonly step: 'request_release' | 'approve_release' | 'make_release'
    readonly code: string
  }

/** Every file is sealed to its recipient; written before the first leaves. */
export type ReleaseMadeEntry = Head<'release_made'> & {
  readonly release: string
  /** Of the signed manifest's bytes. */
  readonly manifest_sha256: string
  readonly files: number
}

/** It could not be made, and no file of it leaves. */
export type ReleaseFailedEntry = Head<'release_failed'> & {
  readonly release: string
  readonly code: string
}

/** Somebody wrote down that the recipient says its copies are returned or destroyed. */
export type ReleaseAttestedEntry = Head<'release_attested'> & {
  readonly release: string
  readonly how: 'returned' | 'destroyed'
  /** Commitment to who said so, a line feed, and the hex SHA-256 of what was signed. */
  readonly statement: string
  readonly by: string
}

export type ReleaseLogEntry =
  | RecipientEntry
  | ReleaseRequestedEntry
  | ReleaseDecidedEntry
  | ReleaseRefusedEntry
  | ReleaseMadeEntry
  | ReleaseFailedEntry
  | ReleaseAttestedEntry

/** What was asked for; captures by their ids. */
export type CommittedRelease = {
  readonly party: string
  readonly recipient: string
  readonly purpose: string
  readonly basis: string
  readonly expires_at: string
  readonly captures: readonly string[]
}

/** What the commitment `terms` is to (specs/log.md). */
export function committedRelease(asked: CommittedRelease): string {
  const { party, recipient, purpose, basis, expires_at } = asked
  const captures = asked.captures.toSorted()
  return JSON.stringify({ party, recipient, purpose, basis, expires_at, captures })
}

const decidedShape = {
  release: id128,
  by: hex256,
  policies: list(policyId, 0, limits.policiesMax),
  policy_set: decisionShape.policy_set,
} as const

const decided = record<ReleaseDecidedEntry>({
  ...head('release_approved', 'release_declined', 'release_making'),
  ...decidedShape,
})
const recipient = record<RecipientEntry>({
  ...head('recipient_added', 'recipient_revoked'),
  recipient: id128,
  key: hex256,
  by: hex256,
})

export const releaseEntryShapes = {
  recipient_added: recipient,
  recipient_revoked: recipient,
  release_requested: record<ReleaseRequestedEntry>({
    ...head('release_requested'),
    ...decidedShape,
    terms: hex256,
  }),
  release_approved: decided,
  release_declined: decided,
  release_making: decided,
  release_refused: record<ReleaseRefusedEntry>({
    ...head('release_refused'),
    ...decidedShape,
    step: oneOf(['request_release', 'approve_release', 'make_release']),
    code,
  }),
  release_made: record<ReleaseMadeEntry>({
    ...head('release_made'),
    release: id128,
    manifest_sha256: hex256,
    files: whole(1),
  }),
  release_failed: record<ReleaseFailedEntry>({ ...head('release_failed'), release: id128, code }),
  release_attested: record<ReleaseAttestedEntry>({
    ...head('release_attested'),
    release: id128,
    how: oneOf(['returned', 'destroyed']),
    statement: hex256,
    by: hex256,
  }),
} as const
