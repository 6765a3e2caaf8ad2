/**
 * Entries about what is kept and what is shredded (specs/log.md). They name no crossing: what was
 * shredded and what is held are commitments, whose salts go when they are no longer needed.
 */

import { day, hex256, id128, oneOf, record, whole } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'
import { type BodyClass, bodyClasses } from './manifest.ts'

/** A person chose how long things are kept, from here on. */
export type RetentionPolicyEntry = Head<'retention_policy'> & {
  readonly policy: string
  /** Of the policy as JSON without white space; it holds nothing personal. */
  readonly policy_sha256: string
  /** Commitment to the account. */
  readonly by: string
}

/** A person asks that something be kept from shredding; it holds once another has approved. */
export type HoldRequestedEntry = Head<'hold_requested'> & {
  readonly hold: string
  /** Commitment to what it covers and until when. */
  readonly scope: string
  readonly by: string
}

/** Another person approved; or somebody lifted it. */
export type HoldEntry = Head<'hold_approved' | 'hold_lifted'> & {
  readonly hold: string
  readonly by: string
}

/** Bodies of one class and UTC day will be shredded; written before anything is destroyed. */
export type ShredRequestedEntry = Head<'shred_requested'> & {
  readonly shredding: string
  /** Of the policy version by which they are due; absent where faces are forgotten. */
  readonly policy?: string
  readonly class: BodyClass
  readonly day: string
  readonly bodies: number
  /** Commitment to the ids of their captures, ascending, a line feed between them. */
  readonly what: string
}

/** Every holder of the keystore has confirmed that the key is gone, and the rows are gone too. */
export type ShredEffectiveEntry = Head<'shred_effective'> & { readonly shredding: string }

/** A hold came before anything was destroyed: nothing of it was. */
export type ShredStoppedEntry = Head<'shred_stopped'> & { readonly shredding: string }

export type RetentionLogEntry =
  | RetentionPolicyEntry
  | HoldRequestedEntry
  | HoldEntry
  | ShredRequestedEntry
  | ShredEffectiveEntry
  | ShredStoppedEntry

/** What the commitment `what` is to. */
export function committedBodies(captures: readonly string[]): string {
  return captures.toSorted().join('\n')
}

/** What a hold covers; the keys that its kind has not are null. */
export type CommittedScope = {
  readonly kind: string
  readonly crossing: string | null
  readonly plate: string | null
  readonly lane: string | null
  readonly from_day: string | null
  readonly to_day: string | null
  readonly expires_at: string
}

/** What the commitment `scope` is to (specs/log.md). */
export function committedScope(scope: CommittedScope): string {
  const { kind, crossing, plate, lane, from_day, to_day, expires_at } = scope
  return JSON.stringify({ kind, crossing, plate, lane, from_day, to_day, expires_at })
}

const holdShape = record<HoldEntry>({
  ...head('hold_approved', 'hold_lifted'),
  hold: id128,
  by: hex256,
})

export const retentionEntryShapes = {
  retention_policy: record<RetentionPolicyEntry>({
    ...head('retention_policy'),
    policy: id128,
    policy_sha256: hex256,
    by: hex256,
  }),
  hold_requested: record<HoldRequestedEntry>({
    ...head('hold_requested'),
    hold: id128,
    scope: hex256,
    by: hex256,
  }),
  hold_approved: holdShape,
  hold_lifted: holdShape,
  shred_requested: record<ShredRequestedEntry>(
    {
      ...head('shred_requested'),
      shredding: id128,
      policy: id128,
      class: oneOf(bodyClasses),
      day,
      bodies: whole(1),
      what: hex256,
    },
    ['policy'],
  ),
  shred_effective: record<ShredEffectiveEntry>({ ...head('shred_effective'), shredding: id128 }),
  shred_stopped: record<ShredStoppedEntry>({ ...head('shred_stopped'), shredding: id128 }),
} as const
