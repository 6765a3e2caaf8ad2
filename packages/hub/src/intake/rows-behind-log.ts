/** Rows that are older than the log: an earlier copy of the database was put back beside it. */

import { intakeOf } from '@sallyport/store/intake-known'
import type { Db } from '@sallyport/store/postgres/database'

import type { Journal } from '../journal.ts'
import { HubStartError } from '../start-error.ts'

/**
 * Throws `HubStartError` when the log has a crossing at or after `from` that was never stored as far
 * as the rows know. A row is always there before its entry, so no crash leaves that; what a declared
 * restore has lost is passed over. Whether a restore was declared there.
 */
export async function expectRowsOfLog(
  { db, journal }: { readonly db: Db; readonly journal: Pick<Journal, 'entries'> },
  from: number,
): Promise<boolean> {
  let isRestored = false
  let crossings = new Map<string, number>()
  for await (const { index, entry } of journal.entries(from)) {
    if (entry.kind === 'crossing') crossings.set(entry.crossing, index)
    if (entry.kind !== 'restored') continue
    isRestored = true
    crossings = new Map([...crossings].filter(([, at]) => at < entry.rows_size))
  }
  if (crossings.size === 0) return isRestored
  const known = await intakeOf(db, [...crossings.keys()])
  const missing = [...crossings].filter(([crossing]) => !known.has(crossing))
  const [first] = missing
  if (first === undefined) return isRestored
  throw new HubStartError(
    'rows_rolled_back',
    `The log has ${missing.length} crossings from entry ${first[1]} on that the database does not know: an older copy of the database was put back. Restore the newest one. If there is none, restore a backup (sallyport restore), which declares what is lost.`,
  )
}
