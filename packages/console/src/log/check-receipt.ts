/** A receipt checked in this browser, told step by step. The verdict is `verifyReceipt`'s alone. */

import { toHex } from '@sallyport/proof/bytes'
import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { parseEntry, type LogEntry } from '@sallyport/proof/entry'
import { leafHash } from '@sallyport/proof/merkle'
import { parseProof, verifyReceipt, type VerifiedReceipt } from '@sallyport/proof/tlog-proof'

import { plural } from '../format/figures.ts'

export type Step = {
  readonly name: string
  readonly state: 'passed' | 'failed' | 'not_reached'
  /** What was found, with the value that was computed here. */
  readonly words: string
  readonly hex: string | null
}

export type CheckedReceipt = {
  readonly steps: readonly Step[]
  readonly entry: LogEntry | null
} & (
  | {
      readonly kind: 'verified'
      readonly index: number
      readonly size: number
      /** Lower-case hex. */
      readonly root: string
    }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }
)

/** What an opening's receipt must speak of; anything else would be a receipt for something else. */
export type Expected = {
  readonly opening: string
  readonly capture: string
  readonly sha256: string
  readonly purpose: string
}

export type ReceiptInput = {
  readonly proofText: string
  readonly entry: Uint8Array
  readonly vkey: string
  readonly expected?: Expected
}

/** Checks a receipt against the log key `vkey`. Never throws. */
export function checkReceipt(input: ReceiptInput): CheckedReceipt {
  const { proofText, entry, vkey, expected } = input
  const parsed = parseEntry(entry)
  const known = parsed.kind === 'entry' ? parsed.entry : null
  const verified = verifyReceipt(proofText, entry, vkey)
  const mismatch = expected === undefined ? null : mismatchOf(known, expected)
  const steps = stepsOf(input, verified, mismatch)
  if (verified.kind === 'refused') {
    return { kind: 'refused', code: verified.code, detail: verified.detail, steps, entry: known }
  }
  if (mismatch !== null) {
    return { kind: 'refused', code: 'other_opening', detail: mismatch, steps, entry: known }
  }
  const { index, size } = verified
  return { kind: 'verified', index, size, root: toHex(verified.root), steps, entry: known }
}

/** The way to the verdict, one step after the other; those behind a failed one are not reached. */
function stepsOf(
  { proofText, entry, vkey, expected }: ReceiptInput,
  verified: VerifiedReceipt,
  mismatch: string | null,
): readonly Step[] {
  const proof = parseProof(proofText)
  const opened = proof === null ? null : openCheckpoint(proof.checkpoint, vkey)
  const checkpoint = opened?.kind === 'checkpoint' ? opened.checkpoint : null
  const isVerified = verified.kind === 'verified'
  const refusal = verified.kind === 'refused' ? verified.detail : ''
  const steps = [
    step('The receipt can be read', proof !== null, {
      passed: `Entry ${proof?.index ?? ''}, with a path of ${plural(proof?.hashes.length ?? 0, 'hash', 'hashes')}.`,
      failed: 'This is not a C2SP tlog-proof.',
    }),
    step('The log signed the checkpoint', opened === null ? null : checkpoint !== null, {
      passed: `${checkpoint?.origin ?? ''} signed a tree of ${plural(checkpoint?.size ?? 0, 'entry', 'entries')} with this root.`,
      failed: opened?.kind === 'refused' ? opened.detail : '',
      hex: checkpoint === null ? null : toHex(checkpoint.root),
    }),
    step('The entry was hashed here', true, {
      passed: `${plural(entry.length, 'byte', 'bytes')} of entry give this leaf.`,
      failed: '',
      hex: toHex(leafHash(entry)),
    }),
    step('The path leads from the entry to the root', checkpoint === null ? null : isVerified, {
      passed: 'Hashing the leaf with each hash of the path gives exactly the signed root.',
      failed: refusal,
    }),
  ]
  if (expected === undefined) return steps
  const speaks = step('The entry speaks of this opening', isVerified ? mismatch === null : null, {
    passed: 'Opening, picture, seal and purpose are the ones on this page.',
    failed: mismatch ?? '',
  })
  return [...steps, speaks]
}

function step(
  name: string,
  passed: boolean | null,
  words: { readonly passed: string; readonly failed: string; readonly hex?: string | null },
): Step {
  if (passed === null) {
    return { name, state: 'not_reached', words: 'Not reached: a step before it failed.', hex: null }
  }
  return {
    name,
    state: passed ? 'passed' : 'failed',
    words: passed ? words.passed : words.failed,
    hex: words.hex ?? null,
  }
}

function mismatchOf(entry: LogEntry | null, expected: Expected): string | null {
  if (entry === null || entry.kind !== 'opening') return 'The entry is not about an opening.'
  if (entry.opening !== expected.opening) return 'The entry is about another opening.'
  if (entry.capture !== expected.capture) return 'The entry is about another picture.'
  if (entry.sha256 !== expected.sha256) return 'The entry names another sealed picture.'
  if (entry.purpose !== expected.purpose) return `The entry names the purpose ${entry.purpose}.`
  return null
}
