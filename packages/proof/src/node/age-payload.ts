/**
 * What follows from the file key of an age v1 file (c2sp.org/age), on node:crypto: the MAC of its
 * header, and its payload, a STREAM of ChaCha20-Poly1305 chunks.
 */

import * as crypto from 'node:crypto'

import { concat, equal, utf8 } from '../bytes.ts'
import { limits } from '../limits.ts'
import { type Refused, refuse } from '../refusal.ts'
import { type SealHeader, type Stanza, encodeSealHeader, finishSealHeader } from '../seal-format.ts'

/** `n` bytes of cryptographic quality. */
export type Random = (n: number) => Uint8Array

export type OpenRefusal = 'malformed_header' | 'no_matching_recipient' | 'bad_mac' | 'bad_body'
export type Opened =
  | { readonly kind: 'opened'; readonly plaintext: Uint8Array }
  | Refused<OpenRefusal>
/** The 16 bytes that a header holds wrapped; its MAC was right. */
export type Unwrapped =
  | { readonly kind: 'unwrapped'; readonly fileKey: Uint8Array }
  | Refused<OpenRefusal>

export const fileKeyBytes = 16
const tagBytes = 16
/** A file key as a stanza holds it. */
export const wrappedKeyBytes = fileKeyBytes + tagBytes
const chunkBytes = 64 * 1024
const nonceBytes = 16
const emptySalt = new Uint8Array(0)

/** A whole header of these stanzas under the MAC of `fileKey`. */
export function macHeader(fileKey: Uint8Array, stanzas: readonly Stanza[]): Uint8Array {
  const covered = encodeSealHeader(stanzas)
  return finishSealHeader(covered, headerMac(fileKey, covered))
}

/** The file key as it was unwrapped from `header`, when the header's MAC is right under it. */
export function checkedFileKey(header: SealHeader, fileKey: Uint8Array): Unwrapped {
  return equal(headerMac(fileKey, header.covered), header.mac)
    ? { kind: 'unwrapped', fileKey }
    : refuse('bad_mac', 'The header was changed.')
}

/** `header` and, behind it, `plaintext` encrypted under a fresh file key that `header` must hold. */
export function appendPayload(
  header: Uint8Array,
  fileKey: Uint8Array,
  plaintext: Uint8Array,
  random: Random,
): Uint8Array {
  if (plaintext.length > limits.sealPlaintextMax) throw new Error('plaintext exceeds the limit')
  const nonce = random(nonceBytes)
  return encryptBody(hkdf(fileKey, nonce, utf8('payload')), plaintext, header, nonce)
}

/** Opens a detached body. Nothing of it is given out unless all of it is authentic. */
export function openBody(fileKey: Uint8Array, body: Uint8Array): Opened {
  if (body.length < nonceBytes + tagBytes) return refuse('bad_body', 'The body is too short.')
  const key = hkdf(fileKey, body.subarray(0, nonceBytes), utf8('payload'))
  const plaintext = decryptBody(key, body.subarray(nonceBytes))
  if (plaintext === null) return refuse('bad_body', 'The body was changed or cut.')
  return { kind: 'opened', plaintext }
}

/** ChaCha20-Poly1305 over a file key: 32 bytes, as stanzas hold it. No pair of key and nonce twice. */
export function wrapKey(key: crypto.CipherKey, nonce: Uint8Array, fileKey: Uint8Array): Uint8Array {
  const cipher = crypto.createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: tagBytes })
  return concat(cipher.update(fileKey), cipher.final(), cipher.getAuthTag())
}

/** The file key again; null when `wrapped` was made otherwise. */
export function unwrapKey(
  key: crypto.CipherKey,
  nonce: Uint8Array,
  wrapped: Uint8Array,
): Uint8Array | null {
  const fileKey = new Uint8Array(fileKeyBytes)
  if (wrapped.length !== wrappedKeyBytes) return null
  return decryptChunk(key, nonce, wrapped, fileKey, 0) ? fileKey : null
}

function headerMac(fileKey: Uint8Array, covered: Uint8Array): Uint8Array {
  const key = hkdf(fileKey, emptySalt, utf8('header'))
  return crypto.createHmac('sha256', key).update(covered).digest()
}

/** Writes header, nonce and the STREAM of 64 KiB chunks into one array. */
function encryptBody(
  key: Uint8Array,
  plaintext: Uint8Array,
  header: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  const chunks = Math.max(1, Math.ceil(plaintext.length / chunkBytes))
  const bodyAt = header.length + nonceBytes
  const file = new Uint8Array(bodyAt + plaintext.length + chunks * tagBytes)
  file.set(header)
  file.set(nonce, header.length)
  let at = bodyAt
  for (let index = 0; index < chunks; index++) {
    const from = index * chunkBytes
    const chunk = plaintext.subarray(from, from + chunkBytes)
    const cipher = crypto.createCipheriv(
      'chacha20-poly1305',
      key,
      chunkNonce(index, index === chunks - 1),
      { authTagLength: tagBytes },
    )
    file.set(cipher.update(chunk), at)
    cipher.final()
    file.set(cipher.getAuthTag(), at + chunk.length)
    at += chunk.length + tagBytes
  }
  return file
}

/** The plaintext of a STREAM; null unless every chunk up to the final one is authentic. */
function decryptBody(key: Uint8Array, stream: Uint8Array): Uint8Array | null {
  const sealedChunk = chunkBytes + tagBytes
  const chunks = Math.ceil(stream.length / sealedChunk)
  const length = stream.length - chunks * tagBytes
  // Only an empty payload may end in an empty chunk.
  if (length < 0 || (chunks > 1 && length <= (chunks - 1) * chunkBytes)) return null
  if (length > limits.sealPlaintextMax) return null
  const plaintext = new Uint8Array(length)
  for (let index = 0; index < chunks; index++) {
    const from = index * sealedChunk
    const chunk = stream.subarray(from, from + sealedChunk)
    const nonce = chunkNonce(index, index === chunks - 1)
    if (!decryptChunk(key, nonce, chunk, plaintext, index * chunkBytes)) return null
  }
  return plaintext
}

/** One chunk's plaintext into `into` from `at`; false, and nothing written, unless it is authentic. */
function decryptChunk(
  key: crypto.CipherKey,
  nonce: Uint8Array,
  sealed: Uint8Array,
  into: Uint8Array,
  at: number,
): boolean {
  const options = { authTagLength: tagBytes }
  const decipher = crypto.createDecipheriv('chacha20-poly1305', key, nonce, options)
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  const plain = decipher.update(sealed.subarray(0, sealed.length - tagBytes))
  try {
    decipher.final()
  } catch {
    return false
  }
  into.set(plain, at)
  return true
}

function chunkNonce(index: number, last: boolean): Uint8Array {
  const nonce = new Uint8Array(12)
  // 11 bytes of counter; `limits.sealPlaintextMax` keeps it within the low four.
  new DataView(nonce.buffer).setUint32(7, index)
  nonce[11] = last ? 1 : 0
  return nonce
}

/** HKDF-SHA-256 (RFC 5869) to 32 bytes: with one output block, expand is a single HMAC. */
export function hkdf(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array): Uint8Array {
  const extracted = crypto.createHmac('sha256', salt).update(ikm).digest()
  return crypto.createHmac('sha256', extracted).update(info).update(Uint8Array.of(1)).digest()
}
