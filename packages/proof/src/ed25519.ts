/** Ed25519 (RFC 8032) in pure JavaScript, for browsers. `node/ed25519.ts` is the same and faster. */

import { ed25519 } from '@noble/curves/ed25519.js'

/** Signs `message` with a 32-byte seed: 64 bytes. */
export type Ed25519Sign = (seed: Uint8Array, message: Uint8Array) => Uint8Array
/** Whether `signature` is `publicKey`'s over `message`. Wrong lengths are false, never thrown. */
export type Ed25519Verify = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean

export const sign: Ed25519Sign = (seed, message) => ed25519.sign(message, seed)

export const verify: Ed25519Verify = (publicKey, message, signature) => {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}
