/** Entries about keys (specs/log.md): what was made, used in place of another, and destroyed. */

import { code, day, hex256, id128, name, oneOf, record, whole } from './canonical-json.ts'
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

export type KeyLogEntry = KekCreatedEntry | KekDestroyedEntry | KeystoreOpenedEntry

const destroyedShape = record<KekDestroyedEntry>({
  ...head('kek_destruction_requested', 'kek_destroyed'),
  kek: id128,
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
} as const
