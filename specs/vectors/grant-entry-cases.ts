/** One entry of every kind about grants and equipment, and of searches for leaked copies. */

import type { LogEntry } from '@sallyport/proof/entry'

export function grantExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const version = { grant: id(), version: 2, policy_sha256: hash(), by }
  const { grant } = version
  return [
    { ...head, kind: 'grant_proposed', ...version },
    { ...head, kind: 'grant_signed', ...version },
    { ...head, kind: 'grant_revoked', grant, by },
    {
      ...head,
      kind: 'seconding_answered',
      seconding: id(),
      grant,
      capture: id(),
      answer: 'declined',
      by,
    },
    {
      ...head,
      kind: 'seconding_answered',
      seconding: id(),
      grant,
      capture: id(),
      answer: 'agreed',
      action: hash(),
      by,
    },
    { ...head, kind: 'equipment_assessed', equipment: id(), by },
    {
      ...head,
      kind: 'opening',
      opening: id(),
      capture: id(),
      class: 'plate',
      sha256: hash(),
      purpose: 'maintenance',
      by,
      view: 'plate_crop',
      grant,
      policies: ['agency/plates', 'grant/2'],
      policy_set: hash(),
    },
  ]
}

export function leakExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const search = id()
  return [
    { ...head, kind: 'leak_search', search, hashed: 184_000, index_root: hash(), by },
    { ...head, kind: 'leak_comparison', search, file: 1, captures: [id(), id()] },
    {
      ...head,
      kind: 'leak_search_ended',
      search,
      files: 31,
      ours: 19,
      unsure: 2,
      findings_sha256: hash(),
    },
  ]
}
