/**
 * age v1 with X25519 or hybrid recipients (c2sp.org/age), body and X25519 on node:crypto. Bit
 * compatible with age.
 */

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
import { importPrivate, rawPublic, x25519Secret } from './okp-keys.ts'
import { type HybridKey, hybridKey, unwrapHybrid, wrapHybrid } from './seal-hybrid.ts'

export type SealIdentity = {
  /** Secret: `AGE-SECRET-KEY-1…`. */
  readonly identity: string
  /** Public: `age1…`. */
  readonly recipient: string
}

type X25519Key = {
  readonly kind: 'x25519'
  readonly key: crypto.KeyObject
  /** The 32 bytes of its recipient. */
  readonly recipient: Uint8Array
}

/** Identities read once, for opening many seals: reading one costs more than opening a small seal. */
export type OpeningKey = readonly (X25519Key | HybridKey)[]

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
 * Seals `plaintext` to every recipient: a whole age file, `plaintext` + 200 bytes (1,659 where the
 * recipient is hybrid) and 16 for each further 64 KiB. Throws on a malformed recipient, none, too
 * many, or both types together: those are configured, not read.
 */
export function seal(
  plaintext: Uint8Array,
  recipients: readonly string[],
  random: Random = crypto.randomBytes,
): Uint8Array {
  const fileKey = random(fileKeyBytes)
  return appendPayload(wrapFileKey(fileKey, recipients, random), fileKey, plaintext, random)
}

/**
 * Reads identities, `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…`. What it gives opens what any of
 * them opens. Throws when one is malformed.
 */
export function openingKey(...identities: readonly string[]): OpeningKey {
  return identities.map((identity) => {
    const scalar = parseIdentity(identity)
    const key = scalar === null ? hybridKey(identity) : x25519Key(scalar)
    if (key === null) throw new Error('not an age identity')
    return key
  })
}

function x25519Key(scalar: Uint8Array): X25519Key {
  const key = importPrivate('X25519', scalar)
  return { kind: 'x25519', key, recipient: rawPublic(key) }
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
  // Beside an X25519 stanza a hybrid one would protect nothing (c2sp.org/age).
  const hybrids = recipients.filter(isHybrid).length
  if (hybrids > 0 && hybrids < recipients.length) {
    throw new Error('hybrid recipients are not mixed with others')
  }
  const stanzas = recipients.map((one) => wrapStanza(fileKey, one, random))
  const header = macHeader(fileKey, stanzas)
  if (header.length > limits.sealHeaderMax) throw new Error('a header of so many exceeds the limit')
  return header
}

/** By its looks, for choosing: `wrapFileKey` says whether it is sound. */
export function isHybrid(recipient: string): boolean {
  return recipient.startsWith('age1pq1')
}

function wrapStanza(fileKey: Uint8Array, recipient: string, random: Random): Stanza {
  if (isHybrid(recipient)) return wrapHybrid(fileKey, recipient, random)
  const theirs = parseRecipient(recipient)
  if (theirs === null) throw new Error('not an age X25519 recipient')
  const ephemeral = importPrivate('X25519', random(32))
  const share = rawPublic(ephemeral)
  const secret = x25519Secret(ephemeral, theirs)
  if (secret === null) throw new Error('the recipient is a point of low order')
  const key = hkdf(secret, concat(share, theirs), wrapInfo)
  return { args: ['X25519', toBase64Unpadded(share)], body: wrapKey(key, zeroNonce, fileKey) }
}

/** Unwraps the file key of a detached header with the first identity that it is for. */
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

function fileKeyIn(header: SealHeader, mine: OpeningKey): Uint8Array | 'malformed' | 'none' {
  // An scrypt stanza stands alone or the header is not age.
  if (header.stanzas.length > 1 && header.stanzas.some((one) => one.args[0] === 'scrypt')) {
    return 'malformed'
  }
  for (const key of mine) {
    for (const stanza of header.stanzas) {
      const found = key.kind === 'x25519' ? unwrapX25519(stanza, key) : unwrapHybrid(stanza, key)
      if (found !== 'none') return found
    }
  }
  return 'none'
}

function unwrapX25519(
  { args, body }: Stanza,
  { key: mine, recipient }: X25519Key,
): Uint8Array | 'malformed' | 'none' {
  if (args[0] !== 'X25519') return 'none'
  const share = args.length === 2 ? fromBase64Unpadded(args[1] ?? '') : null
  if (share?.length !== 32 || body.length !== wrappedKeyBytes) return 'malformed'
  const secret = x25519Secret(mine, share)
  if (secret === null) return 'malformed'
  const key = hkdf(secret, concat(share, recipient), wrapInfo)
  return unwrapKey(key, zeroNonce, body) ?? 'none'
}
