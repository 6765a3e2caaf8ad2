/** c2sp.org/signed-note with Ed25519 keys (type 0x01), and the key spellings of Go's sumdb/note. */

import { sha256 } from '@noble/hashes/sha2.js'

import { concat, equal, fromBase64, fromUtf8, toBase64, toHex, utf8 } from './bytes.ts'
import { type Ed25519Sign, type Ed25519Verify, sign as signPure, verify } from './ed25519.ts'
import { limits } from './limits.ts'
import { type Refused, refuse } from './refusal.ts'

export type NoteKey = {
  readonly name: string
  /** First four bytes of SHA-256(name, line feed, type, public key). */
  readonly keyId: Uint8Array
  /** 32 bytes of Ed25519. */
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
  return name.length > 0 && !/[\p{White_Space}+\u0000-\u001f\ud800-\udfff]/u.test(name)
}

/** The public key of a vkey; null when it is malformed or of another type. */
export function parseVkey(vkey: string): NoteKey | null {
  const key = parseTypedVkey(vkey)
  return key === null || key.type !== ed25519Type || key.publicKey.length !== 32
    ? null
    : { name: key.name, keyId: key.keyId, publicKey: key.publicKey }
}

/** `<name>+<hex key id>+<base64 of 0x01 and the public key>`. */
export function formatVkey(name: string, publicKey: Uint8Array): string {
  noteKey(name, publicKey)
  return formatTypedVkey(name, ed25519Type, publicKey)
}

/** A vkey of any signature type; null when it is malformed or its key id is not the recommended. */
export function parseTypedVkey(vkey: string): (NoteKey & { readonly type: number }) | null {
  const [name = '', keyId = '', encoded = ''] = splitKey(vkey)
  const key = fromBase64(encoded)
  const type = key?.[0]
  if (!isNoteName(name) || key === null || type === undefined) return null
  const publicKey = key.subarray(1)
  const computed = keyIdOf(name, type, publicKey)
  return toHex(computed) === keyId ? { name, type, keyId: computed, publicKey } : null
}

/** The spelling that `parseTypedVkey` reads. */
export function formatTypedVkey(name: string, type: number, publicKey: Uint8Array): string {
  const keyId = toHex(keyIdOf(name, type, publicKey))
  return `${name}+${keyId}+${toBase64(concat(Uint8Array.of(type), publicKey))}`
}

/** The first four bytes of SHA-256 of name, line feed, signature type and public key. */
export function keyIdOf(name: string, type: number, publicKey: Uint8Array): Uint8Array {
  return sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey)).slice(0, 4)
}

/** `PRIVATE+KEY+<name>+<hex key id>+<base64 of 0x01 and the seed>`: secret. */
export function formatSkey(name: string, seed: Uint8Array, publicKey: Uint8Array): string {
  return formatTypedSkey(name, ed25519Type, seed, noteKey(name, publicKey).keyId)
}

/** Name and 32-byte seed of a skey; null when it is malformed. The caller derives the public key. */
export function parseSkey(
  skey: string,
): { readonly name: string; readonly keyId: string; readonly seed: Uint8Array } | null {
  const key = parseTypedSkey(skey)
  return key === null || key.type !== ed25519Type
    ? null
    : { name: key.name, keyId: key.keyId, seed: key.seed }
}

/** A skey of any signature type with a 32-byte seed; null when malformed. */
export function parseTypedSkey(skey: string): {
  readonly name: string
  readonly keyId: string
  readonly type: number
  readonly seed: Uint8Array
} | null {
  if (!skey.startsWith(secretPrefix)) return null
  const [name = '', keyId = '', encoded = ''] = splitKey(skey.slice(secretPrefix.length))
  const key = fromBase64(encoded)
  if (!isNoteName(name) || key?.length !== 33 || !/^[0-9a-f]{8}$/.test(keyId)) return null
  return { name, keyId, type: key[0] ?? 0, seed: key.slice(1) }
}

/** The spelling that `parseTypedSkey` reads: secret. `keyId` is the public key's. */
export function formatTypedSkey(
  name: string,
  type: number,
  seed: Uint8Array,
  keyId: Uint8Array,
): string {
  return `${secretPrefix}${name}+${toHex(keyId)}+${toBase64(concat(Uint8Array.of(type), seed))}`
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
    const { name, keyId } = signer
    return signatureLine({ name, keyId, signature: signer.sign(utf8(text)) })
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
  const checked = checkSignatures(note, keys, (key, text, signature) =>
    verifySignature(key.publicKey, utf8(text), signature) ? 'valid' : 'bad',
  )
  if (checked.kind === 'refused') return checked
  const signedBy = checked.valid.map(({ key }) => key.name)
  if (signedBy.length === 0) return refuse('no_known_signature', 'No trusted key signed this note.')
  return { kind: 'note', text: checked.text, signedBy }
}

/** What a signature of a known key turned out to be, whatever its type. */
export type SignatureCheck<Found> = Found | 'bad'

export type CheckedSignatures<Key, Found> =
  | {
      readonly kind: 'checked'
      readonly text: string
      /** In the order of the note. Empty: nobody known signed, and the text means nothing. */
      readonly valid: readonly { readonly key: Key; readonly found: Found }[]
    }
  | Refused<'malformed_note' | 'bad_signature'>

/**
 * Asks `check` about every signature whose name and key id are those of one of `keys`. One that is
 * bad refuses the note; those of unknown keys are passed over. Never throws.
 */
export function checkSignatures<
  Key extends { readonly name: string; readonly keyId: Uint8Array },
  Found,
>(
  note: string | Uint8Array,
  keys: readonly Key[],
  check: (key: Key, text: string, signature: Uint8Array) => SignatureCheck<Found>,
): CheckedSignatures<Key, Found> {
  const parsed = parseNote(typeof note === 'string' ? utf8(note) : note)
  if (parsed === null) return refuse('malformed_note', 'This is not a signed note.')
  const valid: { readonly key: Key; readonly found: Found }[] = []
  for (const { name, keyId, signature } of parsed.signatures) {
    const key = keys.find((one) => one.name === name && equal(one.keyId, keyId))
    if (key === undefined) continue
    const found = check(key, parsed.text, signature)
    if (found === 'bad') {
      return refuse('bad_signature', `The signature of ${name} does not fit the text.`)
    }
    valid.push({ key, found })
  }
  return { kind: 'checked', text: parsed.text, valid }
}

export type NoteSignature = {
  readonly name: string
  readonly keyId: Uint8Array
  readonly signature: Uint8Array
}

/** Text and signatures of a note, none of them checked; null when it is malformed. */
export function parseNote(
  bytes: Uint8Array,
): { readonly text: string; readonly signatures: readonly NoteSignature[] } | null {
  const note = bytes.length > limits.noteMax ? null : fromUtf8(bytes)
  if (note === null || !isNoteText(note) || !note.endsWith('\n')) return null
  // The last empty line divides; the text keeps its own line feed.
  const divider = note.lastIndexOf('\n\n')
  if (divider < 0) return null
  const signatures = parseSignatureLines(note.slice(divider + 2))
  return signatures === null ? null : { text: note.slice(0, divider + 1), signatures }
}

/** One or more signature lines, each with its line feed; null when malformed or too many. */
export function parseSignatureLines(text: string): readonly NoteSignature[] | null {
  if (!text.endsWith('\n') || !isNoteText(text)) return null
  const lines = text.slice(0, -1).split('\n')
  if (lines.length > limits.noteSignaturesMax) return null
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const [dash, name = '', encoded = '', more] = line.split(' ')
    const decoded = fromBase64(encoded)
    if (dash !== '—' || more !== undefined || !isNoteName(name)) return null
    if (decoded === null || decoded.length < 5) return null
    signatures.push({ name, keyId: decoded.subarray(0, 4), signature: decoded.subarray(4) })
  }
  return signatures
}

/** `— <name> <base64 of key id and signature>` and a line feed. */
export function signatureLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${toBase64(concat(keyId, signature))}\n`
}

function isNoteText(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- notes exclude exactly these
  return !/[\u0000-\u0009\u000b-\u001f]|[\ud800-\udfff]/u.test(text)
}

function noteKey(name: string, publicKey: Uint8Array): NoteKey {
  if (!isNoteName(name)) throw new Error('not a name of a note key')
  if (publicKey.length !== 32) throw new Error('an Ed25519 public key has 32 bytes')
  return { name, keyId: keyIdOf(name, ed25519Type, publicKey), publicKey }
}

/** Name, key id and base64, which alone may contain further plus signs. */
function splitKey(text: string): readonly string[] {
  const parts = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text)
  return parts === null ? [] : parts.slice(1)
}
