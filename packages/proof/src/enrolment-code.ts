/**
 * One-time enrolment codes (specs/api.md section "Devices"): `SP1-<secret>-<fingerprint>`. The
 * fingerprint is of the agency's key, so that a lane that was given a code accepts no other hub.
 */

import { sha256 } from '@noble/hashes/sha2.js'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const secretLength = 26
const fingerprintBytes = 10

/** A new code for the agency with this public key. `random` gives that many bytes. */
export function newEnrolmentCode(
  agencyKey: Uint8Array,
  random: (bytes: number) => Uint8Array,
): string {
  const secret = Array.from(random(secretLength), (byte) => alphabet[byte % 32]).join('')
  return `SP1-${secret}-${agencyFingerprint(agencyKey)}`
}

/** Case and white space around a code do not matter. Null when it is not a code. */
export function parseEnrolmentCode(
  text: string,
): { readonly code: string; readonly fingerprint: string } | null {
  const code = text.trim().toUpperCase()
  const fingerprint = /^SP1-[A-Z2-7]{26}-([A-Z2-7]{16})$/.exec(code)?.[1]
  return fingerprint === undefined ? null : { code, fingerprint }
}

/** RFC 4648 base32 of the first 10 bytes of SHA-256 of an agency's public key: the end of its codes. */
export function agencyFingerprint(agencyKey: Uint8Array): string {
  const bits = Array.from(sha256(agencyKey).subarray(0, fingerprintBytes), (byte) =>
    byte.toString(2).padStart(8, '0'),
  ).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('')
}
