/** Ed25519 (RFC 8032) on node:crypto. Signatures equal those of `ed25519.ts`. */

import * as crypto from 'node:crypto'

import { concat, fromHex } from '../bytes.ts'
import type { Ed25519Sign, Ed25519Verify } from '../ed25519.ts'

export type SigningKey = {
  /** 32-byte seed. */
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
}

// DER of RFC 8410 keys is this prefix and the 32 raw bytes.
const privatePrefix = fromHex('302e020100300506032b657004220420') ?? new Uint8Array()
const publicPrefix = fromHex('302a300506032b6570032100') ?? new Uint8Array()

/** A new signing key. `random(n)` gives n bytes of cryptographic quality. */
export function generateSigningKey(
  random: (n: number) => Uint8Array = crypto.randomBytes,
): SigningKey {
  const privateKey = new Uint8Array(random(32))
  return { privateKey, publicKey: publicKeyOf(privateKey) }
}

/** The 32-byte public key of a 32-byte seed. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  const der = crypto.createPublicKey(privateObject(seed)).export({ format: 'der', type: 'spki' })
  return new Uint8Array(der.subarray(der.length - 32))
}

/** Signs `message` with a 32-byte seed: 64 bytes. */
export const sign: Ed25519Sign = (seed, message) =>
  new Uint8Array(crypto.sign(null, message, privateObject(seed)))

/** Whether `signature` is `publicKey`'s over `message`. Wrong lengths are false, never thrown. */
export const verify: Ed25519Verify = (publicKey, message, signature) => {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  try {
    return crypto.verify(null, message, publicObject(publicKey), signature)
  } catch {
    return false
  }
}

function privateObject(seed: Uint8Array): crypto.KeyObject {
  if (seed.length !== 32) throw new Error('an Ed25519 seed has 32 bytes')
  const der = Buffer.from(concat(privatePrefix, seed))
  return crypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

function publicObject(publicKey: Uint8Array): crypto.KeyObject {
  const der = Buffer.from(concat(publicPrefix, publicKey))
  return crypto.createPublicKey({ key: der, format: 'der', type: 'spki' })
}
