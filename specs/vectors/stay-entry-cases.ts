/** One entry of every kind about stays and who is expected. */

import type { LogEntry } from '@sallyport/proof/entry'

export function stayExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const said = { ...head, kind: 'stay_statement' } as const
  return [
    { ...said, statement: id(), passage: id(), says: 'paired', terms: hash(), by },
    {
      ...said,
      statement: id(),
      passage: id(),
      says: 'withdrawn',
      terms: hash(),
      by,
      supersedes: id(),
    },
    { ...head, kind: 'stay_rules', sha256: hash() },
    { ...head, kind: 'passenger_list_imported', list: id(), travellers: 214, file: hash(), by },
  ]
}
