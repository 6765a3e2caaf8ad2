/**
 * c2sp.org/tlog-cosignature: a witness says with its time which tree of a log it saw. Ed25519
 * (type 0x04) everywhere; ML-DSA-44 (type 0x06) where the caller has an implementation of it.
 */

import { concat, utf8 } from './bytes.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { type Ed25519Verify, verify } from './ed25519.ts'
import {
  type NoteKey,
  checkSignatures,
  formatTypedVkey,
  isNoteName,
  keyIdOf,
  parseTypedVkey,
  signatureLine,
} from './note.ts'
import type { Refused } from './refusal.ts'

export type CosignatureAlgorithm = 'ed25519' | 'ml-dsa-44'

export type CosignerKey = NoteKey & { readonly algorithm: CosignatureAlgorithm }

export type Cosigner = CosignerKey & {
  /** `<name>+<key id>+<base64>`: what verifiers are given. */
  readonly vkey: string
  readonly sign: (message: Uint8Array) => Uint8Array
}

/** Whether `signature` is `publicKey`'s over `message`. Wrong lengths are false, never thrown. */
export type MlDsaVerify = Ed25519Verify

/** The checks that the caller has; `mlDsa44` is null where the platform has no ML-DSA. */
export type CosignatureVerifiers = {
  readonly ed25519: Ed25519Verify
  readonly mlDsa44: MlDsaVerify | null
}

/** In a browser and in Node before 24: no ML-DSA. `node/ml-dsa.ts` has it where Node does. */
export const pureVerifiers: CosignatureVerifiers = { ed25519: verify, mlDsa44: null }

/** `unverifiable`: of a known key whose algorithm this platform lacks. It counts for nothing. */
export type FoundCosignature =
  | { readonly kind: 'cosigned'; readonly time: number }
  | { readonly kind: 'unverifiable' }

export type OpenedCosignatures =
  | {
      readonly kind: 'cosignatures'
      /** Means nothing until the log's own signature was checked too. */
      readonly text: string
      readonly found: readonly { readonly key: CosignerKey; readonly found: FoundCosignature }[]
    }
  | Refused<'malformed_note' | 'bad_signature'>

export const cosignatureTypes: Readonly<Record<CosignatureAlgorithm, number>> = {
  ed25519: 0x04,
  'ml-dsa-44': 0x06,
}
const publicKeyBytes: Readonly<Record<CosignatureAlgorithm, number>> = {
  ed25519: 32,
  'ml-dsa-44': 1312,
}
const signatureBytes: Readonly<Record<CosignatureAlgorithm, number>> = {
  ed25519: 64,
  'ml-dsa-44': 2420,
}

/** A cosigner's key from its vkey; null when it is malformed or of another type. */
export function parseCosignerVkey(vkey: string): CosignerKey | null {
  const key = parseTypedVkey(vkey)
  const algorithm = algorithmOf(key?.type)
  if (key === null || algorithm === null) return null
  if (key.publicKey.length !== publicKeyBytes[algorithm]) return null
  return { name: key.name, keyId: key.keyId, publicKey: key.publicKey, algorithm }
}

/** A cosigner from its public key and what signs with the private one. */
export function cosigner(
  name: string,
  algorithm: CosignatureAlgorithm,
  publicKey: Uint8Array,
  sign: (message: Uint8Array) => Uint8Array,
): Cosigner {
  if (!isNoteName(name)) throw new Error('not a name of a cosigner')
  if (publicKey.length !== publicKeyBytes[algorithm]) throw new Error('not a public key')
  const type = cosignatureTypes[algorithm]
  const keyId = keyIdOf(name, type, publicKey)
  return { name, keyId, publicKey, algorithm, sign, vkey: formatTypedVkey(name, type, publicKey) }
}

/**
 * The signature line of `by` under the checkpoint `text` (with its last line feed) at `time`,
 * seconds since 1970. The caller has checked that the tree continues every one it signed before.
 */
export function cosign(text: string, by: Cosigner, time: number): string {
  const checkpoint = parseCheckpoint(text)
  if (checkpoint === null) throw new Error('only checkpoints are cosigned')
  if (!Number.isSafeInteger(time) || time < 0) throw new Error('not a POSIX time')
  const message = messageOf(by, text, checkpoint, time)
  if (message === null) throw new Error('this name or origin cannot be cosigned')
  const { name, keyId } = by
  return signatureLine({ name, keyId, signature: concat(uint64(time), by.sign(message)) })
}

/**
 * Checks every cosignature of `keys` on a note. Unknown keys are passed over; one bad cosignature
 * of a known key refuses the note. Never throws.
 */
export function openCosignatures(
  note: string | Uint8Array,
  keys: readonly CosignerKey[],
  verifiers: CosignatureVerifiers = pureVerifiers,
): OpenedCosignatures {
  const checked = checkSignatures(note, keys, (key, text, signature) =>
    checkCosignature(key, text, signature, verifiers),
  )
  if (checked.kind === 'refused') return checked
  return { kind: 'cosignatures', text: checked.text, found: checked.valid }
}

/** What `signature` (time and signature proper) of `key` under checkpoint `text` is. */
export function checkCosignature(
  key: CosignerKey,
  text: string,
  signature: Uint8Array,
  verifiers: CosignatureVerifiers,
): FoundCosignature | 'bad' {
  const checkpoint = parseCheckpoint(text)
  if (checkpoint === null || signature.length !== 8 + signatureBytes[key.algorithm]) return 'bad'
  const time = readUint64(signature)
  const message = time === null ? null : messageOf(key, text, checkpoint, time)
  if (time === null || message === null) return 'bad'
  const check = key.algorithm === 'ed25519' ? verifiers.ed25519 : verifiers.mlDsa44
  if (check === null) return { kind: 'unverifiable' }
  return check(key.publicKey, message, signature.subarray(8)) ? { kind: 'cosigned', time } : 'bad'
}

/** Null where a name or origin does not fit the 255 bytes that ML-DSA messages give it. */
function messageOf(
  { name, algorithm }: CosignerKey,
  text: string,
  checkpoint: Checkpoint,
  time: number,
): Uint8Array | null {
  if (algorithm === 'ed25519') return utf8(`cosignature/v1\ntime ${time}\n${text}`)
  const cosignerName = utf8(name)
  const origin = utf8(checkpoint.origin)
  if (cosignerName.length > 255 || origin.length > 255 || origin.length === 0) return null
  return concat(
    utf8('subtree/v1\n\0'),
    Uint8Array.of(cosignerName.length),
    cosignerName,
    uint64(time),
    Uint8Array.of(origin.length),
    origin,
    uint64(0),
    uint64(checkpoint.size),
    checkpoint.root,
  )
}

function algorithmOf(type: number | undefined): CosignatureAlgorithm | null {
  if (type === cosignatureTypes.ed25519) return 'ed25519'
  return type === cosignatureTypes['ml-dsa-44'] ? 'ml-dsa-44' : null
}

function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

/** Null beyond what a double holds exactly: no clock of ours reaches there. */
function readUint64(bytes: Uint8Array): number | null {
  const value = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0)
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null
}
