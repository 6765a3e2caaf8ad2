/** Entries about keys (specs/log.md): what was made, used in place of another, and destroyed. */

import { code, day, hex256, id128, instant, name, oneOf, record, whole } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'

/** A KEK comes into being; written before anything is put under it. */
export type KekCreatedEntry = Head<'kek_created'> & {
  readonly kek: string
  readonly class: string
  readonly day: string
  readonly port: string
  /** `hold`: for what a legal hold keeps of the day. */
  readonly use: 'day' | 'hold'
}

/** A KEK will be destroyed, written before; or every holder has confirmed that it is gone. */
export type KekDestroyedEntry = Head<'kek_destruction_requested' | 'kek_destroyed'> & {
  readonly kek: string
}

/** The hub opened its keystore: from here on it can use every KEK in it. */
export type KeystoreOpenedEntry = Head<'keystore_opened'> & {
  /** Who guards the store key. */
  readonly holder: string
  /** SHA-256 of what the holder calls its own key. */
  readonly reference_sha256: string
  /** Store keys so far. */
  readonly generation: number
  readonly keks: number
}

/** The store key is under another root from here on; or a root was put together from its shares. */
export type RootEntry = Head<'root_replaced' | 'root_recovered'> & {
  readonly holder: string
  readonly reference_sha256: string
  readonly generation: number
}

/** The root was split: so many shares were shown, of which so many put it together. */
export type RootSharedEntry = Head<'root_shared'> & {
  readonly reference_sha256: string
  readonly shares: number
  readonly threshold: number
}

/** A device signed that it will send nothing more of some days. */
export type DayClosedEntry = Head<'day_closed'> & {
  readonly device: string
  readonly through: string
  readonly last_sequence: number
  /** Of the signed statement. */
  readonly statement_sha256: string
}

/** One of two people declares that what has not come of a day is lost. */
export type EpochRestLostEntry = Head<'epoch_rest_lost'> & {
  readonly port: string
  readonly day: string
  /** Commitment to the account. */
  readonly by: string
}

/** The identity of an epoch will be destroyed, written before: nothing sealed to it opens after. */
export type EpochDestroyedEntry = Head<'epoch_destroyed'> & {
  readonly port: string
  readonly day: string
  readonly recipient_sha256: string
  /** Why: all of it is here, two people declared the rest lost, it is too old, or another replaced it. */
  readonly how: 'closed' | 'declared_lost' | 'expired' | 'rotated_out'
}

/** From a day on the identities of a port are other ones; written before any of them is made. */
export type EpochsRotatedEntry = Head<'epochs_rotated'> & {
  readonly port: string
  /** That of the containment step that asked for it. */
  readonly rotation: string
  /** What announcements say from here on; later than that of any rotation before. */
  readonly rotated_at: string
  /** The first UTC day. */
  readonly from: string
  readonly why: 'incident' | 'restored'
}

/** A person said what time it is; from here on what is too old is destroyed by the hub's clock again. */
export type ClockConfirmedEntry = Head<'clock_confirmed'> & {
  /** When the clock was last believed. */
  readonly trusted_at: string
  /** Commitment to the account. */
  readonly by: string
}

export type KeyLogEntry =
  | KekCreatedEntry
  | KekDestroyedEntry
  | KeystoreOpenedEntry
  | RootEntry
  | RootSharedEntry
  | DayClosedEntry
  | EpochRestLostEntry
  | EpochDestroyedEntry
  | EpochsRotatedEntry
  | ClockConfirmedEntry

const destroyedShape = record<KekDestroyedEntry>({
  ...head('kek_destruction_requested', 'kek_destroyed'),
  kek: id128,
})

const rootShape = record<RootEntry>({
  ...head('root_replaced', 'root_recovered'),
  holder: code,
  reference_sha256: hex256,
  generation: whole(1),
})

export const keyEntryShapes = {
  kek_created: record<KekCreatedEntry>({
    ...head('kek_created'),
    kek: id128,
    class: code,
    day,
    port: name,
    use: oneOf(['day', 'hold']),
  }),
  kek_destruction_requested: destroyedShape,
  kek_destroyed: destroyedShape,
  keystore_opened: record<KeystoreOpenedEntry>({
    ...head('keystore_opened'),
    holder: code,
    reference_sha256: hex256,
    generation: whole(1),
    keks: whole(0),
  }),
  root_replaced: rootShape,
  root_recovered: rootShape,
  root_shared: record<RootSharedEntry>({
    ...head('root_shared'),
    reference_sha256: hex256,
    shares: whole(2),
    threshold: whole(2),
  }),
  day_closed: record<DayClosedEntry>({
    ...head('day_closed'),
    device: id128,
    through: day,
    last_sequence: whole(0),
    statement_sha256: hex256,
  }),
  epoch_rest_lost: record<EpochRestLostEntry>({
    ...head('epoch_rest_lost'),
    port: name,
    day,
    by: hex256,
  }),
  epoch_destroyed: record<EpochDestroyedEntry>({
    ...head('epoch_destroyed'),
    port: name,
    day,
    recipient_sha256: hex256,
    how: oneOf(['closed', 'declared_lost', 'expired', 'rotated_out']),
  }),
  epochs_rotated: record<EpochsRotatedEntry>({
    ...head('epochs_rotated'),
    port: name,
    rotation: id128,
    rotated_at: instant,
    from: day,
    why: oneOf(['incident', 'restored']),
  }),
  clock_confirmed: record<ClockConfirmedEntry>({
    ...head('clock_confirmed'),
    trusted_at: instant,
    by: hex256,
  }),
} as const
