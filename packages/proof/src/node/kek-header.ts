/**
 * Headers as they are stored: the file key wrapped under a KEK, a symmetric key of one class, day and
 * port (specs/seal.md, KEKs). To age it is a stanza of a type it does not know; nothing in it breaks
 * when elliptic curves do.
 */

import * as crypto from 'node:crypto'

import { fromBase64Unpadded, toBase64Unpadded } from '../bytes.ts'
import { refuse } from '../refusal.ts'
import { type SealHeader, parseSealHeader } from '../seal-format.ts'
import {
  type Random,
  type Unwrapped,
  checkedFileKey,
  macHeader,
  unwrapKey,
  wrapKey,
} from './age-payload.ts'

export type Kek = {
  /** Random, 32 hex digits. */
  readonly id: string
  /** 32 bytes. */
  readonly key: crypto.KeyObject
}

const stanzaType = 'sallyport.kek/v1'
const nonceBytes = 12

/** A whole header that holds `fileKey` under `kek` alone. One KEK wraps at most 2^32 file keys. */
export function wrapUnderKek(
  { id, key }: Kek,
  fileKey: Uint8Array,
  random: Random = crypto.randomBytes,
): Uint8Array {
  const nonce = random(nonceBytes)
  const args = [stanzaType, id, toBase64Unpadded(nonce)]
  return macHeader(fileKey, [{ args, body: wrapKey(key, nonce, fileKey) }])
}

/** Unwraps the file key of a stored header. */
export function unwrapUnderKek(header: Uint8Array, { id, key }: Kek): Unwrapped {
  const parsed = parseSealHeader(header)
  if (parsed === null || parsed.bytes !== header.length) {
    return refuse('malformed_header', 'This is not an age v1 header.')
  }
  const stanza = kekStanza(parsed)
  if (stanza === null) return refuse('no_matching_recipient', 'The seal is not under a KEK.')
  if (stanza.id !== id) return refuse('no_matching_recipient', 'The seal is under another KEK.')
  const fileKey =
    stanza.nonce?.length === nonceBytes ? unwrapKey(key, stanza.nonce, stanza.body) : null
  // The stanza names this KEK, so it was changed, or made by somebody who does not have it.
  if (fileKey === null) return refuse('malformed_header', 'The stanza of the KEK is malformed.')
  return checkedFileKey(parsed, fileKey)
}

/** The id of the KEK that a header is under; null when it is under none, or no header. */
export function kekOfHeader(header: Uint8Array): string | null {
  const parsed = parseSealHeader(header)
  return parsed === null ? null : (kekStanza(parsed)?.id ?? null)
}

function kekStanza({ stanzas }: SealHeader) {
  const [stanza] = stanzas
  const [type, id, nonce] = stanza?.args ?? []
  // Alone, as age wants of every recipient that must not be mixed with weaker ones.
  if (stanza === undefined || stanzas.length !== 1 || stanza.args.length !== 3) return null
  if (type !== stanzaType || id === undefined || !/^[0-9a-f]{32}$/.test(id)) return null
  return { id, nonce: fromBase64Unpadded(nonce ?? ''), body: stanza.body }
}
