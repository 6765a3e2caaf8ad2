/**
 * c2sp.org/tlog-witness: what a witness is sent, what it decides, what it answers. Pure: whoever
 * calls decides and persists in one step, and answers only when the new state is durable.
 *
 * Where the editor's copy of July 2026 is stricter than v1.0.0 we follow the copy: two roots of one
 * size are 422 and not 409, and a tree without leaves has the empty root.
 */

import { equal, fromBase64, fromUtf8, toBase64 } from './bytes.ts'
import { type Checkpoint, parseCheckpoint, parseDecimal } from './checkpoint.ts'
import { type Ed25519Verify, verify } from './ed25519.ts'
import { limits } from './limits.ts'
import { emptyRoot, verifyConsistency } from './merkle.ts'
import { type NoteKey, openNote, parseNote } from './note.ts'
import { type Refused, refuse } from './refusal.ts'

export type AddCheckpoint = {
  readonly oldSize: number
  /** 32 bytes each, as RFC 6962 section 2.1.2 orders them. */
  readonly proof: readonly Uint8Array[]
  /** The signed checkpoint, verbatim. */
  readonly note: string
}

/** The latest tree that a witness cosigned for a log. `none`: never any, so size 0. */
export type WitnessState =
  | { readonly kind: 'none' }
  | { readonly kind: 'cosigned'; readonly size: number; readonly root: Uint8Array }

/** `status` is the HTTP status; `evidence`: the log signed something that contradicts itself. */
export type WitnessRefusal = Refused<
  | 'malformed_request'
  | 'old_size_beyond_checkpoint'
  | 'unknown_log'
  | 'no_known_signature'
  | 'bad_signature'
  | 'other_old_size'
  | 'empty_root_wrong'
  | 'two_roots'
  | 'inconsistent'
> & {
  readonly status: 400 | 403 | 404 | 409 | 422
  /** Of the latest cosigned tree; only with 409, where the body is this number. */
  readonly size?: number
  readonly evidence: boolean
}

export type WitnessDecision =
  | {
      readonly kind: 'cosign'
      readonly checkpoint: Checkpoint
      /** What is cosigned: the checkpoint's text without signatures. */
      readonly text: string
    }
  | WitnessRefusal

export const sizeContentType = 'text/x.tlog.size'

/** The body of a request. A client sends at most 63 proof lines. */
export function formatAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  if (proof.length > limits.proofHashesMax) throw new Error('a proof has at most 63 hashes')
  const lines = [`old ${oldSize}`, ...proof.map((hash) => toBase64(hash))]
  return `${lines.join('\n')}\n\n${note}`
}

/** Reads the body of a request; null when it is malformed. Checks no signature. */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint | null {
  const text = body.length > limits.addCheckpointMax ? null : fromUtf8(body)
  const divider = text?.indexOf('\n\n') ?? -1
  if (text === null || divider < 0) return null
  const [oldLine = '', ...proofLines] = text.slice(0, divider).split('\n')
  const oldSize = oldLine.startsWith('old ') ? parseDecimal(oldLine.slice(4)) : null
  if (oldSize === null || proofLines.length > limits.proofHashesMax) return null
  const proof: Uint8Array[] = []
  for (const line of proofLines) {
    const hash = fromBase64(line)
    if (hash?.length !== 32) return null
    proof.push(hash)
  }
  return { oldSize, proof, note: text.slice(divider + 2) }
}

/** The origin that a request speaks of, before anything in it is believed; null when malformed. */
export function claimedOrigin(request: AddCheckpoint): string | null {
  return claimed(request)?.origin ?? null
}

/**
 * Decides on a request. `keys` are those that the witness trusts for the claimed origin, empty when
 * it does not know that log; `state` is its latest tree of that log.
 */
export function decideAddCheckpoint(
  request: AddCheckpoint | null,
  keys: readonly NoteKey[],
  state: WitnessState,
  verifySignature: Ed25519Verify = verify,
): WitnessDecision {
  const checkpoint = request === null ? null : claimed(request)
  if (request === null || checkpoint === null) {
    return no(400, 'malformed_request', 'The body is not an add-checkpoint request.')
  }
  if (keys.length === 0) {
    return no(404, 'unknown_log', 'This witness does not know the log of that origin.')
  }
  const opened = openNote(request.note, keys, verifySignature)
  if (opened.kind === 'refused') {
    if (opened.code === 'malformed_note') return no(400, 'malformed_request', opened.detail)
    return no(403, opened.code, opened.detail)
  }
  if (request.oldSize > checkpoint.size) {
    return no(400, 'old_size_beyond_checkpoint', 'The old size is beyond the checkpoint.')
  }
  const known = state.kind === 'none' ? 0 : state.size
  if (request.oldSize !== known) {
    return {
      ...no(409, 'other_old_size', `The latest cosigned tree has ${known} entries.`),
      size: known,
    }
  }
  const inconsistent = inconsistency(request, checkpoint, state)
  return inconsistent ?? { kind: 'cosign', checkpoint, text: opened.text }
}

/** Checks of the tree itself, once the log's signature is known to be real. */
function inconsistency(
  { oldSize, proof }: AddCheckpoint,
  { size, root }: Checkpoint,
  state: WitnessState,
): WitnessRefusal | null {
  if (size === 0 && !equal(root, emptyRoot())) {
    return evidence('empty_root_wrong', 'A tree without entries has another root.')
  }
  const oldRoot = state.kind === 'none' ? emptyRoot() : state.root
  if (oldSize === size && !equal(oldRoot, root)) {
    return evidence('two_roots', `The log signed two trees of ${size} entries.`)
  }
  if (!verifyConsistency(oldSize, oldRoot, size, root, proof)) {
    // No evidence in itself: a wrong proof may belong to a good tree.
    return no(422, 'inconsistent', 'The proof does not lead from the old tree to the checkpoint.')
  }
  return null
}

/** Of a 409: the size that the witness has; null when the answer is another. */
export function parseSizeAnswer(contentType: string | null, body: string): number | null {
  if (contentType?.split(';')[0]?.trim() !== sizeContentType || !body.endsWith('\n')) return null
  return parseDecimal(body.slice(0, -1))
}

/** A checkpoint with an origin that a note name allows, and at least one signature line. */
function claimed(request: AddCheckpoint): Checkpoint | null {
  const parsed = parseNote(new TextEncoder().encode(request.note))
  return parsed === null ? null : parseCheckpoint(parsed.text)
}

function no(
  status: WitnessRefusal['status'],
  code: WitnessRefusal['code'],
  detail: string,
): WitnessRefusal {
  return { ...refuse(code, detail), status, evidence: false }
}

function evidence(code: WitnessRefusal['code'], detail: string): WitnessRefusal {
  return { ...refuse(code, detail), status: 422, evidence: true }
}
