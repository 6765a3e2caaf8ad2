/** One entry of every kind about retention. */

import type { LogEntry } from '@sallyport/proof/entry'

export function retentionExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const hold = id()
  const policy = id()
  const shredding = id()
  return [
    { ...head, kind: 'retention_policy', policy, policy_sha256: hash(), by },
    { ...head, kind: 'hold_requested', hold, scope: hash(), by },
    { ...head, kind: 'hold_approved', hold, by },
    { ...head, kind: 'hold_lifted', hold, by },
    {
      ...head,
      kind: 'shred_requested',
      shredding,
      policy,
      class: 'face',
      day: '2026-07-08',
      bodies: 1204,
      what: hash(),
    },
    { ...head, kind: 'shred_effective', shredding },
    { ...head, kind: 'shred_stopped', shredding: id() },
  ]
}
