/** Counts and times of the window. */

import type { ErrorFound, Outcome } from '@sallyport/core/window/window'
import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'

/** Seconds from arrival to the verdict that holds, of crossings decided since `since`. */
export async function verdictTimes(
  db: Db,
  since: Date,
): Promise<readonly { readonly seconds: number; readonly optedOut: boolean }[]> {
  const { rows } = await sql<{ seconds: number; opted_out: boolean }>`
    select extract(epoch from verdict_at - captured_at)::float8 as seconds,
      opted_out_at is not null as opted_out
    from window_standing where verdict_at >= ${since}`.execute(db)
  return rows.map((row) => ({ seconds: row.seconds, optedOut: row.opted_out }))
}

/** How referrals ended that were closed since `since` and still are, and what was wrong in them. */
export async function closedReferrals(
  db: Db,
  since: Date,
): Promise<{
  readonly outcomes: readonly { readonly outcome: Outcome; readonly count: number }[]
  readonly wrong: readonly { readonly what: ErrorFound; readonly count: number }[]
}> {
  const outcomes = await sql<{ outcome: Outcome; count: number }>`
    select outcome, count(*)::int as count from window_standing
    where standing = 'closed' and changed_at >= ${since} group by 1 order by 1`.execute(db)
  // The step that the standing rests on is the newest of its crossing.
  const wrong = await sql<{ what: ErrorFound; count: number }>`
    select what, count(*)::int as count
    from window_standing
    join window_step on window_step.crossing = window_standing.crossing
      and window_step.place = window_standing.place and window_step.state = 'logged'
    cross join unnest(window_step.wrong) as what
    where standing = 'closed' and changed_at >= ${since} group by 1 order by 1`.execute(db)
  return { outcomes: outcomes.rows, wrong: wrong.rows }
}
