/** Statements that one party signs and another believes: canonical JSON behind a line that names their kind. */

import { concat, utf8 } from './bytes.ts'
import { decodeJson, encodeJson, type Shape } from './canonical-json.ts'
import {
  type Ed25519Sign,
  type Ed25519Verify,
  sign as signPure,
  verify as verifyPure,
} from './ed25519.ts'
import { type Refused, refuse } from './refusal.ts'

type Verified<T, Malformed extends string> =
  | { readonly kind: 'trusted'; readonly statement: T }
  | Refused<Malformed | 'bad_signature'>

/**
 * How a kind of statement is written, signed and believed. A signature counts for its own kind only:
 * `domain`, such as 'sallyport/day-closed/v1', stands on a line before the bytes that are signed.
 */
export function signedStatement<T, Malformed extends string>(kind: {
  readonly shape: Shape<T>
  readonly domain: string
  readonly bytesMax: number
  /** Code of what is no such statement. */
  readonly malformed: Malformed
  /** Whose signature it has to bear. */
  readonly signer: 'device' | 'agency'
}) {
  const line = utf8(`${kind.domain}\n`)
  return {
    /** Canonical bytes of a statement. Throws when it does not fit its shape: it is ours. */
    encode: (statement: T): Uint8Array => encodeJson(kind.shape, statement),

    /** 64-byte Ed25519 signature over the domain line and the statement's bytes. */
    sign: (seed: Uint8Array, bytes: Uint8Array, sign: Ed25519Sign = signPure): Uint8Array =>
      sign(seed, concat(line, bytes)),

    /** Believes a statement only when the signer's key (32 bytes) signed it. */
    verify: (
      publicKey: Uint8Array,
      bytes: Uint8Array,
      signature: Uint8Array,
      verify: Ed25519Verify = verifyPure,
    ): Verified<T, Malformed> => {
      const decoded = decodeJson(kind.shape, bytes, kind.bytesMax)
      if (decoded.kind === 'problem') return refuse(kind.malformed, decoded.detail)
      return verify(publicKey, concat(line, bytes), signature)
        ? { kind: 'trusted', statement: decoded.value }
        : refuse('bad_signature', `The ${kind.signer} did not sign this.`)
    },
  }
}
