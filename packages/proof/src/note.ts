/** c2sp.org/signed-note with Ed25519 keys (type 0x01), and the key spellings of Go's sumdb/note. */

import { sha256 } from '@noble/hashes/sha2.js'

import { concat, equal, fromBase64, fromUtf8, toBase64, toHex, utf8 } from './bytes.ts'
import { type Ed25519Sign, type Ed25519Verify, sign as signPure, verify } from './ed25519.ts'
import { limits } from './limits.ts'
import { type Refused, refuse } from './refusal.ts'

export type NoteKey = {
  readonly name: string
  /** First four bytes of SHA-256(name, line feed, 0x01, public key). */
  readonly keyId: Uint8Array
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

export type NoteSigner = NoteKey & {
  /** `<name>+<key id>+<base64>`: what verifiers are given. */
  readonly vkey: string
  readonly sign: (text: Uint8Array) => Uint8Array
}

export type NoteRefusal = 'malformed_note' | 'bad_signature' | 'no_known_signature'
export type OpenedNote =
  | { readonly kind: 'note'; readonly text: string; readonly signedBy: readonly string[] }
  | Refused<NoteRefusal>

const ed25519Type = 0x01
const secretPrefix = 'PRIVATE+KEY+'

/** Names keys of notes: not empty, without Unicode spaces, plus signs or control characters. */
export function isNoteName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- notes exclude exactly these
  return name.length > 0 && !/[\s\u0085+\u0000-\u001f\ud800-\udfff]/u.test(name)
}

/** The public key of a vkey; null when it is malformed or of another type. */
export function parseVkey(vkey: string): NoteKey | null {
  const [name = '', keyId = '', encoded = ''] = splitKey(vkey)
  const key = fromBase64(encoded)
  if (!isNoteName(name) || key?.length !== 33 || key[0] !== ed25519Type) return null
  const parsed = noteKey(name, key.subarray(1))
  return toHex(parsed.keyId) === keyId ? parsed : null
}

/** `<name>+<hex key id>+<base64 of 0x01 and the public key>`. */
export function formatVkey(name: string, publicKey: Uint8Array): string {
  const { keyId } = noteKey(name, publicKey)
  return `${name}+${toHex(keyId)}+${toBase64(concat(Uint8Array.of(ed25519Type), publicKey))}`
}

/** `PRIVATE+KEY+<name>+<hex key id>+<base64 of 0x01 and the seed>`: secret. */
export function formatSkey(name: string, seed: Uint8Array, publicKey: Uint8Array): string {
  const { keyId } = noteKey(name, publicKey)
  const encoded = toBase64(concat(Uint8Array.of(ed25519Type), seed))
  return `${secretPrefix}${name}+${toHex(keyId)}+${encoded}`
}

/** Name and 32-byte seed of a skey; null when it is malformed. The caller derives the public key. */
export function parseSkey(
  skey: string,
): { readonly name: string; readonly keyId: string; readonly seed: Uint8Array } | null {
  if (!skey.startsWith(secretPrefix)) return null
  const [name = '', keyId = '', encoded = ''] = splitKey(skey.slice(secretPrefix.length))
  const key = fromBase64(encoded)
  if (!isNoteName(name) || key?.length !== 33 || key[0] !== ed25519Type) return null
  return /^[0-9a-f]{8}$/.test(keyId) ? { name, keyId, seed: key.slice(1) } : null
}

/** A signer from a seed and its public key. Pass `sign` of `node/ed25519.ts` where there is node. */
export function noteSigner(
  name: string,
  seed: Uint8Array,
  publicKey: Uint8Array,
  sign: Ed25519Sign = signPure,
): NoteSigner {
  const key = noteKey(name, publicKey)
  return { ...key, vkey: formatVkey(name, publicKey), sign: (text) => sign(seed, text) }
}

/** The note of `text`, which ends with a line feed, under one or more signatures. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!text.endsWith('\n') || !isNoteText(text)) throw new Error('not a note text')
  const lines = signers.map((signer) => {
    const signature = concat(signer.keyId, signer.sign(utf8(text)))
    return `— ${signer.name} ${toBase64(signature)}\n`
  })
  if (lines.length === 0) throw new Error('a note has a signature')
  return `${text}\n${lines.join('')}`
}

/**
 * The text of a note that at least one of `keys` signed. Unknown signatures are passed over; one
 * bad signature of a known key refuses the whole note. Never throws.
 */
export function openNote(
  note: string | Uint8Array,
  keys: readonly NoteKey[],
  verifySignature: Ed25519Verify = verify,
): OpenedNote {
  const parsed = parseNote(typeof note === 'string' ? utf8(note) : note)
  if (parsed === null) return refuse('malformed_note', 'This is not a signed note.')
  const signedBy: string[] = []
  for (const { name, keyId, signature } of parsed.signatures) {
    const key = keys.find((one) => one.name === name && equal(one.keyId, keyId))
    if (key === undefined) continue
    if (!verifySignature(key.publicKey, utf8(parsed.text), signature)) {
      return refuse('bad_signature', `The signature of ${name} does not fit the text.`)
    }
    signedBy.push(name)
  }
  if (signedBy.length === 0) return refuse('no_known_signature', 'No trusted key signed this note.')
  return { kind: 'note', text: parsed.text, signedBy }
}

type NoteSignature = {
  readonly name: string
  readonly keyId: Uint8Array
  readonly signature: Uint8Array
}

function parseNote(
  bytes: Uint8Array,
): { readonly text: string; readonly signatures: readonly NoteSignature[] } | null {
  const note = bytes.length > limits.noteMax ? null : fromUtf8(bytes)
  if (note === null || !isNoteText(note) || !note.endsWith('\n')) return null
  // The last empty line divides; the text keeps its own line feed.
  const divider = note.lastIndexOf('\n\n')
  if (divider < 0) return null
  const lines = note.slice(divider + 2, -1).split('\n')
  if (lines.length > limits.noteSignaturesMax) return null
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const [dash, name = '', encoded = '', more] = line.split(' ')
    const decoded = fromBase64(encoded)
    if (dash !== '—' || more !== undefined || !isNoteName(name)) return null
    if (decoded === null || decoded.length < 5) return null
    signatures.push({ name, keyId: decoded.subarray(0, 4), signature: decoded.subarray(4) })
  }
  return { text: note.slice(0, divider + 1), signatures }
}

function isNoteText(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- notes exclude exactly these
  return !/[\u0000-\u0009\u000b-\u001f]|[\ud800-\udfff]/u.test(text)
}

function noteKey(name: string, publicKey: Uint8Array): NoteKey {
  if (!isNoteName(name)) throw new Error('not a name of a note key')
  if (publicKey.length !== 32) throw new Error('an Ed25519 public key has 32 bytes')
  const keyId = sha256(concat(utf8(`${name}\n`), Uint8Array.of(ed25519Type), publicKey)).slice(0, 4)
  return { name, keyId, publicKey }
}

/** Name, key id and base64, which alone may contain further plus signs. */
function splitKey(text: string): readonly string[] {
  const parts = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text)
  return parts === null ? [] : parts.slice(1)
}
