/**
 * Post-quantum stanzas of age (c2sp.org/age, mlkem768x25519): HPKE with X-Wing, which is ML-KEM-768 and
 * X25519 together. Both must be broken before a file key shows.
 */

import * as crypto from 'node:crypto'

import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'

import { fromBech32, toBech32 } from '../bech32.ts'
import { concat, fromBase64Unpadded, toBase64Unpadded, utf8 } from '../bytes.ts'
import { parseHybridRecipient, type Stanza } from '../seal-format.ts'
import { type Random, unwrapKey, wrapKey, wrappedKeyBytes } from './age-payload.ts'
import { importPrivate, rawPublic, x25519Secret } from './okp-keys.ts'

/** The secret halves of a hybrid identity, expanded once: that costs more than using them. */
export type HybridKey = {
  readonly kind: 'hybrid'
  readonly mlKem: Uint8Array
  readonly x25519: crypto.KeyObject
  readonly x25519Public: Uint8Array
}

const stanzaType = 'mlkem768x25519'
const identityPrefix = 'age-secret-key-pq-'
const mlKemPublicBytes = 1184
const mlKemCiphertextBytes = 1088
const encapsulatedBytes = mlKemCiphertextBytes + 32
/** The last thing that X-Wing hashes: a drawing of an X-wing. */
const xWingLabel = utf8('\\.//^\\')
const info = utf8('age-encryption.org/mlkem768x25519')
/** HPKE with X-Wing (0x647a), HKDF-SHA256 and ChaCha20-Poly1305. */
const suite = concat(utf8('HPKE'), Uint8Array.of(0x64, 0x7a, 0, 1, 0, 3))

/** A new hybrid identity, `AGE-SECRET-KEY-PQ-1…`, and its recipient, `age1pq1…` of 1,959 characters. */
export function generateHybridIdentity(random: Random = crypto.randomBytes): {
  readonly identity: string
  readonly recipient: string
} {
  const seed = random(32)
  const { mlKemPublic, key } = expanded(seed)
  return {
    identity: toBech32(identityPrefix, seed).toUpperCase(),
    recipient: toBech32('age1pq', concat(mlKemPublic, key.x25519Public)),
  }
}

/** The keys of an `AGE-SECRET-KEY-PQ-1…` identity; null when it is not one. */
export function hybridKey(identity: string): HybridKey | null {
  const decoded = identity === identity.toUpperCase() ? fromBech32(identity) : null
  if (decoded?.prefix !== identityPrefix || decoded.bytes.length !== 32) return null
  return expanded(decoded.bytes).key
}

/** Wraps a file key for an `age1pq1…` recipient. Throws when that is malformed. */
export function wrapHybrid(fileKey: Uint8Array, recipient: string, random: Random): Stanza {
  const theirs = parseHybridRecipient(recipient)
  if (theirs === null) throw new Error('not an age hybrid recipient')
  const theirX25519 = theirs.subarray(mlKemPublicBytes)
  const { cipherText, sharedSecret } = ml_kem768.encapsulate(
    theirs.subarray(0, mlKemPublicBytes),
    random(32),
  )
  const ephemeral = importPrivate('X25519', random(32))
  const share = rawPublic(ephemeral)
  const agreed = x25519Secret(ephemeral, theirX25519)
  if (agreed === null) throw new Error('the recipient has a point of low order')
  const { key, nonce } = hpkeKey(combined(sharedSecret, agreed, share, theirX25519))
  const args = [stanzaType, toBase64Unpadded(concat(cipherText, share))]
  return { args, body: wrapKey(key, nonce, fileKey) }
}

/** The file key of a hybrid stanza; `none` when it is another one, or for somebody else. */
export function unwrapHybrid(
  { args, body }: Stanza,
  mine: HybridKey,
): Uint8Array | 'malformed' | 'none' {
  if (args[0] !== stanzaType) return 'none'
  const encapsulated = args.length === 2 ? fromBase64Unpadded(args[1] ?? '') : null
  if (encapsulated?.length !== encapsulatedBytes || body.length !== wrappedKeyBytes)
    return 'malformed'
  const share = encapsulated.subarray(mlKemCiphertextBytes)
  const agreed = x25519Secret(mine.x25519, share)
  if (agreed === null) return 'malformed'
  const secret = ml_kem768.decapsulate(encapsulated.subarray(0, mlKemCiphertextBytes), mine.mlKem)
  const { key, nonce } = hpkeKey(combined(secret, agreed, share, mine.x25519Public))
  return unwrapKey(key, nonce, body) ?? 'none'
}

function expanded(seed: Uint8Array): { readonly mlKemPublic: Uint8Array; readonly key: HybridKey } {
  const bytes = crypto.createHash('shake256', { outputLength: 96 }).update(seed).digest()
  const { publicKey, secretKey } = ml_kem768.keygen(new Uint8Array(bytes.subarray(0, 64)))
  const x25519 = importPrivate('X25519', new Uint8Array(bytes.subarray(64)))
  const key = { kind: 'hybrid', mlKem: secretKey, x25519, x25519Public: rawPublic(x25519) } as const
  return { mlKemPublic: publicKey, key }
}

/** X-Wing's combiner: ML-KEM's ciphertext need not be hashed, X25519's share and key must. */
function combined(
  mlKem: Uint8Array,
  x25519: Uint8Array,
  share: Uint8Array,
  theirs: Uint8Array,
): Uint8Array {
  const hash = crypto.createHash('sha3-256')
  for (const part of [mlKem, x25519, share, theirs, xWingLabel]) hash.update(part)
  return hash.digest()
}

/** RFC 9180, key schedule in base mode; one message, so the base nonce is its nonce. */
function hpkeKey(sharedSecret: Uint8Array): {
  readonly key: Uint8Array
  readonly nonce: Uint8Array
} {
  const nothing = new Uint8Array(0)
  const schedule = concat(
    Uint8Array.of(0),
    labeledExtract(nothing, 'psk_id_hash', nothing),
    labeledExtract(nothing, 'info_hash', info),
  )
  const secret = labeledExtract(sharedSecret, 'secret', nothing)
  return {
    key: labeledExpand(secret, 'key', schedule, 32),
    nonce: labeledExpand(secret, 'base_nonce', schedule, 12),
  }
}

function labeledExtract(salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
  return hmac(salt, concat(utf8('HPKE-v1'), suite, utf8(label), ikm))
}

/** Up to 32 bytes: one block of HKDF-Expand. */
function labeledExpand(
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const head = concat(Uint8Array.of(0, length), utf8('HPKE-v1'), suite)
  const block = concat(head, utf8(label), context, Uint8Array.of(1))
  return hmac(secret, block).subarray(0, length)
}

function hmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return crypto.createHmac('sha256', key).update(data).digest()
}
