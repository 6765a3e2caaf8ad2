/**
 * Entries of the agency's log (specs/log.md). They hold no personal data: random ids, classes,
 * codes, hashes of sealed bodies, and salted commitments where a person stands behind something.
 */

import { sha256 } from '@noble/hashes/sha2.js'

import { concat, toHex, utf8 } from './bytes.ts'
import {
  byKind,
  code,
  decodeJson,
  encodeJson,
  hex256,
  id128,
  list,
  oneOf,
  record,
} from './canonical-json.ts'
import { type DeviceLogEntry, deviceEntryShapes } from './device-entry.ts'
import { type Head, head } from './entry-head.ts'
import { type FaceLogEntry, faceEntryShapes } from './face-entry.ts'
import {
  type DecisionPart,
  decisionKeys,
  decisionShape,
  type GrantLogEntry,
  grantEntryShapes,
} from './grant-entry.ts'
import { type IncidentLogEntry, incidentEntryShapes } from './incident-entry.ts'
import { type KeyLogEntry, keyEntryShapes } from './key-entry.ts'
import { type LeakLogEntry, leakEntryShapes } from './leak-entry.ts'
import { limits } from './limits.ts'
import { type BodyClass, bodyClasses } from './manifest.ts'
import { type PassengerListEntry, passengerEntryShapes } from './passenger-entry.ts'
import { type Refused, refuse } from './refusal.ts'
import { type ReleaseLogEntry, releaseEntryShapes } from './release-entry.ts'
import { type RestoredEntry, restoreEntryShapes } from './restore-entry.ts'
import { type RetentionLogEntry, retentionEntryShapes } from './retention-entry.ts'
import { type ReviewLogEntry, reviewEntryShapes } from './review-entry.ts'
import { type StayLogEntry, stayEntryShapes } from './stay-entry.ts'
import { type WatchLogEntry, watchEntryShapes } from './watch-entry.ts'
import { type WindowLogEntry, windowEntryShapes } from './window-entry.ts'

/** The hub took in a crossing, or a gap (then without bodies). */
export type CrossingEntry = Head<'crossing'> & {
  readonly crossing: string
  readonly manifest_sha256: string
  readonly bodies: readonly { readonly class: BodyClass; readonly sha256: string }[]
}

/** A sealed body is opened for one person and purpose; written before anything is shown. */
export type OpeningEntry = Head<'opening'> & {
  readonly opening: string
  readonly capture: string
  readonly class: BodyClass
  /** Of the detached age body. */
  readonly sha256: string
  readonly purpose: string
  /** Commitment to the account. */
  readonly by: string
} & DecisionPart & {
    /** The KEK that its file key is under; absent where a hub of before left it under its epoch. */
    readonly kek?: string
  }

/** An opening was asked for and refused. */
export type OpeningRefusedEntry = Head<'opening_refused'> & {
  readonly opening: string
  readonly capture: string
  readonly class: BodyClass
  /** Why, as `core` says. */
  readonly code: string
  readonly purpose: string
  readonly by: string
} & DecisionPart

export type DeviceEntry = Head<'device_enrolled' | 'device_revoked'> & {
  readonly device: string
  readonly public_key_sha256: string
}

/** `account_changed`: what the agency's sign-in says of a person gives them other roles or another unit. */
export type AccountEntry = Head<'account_created' | 'account_changed' | 'session_started'> & {
  readonly by: string
}

export type AlarmEntry = Head<'alarm'> & {
  readonly alarm: string
  readonly alarm_kind: string
  /** Absent when the alarm is not about a device. */
  readonly device?: string
}

/** A token for the plate reader came into being, or was revoked. */
export type TokenEntry = Head<'token_issued' | 'token_revoked'> & {
  readonly token: string
  readonly by: string
}

/** The plate reader is asked with a token; written before the picture is looked at. */
export type ReadingEntry = Head<'reading'> & { readonly reading: string; readonly token: string }

/** Somebody is told of events from now on, with or without plates, or no longer. */
export type SubscriptionEntry = Head<'subscription_started' | 'subscription_ended'> & {
  readonly subscription: string
  readonly purpose: string
  readonly plates: 'with_plates' | 'without_plates'
  readonly by: string
}

/** A plate in clear is sent to a subscription; written before the first attempt. */
export type PlateSentEntry = Head<'plate_sent'> & {
  readonly subscription: string
  readonly crossing: string
}

export type LogStartedEntry = Head<'log_started'>

export type LogEntry =
  | CrossingEntry
  | OpeningEntry
  | OpeningRefusedEntry
  | DeviceEntry
  | DeviceLogEntry
  | AccountEntry
  | AlarmEntry
  | TokenEntry
  | ReadingEntry
  | SubscriptionEntry
  | PlateSentEntry
  | ReleaseLogEntry
  | FaceLogEntry
  | RetentionLogEntry
  | GrantLogEntry
  | IncidentLogEntry
  | ReviewLogEntry
  | StayLogEntry
  | PassengerListEntry
  | WatchLogEntry
  | WindowLogEntry
  | RestoredEntry
  | KeyLogEntry
  | LeakLogEntry
  | LogStartedEntry

export type ParsedEntry =
  | { readonly kind: 'entry'; readonly entry: LogEntry }
  | Refused<'malformed_entry'>

const deviceShape = record<DeviceEntry>({
  ...head('device_enrolled', 'device_revoked'),
  device: id128,
  public_key_sha256: hex256,
})
const accountShape = record<AccountEntry>({
  ...head('account_created', 'account_changed', 'session_started'),
  by: hex256,
})

const tokenShape = record<TokenEntry>({
  ...head('token_issued', 'token_revoked'),
  token: id128,
  by: hex256,
})
const subscriptionShape = record<SubscriptionEntry>({
  ...head('subscription_started', 'subscription_ended'),
  subscription: id128,
  purpose: code,
  plates: oneOf(['with_plates', 'without_plates']),
  by: hex256,
})

const entryShape = byKind<LogEntry>({
  crossing: record<CrossingEntry>({
    ...head('crossing'),
    crossing: id128,
    manifest_sha256: hex256,
    bodies: list(record({ class: oneOf(bodyClasses), sha256: hex256 }), 0, limits.bodiesMax),
  }),
  opening: record<OpeningEntry>(
    {
      ...head('opening'),
      opening: id128,
      capture: id128,
      class: oneOf(bodyClasses),
      sha256: hex256,
      purpose: code,
      by: hex256,
      ...decisionShape,
      kek: id128,
    },
    [...decisionKeys, 'kek'],
  ),
  opening_refused: record<OpeningRefusedEntry>(
    {
      ...head('opening_refused'),
      opening: id128,
      capture: id128,
      class: oneOf(bodyClasses),
      code,
      purpose: code,
      by: hex256,
      ...decisionShape,
    },
    decisionKeys,
  ),
  ...deviceEntryShapes,
  ...grantEntryShapes,
  ...incidentEntryShapes,
  device_enrolled: deviceShape,
  device_revoked: deviceShape,
  account_created: accountShape,
  account_changed: accountShape,
  session_started: accountShape,
  alarm: record<AlarmEntry>({ ...head('alarm'), alarm: id128, alarm_kind: code, device: id128 }, [
    'device',
  ]),
  ...faceEntryShapes,
  ...reviewEntryShapes,
  ...stayEntryShapes,
  ...passengerEntryShapes,
  token_issued: tokenShape,
  token_revoked: tokenShape,
  reading: record<ReadingEntry>({ ...head('reading'), reading: id128, token: id128 }),
  subscription_started: subscriptionShape,
  subscription_ended: subscriptionShape,
  plate_sent: record<PlateSentEntry>({
    ...head('plate_sent'),
    subscription: id128,
    crossing: id128,
  }),
  ...watchEntryShapes,
  ...windowEntryShapes,
  ...releaseEntryShapes,
  ...retentionEntryShapes,
  ...restoreEntryShapes,
  ...leakEntryShapes,
  ...keyEntryShapes,
  log_started: record<LogStartedEntry>(head('log_started')),
})

/** The bytes that are appended. Throws when the entry does not fit its shape: it is ours. */
export function encodeEntry(entry: LogEntry): Uint8Array {
  return encodeJson(entryShape, entry)
}

/** Reads the bytes of an entry of our log. Never throws. */
export function parseEntry(bytes: Uint8Array): ParsedEntry {
  const decoded = decodeJson(entryShape, bytes, limits.entryMax)
  if (decoded.kind === 'problem') return refuse('malformed_entry', decoded.detail)
  return { kind: 'entry', entry: decoded.value }
}

/**
 * A commitment to a person, plate or account: hex SHA-256 of a 16-byte salt and UTF-8 `value`.
 * Whoever holds salt and value can show what an entry speaks of; once the salt is shredded nobody
 * can, and the entry stays provable.
 */
export function commit(salt: Uint8Array, value: string): string {
  if (salt.length !== 16) throw new Error('a salt has 16 bytes')
  return toHex(sha256(concat(salt, utf8(value))))
}
