/** Ed25519 (RFC 8032) on node:crypto. Signatures equal those of `ed25519.ts`. */

import * as crypto from 'node:crypto'

import type { Ed25519Sign, Ed25519Verify } from '../ed25519.ts'
import { importPrivate, importPublic, rawPublic } from './okp-keys.ts'

export type SigningKey = {
  /** 32-byte seed. */
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
}

/** A new signing key. `random(n)` gives n bytes of cryptographic quality. */
export function generateSigningKey(
  random: (n: number) => Uint8Array = crypto.randomBytes,
): SigningKey {
  const privateKey = new Uint8Array(random(32))
  return { privateKey, publicKey: publicKeyOf(privateKey) }
}

/** The 32-byte public key of a 32-byte seed. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return rawPublic(importPrivate('Ed25519', seed))
}

/** Signs `message` with a 32-byte seed: 64 bytes. */
export const sign: Ed25519Sign = (seed, message) =>
  new Uint8Array(crypto.sign(null, message, importPrivate('Ed25519', seed)))

/** Whether `signature` is `publicKey`'s over `message`. Wrong lengths are false, never thrown. */
export const verify: Ed25519Verify = (publicKey, message, signature) => {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  try {
    return crypto.verify(null, message, importPublic('Ed25519', publicKey), signature)
  } catch {
    return false
  }
}
