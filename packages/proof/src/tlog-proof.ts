/** c2sp.org/tlog-proof: a receipt that an entry stands in a log, checked without asking anybody. */

import { fromBase64, toBase64 } from './bytes.ts'
import {
  type Checkpoint,
  type CheckpointRefusal,
  openCheckpoint,
  parseDecimal,
} from './checkpoint.ts'
import { type Ed25519Verify, verify } from './ed25519.ts'
import { limits } from './limits.ts'
import { leafHash, verifyInclusion } from './merkle.ts'
import { type Refused, refuse } from './refusal.ts'
import { type CosignatureVerifiers, pureVerifiers } from './tlog-cosignature.ts'
import type { Policy } from './tlog-policy.ts'
import { type WitnessTime, type WitnessedRefusal, openWitnessed } from './witnessed.ts'

export type TlogProof = {
  /** Zero-based. */
  readonly index: number
  /** From the leaf's sibling up, 32 bytes each. */
  readonly hashes: readonly Uint8Array[]
  /** Opaque and not authenticated; null when absent. */
  readonly extra: Uint8Array | null
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string
}

export type ReceiptRefusal =
  | CheckpointRefusal
  | 'malformed_proof'
  | 'index_outside_log'
  | 'not_included'

export type VerifiedReceipt =
  | {
      readonly kind: 'verified'
      readonly index: number
      /** Size and root of the checkpoint that the receipt leads to. */
      readonly size: number
      readonly root: Uint8Array
    }
  | Refused<ReceiptRefusal>

const firstLine = 'c2sp.org/tlog-proof@v1'
const extraPrefix = 'extra '
const indexPrefix = 'index '

/** The text of a proof. */
export function formatProof(proof: TlogProof): string {
  const extra = proof.extra === null ? [] : [`${extraPrefix}${toBase64(proof.extra)}`]
  const hashes = proof.hashes.map((hash) => toBase64(hash))
  const lines = [firstLine, ...extra, `${indexPrefix}${proof.index}`, ...hashes]
  return `${lines.join('\n')}\n\n${proof.checkpoint}`
}

/** Reads a proof; null when malformed. The checkpoint's own text is not looked at. */
export function parseProof(text: string): TlogProof | null {
  const divider = text.indexOf('\n\n')
  if (divider < 0 || text.length > limits.noteMax) return null
  const lines = text.slice(0, divider).split('\n')
  if (lines.shift() !== firstLine) return null
  let extra: Uint8Array | null = null
  if (lines[0]?.startsWith(extraPrefix)) {
    extra = fromBase64(lines.shift()?.slice(extraPrefix.length) ?? '')
    if (extra === null || extra.length > limits.proofExtraMax) return null
  }
  const indexLine = lines.shift() ?? ''
  const index = indexLine.startsWith(indexPrefix)
    ? parseDecimal(indexLine.slice(indexPrefix.length))
    : null
  if (index === null || lines.length > limits.proofHashesMax) return null
  const hashes: Uint8Array[] = []
  for (const line of lines) {
    const hash = fromBase64(line)
    if (hash?.length !== 32) return null
    hashes.push(hash)
  }
  return { index, hashes, extra, checkpoint: text.slice(divider + 2) }
}

/**
 * Whether `entry`, byte for byte, stands in the log of `vkey` where the proof says, under a
 * checkpoint that the log signed. Never throws.
 */
export function verifyReceipt(
  proofText: string,
  entry: Uint8Array,
  vkey: string,
  verifySignature: Ed25519Verify = verify,
): VerifiedReceipt {
  const proof = parseProof(proofText)
  if (proof === null) return refuse('malformed_proof', 'This is not a tlog-proof.')
  const opened = openCheckpoint(proof.checkpoint, vkey, verifySignature)
  if (opened.kind === 'refused') return opened
  return leadsTo(proof, entry, opened.checkpoint)
}

export type WitnessedReceipt =
  | (Extract<VerifiedReceipt, { readonly kind: 'verified' }> & {
      readonly vkey: string
      readonly witnesses: readonly WitnessTime[]
    })
  | Refused<ReceiptRefusal | WitnessedRefusal>

/** Like `verifyReceipt`, under a checkpoint of one of the policy's logs and enough witnesses. */
export function verifyWitnessedReceipt(
  proofText: string,
  entry: Uint8Array,
  policy: Policy,
  verifiers: CosignatureVerifiers = pureVerifiers,
): WitnessedReceipt {
  const proof = parseProof(proofText)
  if (proof === null) return refuse('malformed_proof', 'This is not a tlog-proof.')
  const opened = openWitnessed(proof.checkpoint, policy, verifiers)
  if (opened.kind === 'refused') return opened
  const led = leadsTo(proof, entry, opened.checkpoint)
  if (led.kind === 'refused') return led
  return { ...led, vkey: opened.vkey, witnesses: opened.witnesses }
}

function leadsTo(proof: TlogProof, entry: Uint8Array, { size, root }: Checkpoint): VerifiedReceipt {
  if (proof.index >= size) {
    return refuse('index_outside_log', `The log has ${size} entries, none at ${proof.index}.`)
  }
  if (!verifyInclusion(proof.index, size, leafHash(entry), proof.hashes, root)) {
    return refuse('not_included', `The entry is not the one at ${proof.index}.`)
  }
  return { kind: 'verified', index: proof.index, size, root }
}
