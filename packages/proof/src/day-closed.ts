/**
 * A device's word that days are over for it (specs/seal.md, Closing a day): it will never again sign a
 * manifest whose epoch is one of them. What it has signed of them has a sequence up to the last named.
 */

import { concat, utf8 } from './bytes.ts'
import {
  day,
  decodeJson,
  encodeJson,
  id128,
  instant,
  name,
  oneOf,
  record,
  whole,
} from './canonical-json.ts'
import {
  type Ed25519Sign,
  type Ed25519Verify,
  sign as signPure,
  verify as verifyPure,
} from './ed25519.ts'
import { limits } from './limits.ts'
import { type Refused, refuse } from './refusal.ts'

export type DayClosed = {
  readonly version: 1
  readonly device: string
  readonly port: string
  /** The last UTC day that is over; all before it are too. */
  readonly through: string
  /** Sequence of the last manifest signed when this was; 0 when there was none. */
  readonly last_sequence: number
  readonly signed_at: string
}

export type DayClosedRefusal = 'malformed_day_closed' | 'bad_signature'
export type VerifiedDayClosed =
  | { readonly kind: 'trusted'; readonly statement: DayClosed }
  | Refused<DayClosedRefusal>

const shape = record<DayClosed>({
  version: oneOf([1]),
  device: id128,
  port: name,
  through: day,
  last_sequence: whole(0),
  signed_at: instant,
})

/** Canonical bytes of a statement. Throws when it does not fit its shape: it is ours. */
export function encodeDayClosed(statement: DayClosed): Uint8Array {
  return encodeJson(shape, statement)
}

/** 64-byte Ed25519 signature over the domain line and the statement's bytes. */
export function signDayClosed(
  seed: Uint8Array,
  bytes: Uint8Array,
  sign: Ed25519Sign = signPure,
): Uint8Array {
  return sign(seed, signedBytes(bytes))
}

/** Believes a statement only when the device's key (32 bytes) signed it. */
export function verifyDayClosed(
  publicKey: Uint8Array,
  bytes: Uint8Array,
  signature: Uint8Array,
  verify: Ed25519Verify = verifyPure,
): VerifiedDayClosed {
  const decoded = decodeJson(shape, bytes, limits.dayClosedMax)
  if (decoded.kind === 'problem') return refuse('malformed_day_closed', decoded.detail)
  return verify(publicKey, signedBytes(bytes), signature)
    ? { kind: 'trusted', statement: decoded.value }
    : refuse('bad_signature', 'The device did not sign this.')
}

function signedBytes(bytes: Uint8Array): Uint8Array {
  return concat(utf8('sallyport/day-closed/v1\n'), bytes)
}
