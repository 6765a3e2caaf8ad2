/** age v1 with X25519 recipients (c2sp.org/age) on node:crypto. Bit compatible with age. */

import * as crypto from 'node:crypto'

import { toBech32 } from '../bech32.ts'
import { concat, fromBase64Unpadded, toBase64Unpadded, utf8 } from '../bytes.ts'
import { limits } from '../limits.ts'
import { type Refused, refuse } from '../refusal.ts'
import {
  type SealHeader,
  type SplitSeal,
  type Stanza,
  parseIdentity,
  parseRecipient,
  parseSealHeader,
} from '../seal-format.ts'
import {
  type Opened,
  type OpenRefusal,
  type Random,
  type Unwrapped,
  appendPayload,
  checkedFileKey,
  fileKeyBytes,
  hkdf,
  macHeader,
  openBody,
  unwrapKey,
  wrapKey,
  wrappedKeyBytes,
} from './age-payload.ts'
import { importPrivate, importPublic, rawPublic } from './okp-keys.ts'

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

const zeroNonce = new Uint8Array(12)
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
  const fileKey = random(fileKeyBytes)
  return appendPayload(wrapFileKey(fileKey, recipients, random), fileKey, plaintext, random)
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
  const mine = typeof identity === 'string' ? openingKey(identity) : identity
  const unwrapped = unwrapFileKey(split.header, mine)
  return unwrapped.kind === 'refused' ? unwrapped : openBody(unwrapped.fileKey, split.body)
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
  const unwrapped = unwrapFileKey(header, openingKey(identity))
  if (unwrapped.kind === 'refused') return unwrapped
  return { kind: 'rewrapped', header: wrapFileKey(unwrapped.fileKey, recipients, random) }
}

/** A header that holds `fileKey` for every recipient. Throws as `seal` does. */
export function wrapFileKey(
  fileKey: Uint8Array,
  recipients: readonly string[],
  random: Random = crypto.randomBytes,
): Uint8Array {
  if (recipients.length === 0 || recipients.length > limits.sealRecipientsMax) {
    throw new Error(`a seal has 1 to ${limits.sealRecipientsMax} recipients`)
  }
  return macHeader(
    fileKey,
    recipients.map((one) => wrapStanza(fileKey, one, random)),
  )
}

function wrapStanza(fileKey: Uint8Array, recipient: string, random: Random): Stanza {
  const theirs = parseRecipient(recipient)
  if (theirs === null) throw new Error('not an age X25519 recipient')
  const ephemeral = importPrivate('X25519', random(32))
  const share = rawPublic(ephemeral)
  const secret = sharedSecret(ephemeral, theirs)
  if (secret === null) throw new Error('the recipient is a point of low order')
  const key = hkdf(secret, concat(share, theirs), wrapInfo)
  return { args: ['X25519', toBase64Unpadded(share)], body: wrapKey(key, zeroNonce, fileKey) }
}

/** Unwraps the file key of a detached header with one identity. */
export function unwrapFileKey(header: Uint8Array, mine: OpeningKey): Unwrapped {
  const parsed = parseSealHeader(header)
  if (parsed === null || parsed.bytes !== header.length) {
    return refuse('malformed_header', 'This is not an age v1 header.')
  }
  const fileKey = fileKeyIn(parsed, mine)
  if (fileKey === 'malformed') return refuse('malformed_header', 'A recipient stanza is malformed.')
  if (fileKey === 'none') {
    return refuse('no_matching_recipient', 'The seal is not addressed to this identity.')
  }
  return checkedFileKey(parsed, fileKey)
}

function fileKeyIn(
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
    if (share?.length !== 32 || stanza.body.length !== wrappedKeyBytes) return 'malformed'
    const secret = sharedSecret(mine, share)
    if (secret === null) return 'malformed'
    const key = hkdf(secret, concat(share, recipient), wrapInfo)
    const fileKey = unwrapKey(key, zeroNonce, stanza.body)
    if (fileKey !== null) return fileKey
  }
  return 'none'
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
