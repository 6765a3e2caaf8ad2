/**
 * One-time enrolment codes: `SP1-<secret>-<fingerprint>`. The fingerprint is of the agency's key, so
 * that a lane that was given a code accepts no other hub.
 */

import { createHash, randomBytes } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const secretLength = 26
const fingerprintBytes = 10

/** A new code for the agency with this public key. */
export function newCode(agencyKey: Uint8Array): string {
  const secret = Array.from(randomBytes(secretLength), (byte) => alphabet[byte % 32]).join('')
  return `SP1-${secret}-${fingerprint(agencyKey)}`
}

/** The first 80 bits of SHA-256 of the key, RFC 4648 base32. */
export function fingerprint(agencyKey: Uint8Array): string {
  const digest = createHash('sha256').update(agencyKey).digest().subarray(0, fingerprintBytes)
  let bits = 0n
  for (const byte of digest) bits = (bits << 8n) | BigInt(byte)
  return Array.from(
    { length: 16 },
    (_, at) => alphabet[Number((bits >> BigInt(75 - at * 5)) & 31n)],
  ).join('')
}

/** What is stored of a code: a hash; null when it is not a code at all. */
export function hashOfCode(code: string): Buffer | null {
  const trimmed = code.trim().toUpperCase()
  return /^SP1-[A-Z2-7]{26}-[A-Z2-7]{16}$/.test(trimmed)
    ? createHash('sha256').update(trimmed).digest()
    : null
}
