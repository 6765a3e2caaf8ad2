/** c2sp.org/tlog-checkpoint: a signed note of a log's origin, size and root. */

import { fromBase64, toBase64 } from './bytes.ts'
import { type Ed25519Verify, verify } from './ed25519.ts'
import { limits } from './limits.ts'
import {
  type NoteRefusal,
  type NoteSigner,
  isNoteName,
  openNote,
  parseVkey,
  signNote,
} from './note.ts'
import { type Refused, refuse } from './refusal.ts'

export type Checkpoint = {
  readonly origin: string
  /** Leaves of the tree. */
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
}

export type CheckpointRefusal =
  | NoteRefusal
  | 'malformed_vkey'
  | 'malformed_checkpoint'
  | 'other_origin'

export type OpenedCheckpoint =
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  | Refused<CheckpointRefusal>

/** The three lines of a checkpoint, without signatures. We write no extension lines. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (!isNoteName(origin)) throw new Error('not an origin')
  if (!Number.isSafeInteger(size) || size < 0 || size > limits.treeSizeMax) {
    throw new Error('not a tree size')
  }
  if (root.length !== 32) throw new Error('a root has 32 bytes')
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

/** Reads checkpoint text; null when malformed. Extension lines are allowed and passed over. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const lines = text.split('\n')
  const [origin = '', size = '', encodedRoot = ''] = lines
  if (lines.length < 4 || lines.pop() !== '' || lines.includes('')) return null
  const root = fromBase64(encodedRoot)
  const leaves = parseDecimal(size)
  if (leaves === null || leaves > limits.treeSizeMax || root?.length !== 32) return null
  return { origin, size: leaves, root }
}

/** A whole number in ASCII decimal without leading zeros; null for anything else. */
export function parseDecimal(text: string): number | null {
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}

/** A signed checkpoint. The signer's name is the origin. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  if (signer.name !== checkpoint.origin) throw new Error('a log signs under its origin')
  return signNote(formatCheckpoint(checkpoint), [signer])
}

/** Reads a checkpoint that the log of `vkey` signed, whose name is also its origin. Never throws. */
export function openCheckpoint(
  note: string | Uint8Array,
  vkey: string,
  verifySignature: Ed25519Verify = verify,
): OpenedCheckpoint {
  const key = parseVkey(vkey)
  if (key === null) return refuse('malformed_vkey', 'The log key is malformed.')
  const opened = openNote(note, [key], verifySignature)
  if (opened.kind === 'refused') return opened
  const checkpoint = parseCheckpoint(opened.text)
  if (checkpoint === null) return refuse('malformed_checkpoint', 'The note is not a checkpoint.')
  if (checkpoint.origin !== key.name) {
    return refuse('other_origin', `The checkpoint is of ${checkpoint.origin}, not ${key.name}.`)
  }
  return { kind: 'checkpoint', checkpoint }
}
