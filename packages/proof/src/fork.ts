/** Evidence that a log showed two histories: it needs nobody's word, only what the log signed. */

import { equal } from './bytes.ts'
import { type CheckpointRefusal, openCheckpoint } from './checkpoint.ts'
import { type Ed25519Verify, verify } from './ed25519.ts'
import { type HashReader, treeRoot } from './merkle.ts'
import type { Refused } from './refusal.ts'

export type ComparedCheckpoints =
  /** Both signed by the log, and they cannot both be true: keep both, they are the evidence. */
  | { readonly kind: 'fork'; readonly size: number }
  | { readonly kind: 'same'; readonly size: number }
  /** Of different sizes: only the tiles of the longer one can tell (`continues`). */
  | { readonly kind: 'undecided'; readonly smaller: number; readonly larger: number }
  | Refused<CheckpointRefusal>

/** Compares two checkpoints of the log of `vkey`, from wherever they came. Never throws. */
export function compareCheckpoints(
  one: string,
  other: string,
  vkey: string,
  verifySignature: Ed25519Verify = verify,
): ComparedCheckpoints {
  const first = openCheckpoint(one, vkey, verifySignature)
  if (first.kind === 'refused') return first
  const second = openCheckpoint(other, vkey, verifySignature)
  if (second.kind === 'refused') return second
  const [a, b] = [first.checkpoint, second.checkpoint]
  if (a.size === b.size) {
    return { kind: equal(a.root, b.root) ? 'same' : 'fork', size: a.size }
  }
  return {
    kind: 'undecided',
    smaller: Math.min(a.size, b.size),
    larger: Math.max(a.size, b.size),
  }
}

/**
 * Whether the tree behind `read` begins with the tree of `size` and `root`. The hashes must come
 * from a tree whose root was checked (`verifyLog`, or a mirror that was).
 */
export async function continues(
  read: HashReader,
  size: number,
  root: Uint8Array,
): Promise<boolean> {
  return equal(await treeRoot(size, read), root)
}
