/** The watch list as the API gives it. */

import { countAccepted } from '@sallyport/core/watch'
import { crossingsById } from '@sallyport/store/crossings'
import type { Db } from '@sallyport/store/postgres/database'
import { type WatchEntryRow, watchEntriesById } from '@sallyport/store/watch-entries'
import type { WatchHitRow } from '@sallyport/store/watch-hits'

import { crossingView } from '../views.ts'

/** An entry as it stands at `now`. A withdrawal that the log does not have yet is none. */
export function watchEntryView(row: WatchEntryRow, now: Date) {
  const withdrawn = row.withdrawal_log_index === null ? null : row.withdrawn_at
  return {
    id: row.id,
    plate: row.plate,
    jurisdiction: row.jurisdiction,
    issuer: row.issuer,
    reason: row.reason,
    tolerance: row.tolerance,
    accepts: countAccepted(row.plate, row.tolerance),
    expires_at: row.expires_at.toISOString(),
    state:
      withdrawn !== null
        ? ('withdrawn' as const)
        : row.expires_at <= now
          ? ('expired' as const)
          : ('in_force' as const),
    made: { at: row.made_at.toISOString(), by: { id: row.made_by, name: row.made_by_name } },
    import: row.import,
    withdrawn:
      withdrawn === null
        ? null
        : {
            at: withdrawn.toISOString(),
            by: { id: row.withdrawn_by ?? '', name: row.withdrawn_by_name ?? 'unknown' },
            reason: row.withdrawn_reason ?? '',
            log_index: row.withdrawal_log_index,
          },
    log_index: row.log_index,
  }
}

/** Hits with entry and crossing, in the order given. */
export async function hitViews(rows: readonly WatchHitRow[], db: Db, now: Date) {
  const [entries, crossings] = await Promise.all([
    watchEntriesById(db, [...new Set(rows.map(({ entry }) => entry))]),
    crossingsById(db, [...new Set(rows.map(({ crossing }) => crossing))]),
  ])
  return rows.flatMap((row) => {
    const entry = entries.find(({ id }) => id === row.entry)
    const found = crossings.find(({ crossing }) => crossing.id === row.crossing)
    if (entry === undefined || found === undefined) return []
    return [
      {
        id: row.id,
        at: row.at.toISOString(),
        state: row.state,
        basis: row.basis,
        text: row.text,
        positions: row.positions,
        jurisdiction: row.jurisdiction,
        entry: watchEntryView(entry, now),
        crossing: crossingView(found),
        judged:
          row.state === 'unconfirmed' || row.judged_at === null
            ? null
            : {
                at: row.judged_at.toISOString(),
                by: { id: row.judged_by ?? '', name: row.judged_by_name ?? 'unknown' },
                note: row.judged_note,
                log_index: row.judgement_log_index,
              },
        log_index: row.log_index,
      },
    ]
  })
}

export type HitView = Awaited<ReturnType<typeof hitViews>>[number]
