/** age v1 with X25519 recipients (c2sp.org/age) on node:crypto. Bit compatible with age. */

import * as crypto from 'node:crypto'

import { toBech32 } from '../bech32.ts'
import { concat, equal, fromBase64Unpadded, toBase64Unpadded, utf8 } from '../bytes.ts'
import { limits } from '../limits.ts'
import { type Refused, refuse } from '../refusal.ts'
import {
  type SealHeader,
  type SplitSeal,
  type Stanza,
  encodeSealHeader,
  finishSealHeader,
  parseIdentity,
  parseRecipient,
  parseSealHeader,
} from '../seal-format.ts'
import { importPrivate, importPublic, rawPublic } from './okp-keys.ts'

/** `n` bytes of cryptographic quality. */
export type Random = (n: number) => Uint8Array

export type SealIdentity = {
  /** Secret: `AGE-SECRET-KEY-1…`. */
  readonly identity: string
  /** Public: `age1…`. */
  readonly recipient: string
}

/** An identity read once, for opening many seals: reading it costs more than opening a small one. */
export type OpeningKey = {
  readonly key: crypto.KeyObject
  /** The 32 bytes of its recipient. */
  readonly recipient: Uint8Array
}

export type OpenRefusal = 'malformed_header' | 'no_matching_recipient' | 'bad_mac' | 'bad_body'
export type Opened =
  | { readonly kind: 'opened'; readonly plaintext: Uint8Array }
  | Refused<OpenRefusal>

const chunkBytes = 64 * 1024
const tagBytes = 16
const nonceBytes = 16
const zeroNonce = new Uint8Array(12)
const emptySalt = new Uint8Array(0)
const wrapInfo = utf8('age-encryption.org/v1/X25519')
/** A new X25519 identity and its recipient. */
export function generateIdentity(random: Random = crypto.randomBytes): SealIdentity {
  const scalar = random(32)
  return {
    identity: toBech32('age-secret-key-', scalar).toUpperCase(),
    recipient: toBech32('age', rawPublic(importPrivate('X25519', scalar))),
  }
}

/**
 * Seals `plaintext` to every recipient: a whole age file, `plaintext` + 200 bytes and 16 for each
 * further 64 KiB. Throws on a malformed recipient, none, or too many: those are configured, not read.
 */
export function seal(
  plaintext: Uint8Array,
  recipients: readonly string[],
  random: Random = crypto.randomBytes,
): Uint8Array {
  if (plaintext.length > limits.sealPlaintextMax) throw new Error('plaintext exceeds the limit')
  const fileKey = random(16)
  const header = wrapHeader(fileKey, recipients, random)
  const nonce = random(nonceBytes)
  return encryptBody(hkdf(fileKey, nonce, utf8('payload')), plaintext, header, nonce)
}

/** Reads an `AGE-SECRET-KEY-1…` identity. Throws when it is malformed. */
export function openingKey(identity: string): OpeningKey {
  const scalar = parseIdentity(identity)
  if (scalar === null) throw new Error('not an age X25519 identity')
  const key = importPrivate('X25519', scalar)
  return { key, recipient: rawPublic(key) }
}

/**
 * Opens a detached seal with one identity, as text or as `openingKey` gives it. Nothing of the
 * plaintext is given out unless all of it is authentic. Throws when `identity` itself is malformed.
 */
export function openSeal(split: SplitSeal, identity: string | OpeningKey): Opened {
  const unwrapped = unwrapHeader(
    split.header,
    typeof identity === 'string' ? openingKey(identity) : identity,
  )
  if (unwrapped.kind === 'refused') return unwrapped
  const { body } = split
  if (body.length < nonceBytes + tagBytes) return refuse('bad_body', 'The body is too short.')
  const key = hkdf(unwrapped.fileKey, body.subarray(0, nonceBytes), utf8('payload'))
  const plaintext = decryptBody(key, body.subarray(nonceBytes))
  if (plaintext === null) return refuse('bad_body', 'The body was changed or cut.')
  return { kind: 'opened', plaintext }
}

/**
 * A new header for the same file key and other recipients; the body stays as it is, so hashes and
 * manifests over it stay valid (specs/seal.md, detached headers).
 */
export function rewrapHeader(
  header: Uint8Array,
  identity: string,
  recipients: readonly string[],
  random: Random = crypto.randomBytes,
): { readonly kind: 'rewrapped'; readonly header: Uint8Array } | Refused<OpenRefusal> {
  const unwrapped = unwrapHeader(header, openingKey(identity))
  if (unwrapped.kind === 'refused') return unwrapped
  return { kind: 'rewrapped', header: wrapHeader(unwrapped.fileKey, recipients, random) }
}

function wrapHeader(fileKey: Uint8Array, recipients: readonly string[], random: Random) {
  if (recipients.length === 0 || recipients.length > limits.sealRecipientsMax) {
    throw new Error(`a seal has 1 to ${limits.sealRecipientsMax} recipients`)
  }
  const covered = encodeSealHeader(recipients.map((one) => wrapStanza(fileKey, one, random)))
  return finishSealHeader(covered, headerMac(fileKey, covered))
}

function wrapStanza(fileKey: Uint8Array, recipient: string, random: Random): Stanza {
  const theirs = parseRecipient(recipient)
  if (theirs === null) throw new Error('not an age X25519 recipient')
  const ephemeral = importPrivate('X25519', random(32))
  const share = rawPublic(ephemeral)
  const secret = sharedSecret(ephemeral, theirs)
  if (secret === null) throw new Error('the recipient is a point of low order')
  const key = hkdf(secret, concat(share, theirs), wrapInfo)
  const cipher = crypto.createCipheriv('chacha20-poly1305', key, zeroNonce, {
    authTagLength: tagBytes,
  })
  const wrapped = concat(cipher.update(fileKey), cipher.final(), cipher.getAuthTag())
  return { args: ['X25519', toBase64Unpadded(share)], body: wrapped }
}

type Unwrapped = { readonly kind: 'unwrapped'; readonly fileKey: Uint8Array }

function unwrapHeader(header: Uint8Array, mine: OpeningKey): Unwrapped | Refused<OpenRefusal> {
  const parsed = parseSealHeader(header)
  if (parsed === null || parsed.bytes !== header.length) {
    return refuse('malformed_header', 'This is not an age v1 header.')
  }
  const fileKey = unwrapFileKey(parsed, mine)
  if (fileKey === 'malformed') return refuse('malformed_header', 'A recipient stanza is malformed.')
  if (fileKey === 'none') {
    return refuse('no_matching_recipient', 'The seal is not addressed to this identity.')
  }
  if (!equal(headerMac(fileKey, parsed.covered), parsed.mac)) {
    return refuse('bad_mac', 'The header was changed.')
  }
  return { kind: 'unwrapped', fileKey }
}

function unwrapFileKey(
  header: SealHeader,
  { key: mine, recipient }: OpeningKey,
): Uint8Array | 'malformed' | 'none' {
  // An scrypt stanza stands alone or the header is not age.
  if (header.stanzas.length > 1 && header.stanzas.some((one) => one.args[0] === 'scrypt')) {
    return 'malformed'
  }
  for (const stanza of header.stanzas) {
    if (stanza.args[0] !== 'X25519') continue
    const share = stanza.args.length === 2 ? fromBase64Unpadded(stanza.args[1] ?? '') : null
    if (share?.length !== 32 || stanza.body.length !== 32) return 'malformed'
    const secret = sharedSecret(mine, share)
    if (secret === null) return 'malformed'
    const key = hkdf(secret, concat(share, recipient), wrapInfo)
    const fileKey = new Uint8Array(16)
    if (decryptChunk(key, zeroNonce, stanza.body, fileKey, 0)) return fileKey
  }
  return 'none'
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

function decryptChunk(
  key: Uint8Array,
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
function hkdf(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array): Uint8Array {
  const extracted = crypto.createHmac('sha256', salt).update(ikm).digest()
  return crypto.createHmac('sha256', extracted).update(info).update(Uint8Array.of(1)).digest()
}

/** Null when the result is all zero (a point of low order), which age refuses. */
function sharedSecret(mine: crypto.KeyObject, theirs: Uint8Array): Uint8Array | null {
  const publicKey = importPublic('X25519', theirs)
  try {
    const secret = crypto.diffieHellman({ privateKey: mine, publicKey })
    return secret.every((byte) => byte === 0) ? null : secret
  } catch {
    return null
  }
}
