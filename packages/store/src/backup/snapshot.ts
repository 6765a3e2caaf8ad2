/**
 * What one run of `sallyport backup` vouches for (specs/backup.md): a list of pieces in canonical
 * JSON, and beside it a signed note over the list's hash. Neither is secret: they say sizes and hashes.
 */

import {
  decodeJson,
  encodeJson,
  hex256,
  id128,
  instant,
  list,
  oneOf,
  record,
  text,
  whole,
} from '@sallyport/proof/canonical-json'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { verify } from '@sallyport/proof/node/ed25519'
import { type NoteSigner, openNote, parseVkey, signNote } from '@sallyport/proof/note'
import { type Refused, refuse } from '@sallyport/proof/refusal'

import { backupLimits } from './limits.ts'

const parts = ['tables', 'rows', 'segment', 'log', 'file'] as const
export type Part = (typeof parts)[number]

/** One sealed object and which stretch of what it holds. */
export type Piece = {
  readonly part: Part
  /** Table, segment file, or path below the data directory; `-` where there is only one. */
  readonly of: string
  /** Offsets of a file, rows of a table, entries of the log: from the first on, up to the second. */
  readonly from: number
  readonly to: number
  /** Name of the sealed object. */
  readonly object: string
  /** Length and SHA-256 of the sealed object. */
  readonly bytes: number
  readonly sha256: string
}

export type Snapshot = {
  readonly version: 1
  /** Of all snapshots of one hub. */
  readonly backup: string
  readonly number: number
  readonly made_at: string
  /** `final`: the hub was stopped and its data directory retired, so nothing came after it. */
  readonly hub: 'running' | 'stopped' | 'final'
  /** Who can open the pieces. */
  readonly recipients: readonly string[]
  readonly log_vkey: string
  /** Entries of the log, all of whose rows are in this snapshot; and the root that was signed. */
  readonly log_size: number
  readonly log_root: string
  /** What is left out on purpose. */
  readonly left_out: readonly string[]
  readonly pieces: readonly Piece[]
}

export type SnapshotRefusal = 'not_signed' | 'malformed_snapshot'

const line = text(/^[\x20-\x7e]{1,512}$/, 'a line of text')
/** Hybrid recipients have 1,959 characters. */
const recipient = text(/^age1[02-9ac-hj-np-z1]{1,2048}$/, 'an age recipient')
const shape = record<Snapshot>({
  version: oneOf([1]),
  backup: id128,
  number: whole(1, backupLimits.snapshotsMax),
  made_at: instant,
  hub: oneOf(['running', 'stopped', 'final']),
  recipients: list(recipient, 1, backupLimits.recipientsMax),
  log_vkey: line,
  log_size: whole(1),
  log_root: hex256,
  left_out: list(line, 0, 100),
  pieces: list(
    record<Piece>({
      part: oneOf(parts),
      of: text(/^[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$|^-$/, 'a name'),
      from: whole(0),
      to: whole(0),
      object: hex256,
      bytes: whole(1),
      sha256: hex256,
    }),
    1,
    backupLimits.piecesMax,
  ),
})

/** The list and the note that signs it. */
export function signSnapshot(
  snapshot: Snapshot,
  signer: NoteSigner,
): { readonly list: Uint8Array; readonly note: string } {
  const bytes = encodeJson(shape, snapshot)
  return { list: bytes, note: signNote(noteText(bytes), [signer]) }
}

/** Reads a snapshot that the holder of `vkey` signed. Never throws. */
export function openSnapshot(
  bytes: Uint8Array,
  note: Uint8Array,
  vkey: string,
): { readonly kind: 'snapshot'; readonly snapshot: Snapshot } | Refused<SnapshotRefusal> {
  const key = parseVkey(vkey)
  if (key === null) return refuse('not_signed', 'That is no key of a backup.')
  const opened = openNote(note, [key], verify)
  if (opened.kind === 'refused') return refuse('not_signed', opened.detail)
  if (opened.text !== noteText(bytes))
    return refuse('not_signed', 'The list of pieces is not the one that was signed.')
  const decoded = decodeJson(shape, bytes, backupLimits.snapshotMax)
  return decoded.kind === 'problem'
    ? refuse('malformed_snapshot', decoded.detail)
    : { kind: 'snapshot', snapshot: decoded.value }
}

function noteText(bytes: Uint8Array): string {
  return `sallyport.invalid/backup\n${bytes.length}\n${sha256Hex(bytes)}\n`
}
