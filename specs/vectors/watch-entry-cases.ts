/** One entry of every kind about watched plates. */

import type { LogEntry } from '@sallyport/proof/entry'

export function watchExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  return [
    { ...head, kind: 'watch_entry_created', entry: id(), terms: hash(), by },
    { ...head, kind: 'watch_entry_withdrawn', entry: id(), by },
    { ...head, kind: 'watch_hit', hit: id(), match: hash() },
    { ...head, kind: 'watch_hit_judged', hit: id(), verdict: 'rejected', by },
  ]
}
