/**
 * ML-DSA-44 (FIPS 204) where this Node offers it (24.6 and newer, with OpenSSL 3.5): detected, not
 * assumed. Node 20 and 22 do not, and then nothing here pretends.
 */

import * as crypto from 'node:crypto'

import { concat, fromHex } from '../bytes.ts'
import { type CosignatureVerifiers, type MlDsaVerify } from '../tlog-cosignature.ts'
import { verify as ed25519 } from './ed25519.ts'

// RFC 9881: the SubjectPublicKeyInfo and the seed form of a private key are these prefixes and raw
// bytes.
const publicPrefix = bytes('30820532300b06096086480165030403110382052100')
const seedPrefix = bytes('3034020100300b060960864801650304031104228020')

/** The algorithm; null where this Node lacks it. */
export const mlDsa44: {
  readonly verify: MlDsaVerify
  readonly publicKeyOf: (seed: Uint8Array) => Uint8Array
  readonly sign: (seed: Uint8Array, message: Uint8Array) => Uint8Array
} | null = isOffered() ? { verify, publicKeyOf, sign } : null

/** Every check of cosignatures that this Node can make. */
export const nodeVerifiers: CosignatureVerifiers = { ed25519, mlDsa44: mlDsa44?.verify ?? null }

function isOffered(): boolean {
  try {
    publicKeyOf(new Uint8Array(32))
    return true
  } catch {
    return false
  }
}

function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const der = Buffer.from(concat(publicPrefix, publicKey))
    const key = crypto.createPublicKey({ key: der, format: 'der', type: 'spki' })
    return crypto.verify(null, message, key, signature)
  } catch {
    return false
  }
}

function privateKey(seed: Uint8Array): crypto.KeyObject {
  if (seed.length !== 32) throw new Error('an ML-DSA-44 seed has 32 bytes')
  const der = Buffer.from(concat(seedPrefix, seed))
  return crypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

function publicKeyOf(seed: Uint8Array): Uint8Array {
  const der = crypto.createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' })
  return new Uint8Array(der.subarray(publicPrefix.length))
}

function sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return new Uint8Array(crypto.sign(null, message, privateKey(seed)))
}

function bytes(hex: string): Uint8Array {
  const found = fromHex(hex)
  if (found === null) throw new Error('not hexadecimal')
  return found
}
