/**
 * Where KEKs live: symmetric keys of one class, day and port, under which the file keys of stored
 * seals are wrapped (specs/seal.md, KEKs). Whoever has rows and vault but no keystore opens nothing;
 * a KEK that is destroyed takes everything under it along.
 */

import type { Unwrapped } from '@sallyport/proof/node/age-payload'

/**
 * The folders below `keys/` that no backup may contain: with them a restored backup would bring back
 * what was shredded (specs/seal.md, What is never backed up).
 */
export const neverInBackups = ['epochs', 'keystore'] as const

export const keystoreLimits = {
  /** 40 years of 8 classes, and holds: about 30 MB of keystore. */
  keksMax: 131_072,
  /** Destructions that wait for a holder. */
  retiredMax: 1024,
  fileBytesMax: 64 * 1024 * 1024,
  /** A holder over the network. */
  holderMsMax: 15_000,
  holderAnswerMax: 64 * 1024,
  passphraseMin: 12,
  passphraseMax: 1024,
} as const

/** What a KEK is for: the bodies of a class on a day, or those of them that a legal hold keeps. */
export type KekScope = {
  /** A body class, or what the hub seals itself (`label_set`): lower case and underscores. */
  readonly class: string
  /** UTC day of the epoch, `YYYY-MM-DD`. */
  readonly day: string
  readonly port: string
  readonly use: 'day' | 'hold'
}

export type KekInfo = KekScope & {
  /** Random, 32 hex digits. */
  readonly id: string
  readonly createdAt: Date
}

/** Somebody who could still bring a destroyed KEK back. */
export type Outstanding = {
  /** `files`, `copy:<folder>`, or the kind of the store key's holder. */
  readonly holder: string
  /** When it has promised to have forgotten; null when it has not been reached. */
  readonly until: Date | null
}

/** KEKs that were destroyed together. Effective once nobody is outstanding. */
export type Destruction = {
  readonly keks: readonly string[]
  readonly requestedAt: Date
  readonly outstanding: readonly Outstanding[]
}

export type KeystoreStatus = {
  /** Counts the store keys so far: each destruction replaces it. */
  readonly generation: number
  readonly holder: string
  /** What the holder calls the key that guards the store key. */
  readonly reference: string
  readonly keks: number
  /** Destructions that are not settled. */
  readonly pending: readonly Destruction[]
}

export type Keystore = {
  list(): readonly KekInfo[]
  /** `gone`: it was destroyed and every holder has confirmed, or it never was. */
  stateOf(kek: string): 'present' | 'retiring' | 'gone'
  /** The KEK made last for a scope, which new seals go under; null when there is none. */
  newest(scope: KekScope): KekInfo | null
  /** Makes a KEK under an id of the caller's, who has logged it. Durable when this resolves. */
  create(id: string, scope: KekScope): Promise<KekInfo>
  /** A stored header that holds `fileKey`. Throws when there is no such KEK. */
  wrap(kek: string, fileKey: Uint8Array): Uint8Array
  /** The file key in a stored header; null when this keystore has no such KEK (any more). */
  unwrap(kek: string, header: Uint8Array): Unwrapped | null
  /**
   * Destroys KEKs, which need not be there: from here on they open nothing in this process, and when
   * this resolves the keystore on the disk is without them, under another store key.
   */
  destroy(ids: readonly string[]): Promise<Destruction>
  /**
   * Brings copies up to date and asks holders again. Answers the destructions that are effective: each
   * time, until `settle` was told that they are logged.
   */
  confirm(): Promise<readonly Destruction[]>
  /** Forgets destructions that are effective. */
  settle(effective: readonly Destruction[]): Promise<void>
  status(): KeystoreStatus
  /** Puts everything under another store key and `holder`; the old store key is forgotten. */
  rotate(holder: Holder): Promise<void>
  /** Waits for what is being written. */
  close(): Promise<void>
}

/** A store key as its holder gave it back: only the holder can open it. */
export type HeldKey = {
  readonly holder: string
  /** What the holder calls its own key. */
  readonly reference: string
  readonly wrapped: Uint8Array
}

/** Who guards the store key. One instance guards many, one after the other. */
export type Holder = {
  /** `file`, `aws_kms`, `vault_transit`, `pkcs11`. */
  readonly kind: string
  /** Wraps a store key (32 bytes) so that it can be retired apart from those before and after it. */
  protect(storeKey: Uint8Array, generation: number): Promise<HeldKey>
  /** The store key again. Throws a `KeystoreError`. */
  recover(held: HeldKey): Promise<Uint8Array>
  /**
   * Forgets what opens `held`, for good. A holder that only promises to names the time. Idempotent:
   * asked again it says how things stand.
   */
  retire(held: Omit<HeldKey, 'wrapped'>): Promise<Retirement>
}

export type Retirement =
  | { readonly kind: 'gone' }
  | { readonly kind: 'pending'; readonly until: Date }

export type KeystoreErrorCode =
  /** There is none, and what it should open is there. */
  | 'keystore_missing'
  /** The root is sealed with a passphrase, and none was given. */
  | 'root_locked'
  | 'wrong_passphrase'
  /** The root that the store key is under is not here. */
  | 'root_missing'
  /** The store key that the keystore is under is not here: it was put back after a destruction. */
  | 'store_key_missing'
  | 'keystore_damaged'
  /** The holder of the store key does not answer, or refuses. */
  | 'holder_away'
  /** The keystore is guarded by another holder than the settings name. */
  | 'other_holder'
  | 'keystore_full'

/** Why a keystore does not open or cannot be written. Messages hold no key material. */
export class KeystoreError extends Error {
  readonly code: KeystoreErrorCode

  constructor(code: KeystoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.name = 'KeystoreError'
    this.code = code
  }
}
