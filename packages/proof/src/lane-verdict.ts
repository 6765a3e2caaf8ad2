/**
 * A verdict that somebody gave at the lane's own page while the hub was out of reach (specs/seal.md,
 * Verdicts of a lane). The statement is signed by the device and holds nothing personal; what was said,
 * and the name that was stated, travel sealed beside it and are bound to it by a commitment.
 */

import { concat, utf8 } from './bytes.ts'
import {
  decodeJson,
  duration,
  encodeJson,
  hex256,
  id128,
  instant,
  name,
  oneOf,
  record,
} from './canonical-json.ts'
import {
  type Ed25519Sign,
  type Ed25519Verify,
  sign as signPure,
  verify as verifyPure,
} from './ed25519.ts'
import { limits } from './limits.ts'
import { type Refused, refuse } from './refusal.ts'

export type LaneVerdict = {
  readonly version: 1
  readonly device: string
  readonly lane: string
  readonly port: string
  readonly verdict: string
  readonly crossing: string
  /** By the device's clock, like `boot` and `monotonic_ms`. */
  readonly given_at: string
  readonly boot: string
  readonly monotonic_ms: number
  /** Commitment to what was said (`committedLaneVerdict`), its salt sealed with it. */
  readonly terms: string
}

/** What is sealed beside the statement, as JSON with its salt. */
export type SaidAtLane = {
  readonly says: 'admitted' | 'referred' | 'opted_out'
  readonly code: string | null
  readonly note: string | null
  /** As it was stated at the lane: nobody signed in there. */
  readonly name: string
}

export type LaneVerdictRefusal = 'malformed_lane_verdict' | 'bad_signature'
export type VerifiedLaneVerdict =
  | { readonly kind: 'trusted'; readonly statement: LaneVerdict }
  | Refused<LaneVerdictRefusal>

const shape = record<LaneVerdict>({
  version: oneOf([1]),
  device: id128,
  lane: name,
  port: name,
  verdict: id128,
  crossing: id128,
  given_at: instant,
  boot: id128,
  monotonic_ms: duration,
  terms: hex256,
})

/** What the commitment `terms` is to. */
export function committedLaneVerdict({ says, code, note, name: by }: SaidAtLane): string {
  return JSON.stringify({ says, code, note, name: by })
}

/** Canonical bytes of a statement. Throws when it does not fit its shape: it is ours. */
export function encodeLaneVerdict(statement: LaneVerdict): Uint8Array {
  return encodeJson(shape, statement)
}

/** 64-byte Ed25519 signature over the domain line and the statement's bytes. */
export function signLaneVerdict(
  seed: Uint8Array,
  bytes: Uint8Array,
  sign: Ed25519Sign = signPure,
): Uint8Array {
  return sign(seed, signedBytes(bytes))
}

/** Believes a statement only when the device's key (32 bytes) signed it. */
export function verifyLaneVerdict(
  publicKey: Uint8Array,
  bytes: Uint8Array,
  signature: Uint8Array,
  verify: Ed25519Verify = verifyPure,
): VerifiedLaneVerdict {
  const decoded = decodeJson(shape, bytes, limits.laneVerdictMax)
  if (decoded.kind === 'problem') return refuse('malformed_lane_verdict', decoded.detail)
  return verify(publicKey, signedBytes(bytes), signature)
    ? { kind: 'trusted', statement: decoded.value }
    : refuse('bad_signature', 'The device did not sign this.')
}

function signedBytes(bytes: Uint8Array): Uint8Array {
  return concat(utf8('sallyport/lane-verdict/v1\n'), bytes)
}
