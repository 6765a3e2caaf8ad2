/** One entry of every kind about the window and the basis of comparing faces. */

import type { LogEntry } from '@sallyport/proof/entry'

export function windowExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const step = { ...head, kind: 'window_step' } as const
  const crossing = id()
  return [
    { ...step, step: id(), crossing, place: 1, says: 'opted_out', terms: hash(), by },
    { ...step, step: id(), crossing, place: 2, says: 'referred', terms: hash(), by },
    {
      ...head,
      kind: 'lane_verdict',
      verdict: id(),
      crossing,
      device: id(),
      place: 0,
      says: 'admitted',
      terms: hash(),
      statement_sha256: hash(),
    },
    { ...head, kind: 'handover', handover: id(), says: 'written', terms: hash(), by },
    { ...head, kind: 'face_basis', basis: id(), says: 'proposed', terms: hash(), by },
  ]
}
