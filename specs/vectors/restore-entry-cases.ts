/** The entry of a declared restore, as each way of going on writes it. */

import type { LogEntry } from '@sallyport/proof/entry'

export function restoreExamples(
  head: { readonly v: 1; readonly at: string },
  hash: () => string,
): readonly LogEntry[] {
  return [
    { ...head, kind: 'restored', backup_sha256: hash(), rows_size: 1204, how: 'recovered' },
    {
      ...head,
      kind: 'restored',
      backup_sha256: hash(),
      rows_size: 0,
      how: 'renamed',
      previous_sha256: hash(),
    },
  ]
}
