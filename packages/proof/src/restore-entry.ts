/** The entry that a hub's log gets when its rows come from a backup (specs/log.md). */

import { hex256, oneOf, record, whole } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'

/**
 * Rows, vault and log are those of a backup. What the log has from `rows_size` up to this entry was
 * acknowledged once, and its rows are lost.
 */
export type RestoredEntry = Head<'restored'> & {
  /** Of the list of the snapshot. */
  readonly backup_sha256: string
  /** Entries of the log that the snapshot has the rows of. */
  readonly rows_size: number
  /**
   * `final`: nothing came after the snapshot. `recovered`: the log's later entries were found
   * elsewhere. `renamed`: they are lost, and this is another log that begins with the same entries.
   */
  readonly how: 'final' | 'recovered' | 'renamed'
  /** SHA-256 of the last known checkpoint of the log that this one goes on from; of `renamed` only. */
  readonly previous_sha256?: string
}

export const restoreEntryShapes = {
  restored: record<RestoredEntry>(
    {
      ...head('restored'),
      backup_sha256: hex256,
      rows_size: whole(0),
      how: oneOf(['final', 'recovered', 'renamed']),
      previous_sha256: hex256,
    },
    ['previous_sha256'],
  ),
} as const
