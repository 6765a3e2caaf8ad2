/** The rows of exported months: which there are, and which must be exported again. */

import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from '../../postgres/database.ts'
import type { Database } from '../../schema.ts'
import { monthLimits } from './limits.ts'

export type MonthRow = Selectable<Database['scope_month']>

/** Months with rows that are over at `now`, as their first days, ascending. */
export async function closedMonths(db: Db, now: Date): Promise<readonly string[]> {
  const { rows } = await sql<{ first: Date | null }>`
    select least((select min(received_at) from crossing), (select min(at) from opening),
      (select min(made_at) from releases)) as first`.execute(db)
  const first = rows[0]?.first ?? null
  if (first === null) return []
  const months: string[] = []
  let month = first.toISOString().slice(0, 7) + '-01'
  while (spanOfMonth(month).until.getTime() + monthLimits.closedAfterMs <= now.getTime()) {
    months.push(month)
    month = spanOfMonth(month).until.toISOString().slice(0, 10)
  }
  return months
}

/** From the first instant of a month to that of the next, in UTC. */
export function spanOfMonth(month: string): { readonly from: Date; readonly until: Date } {
  const from = new Date(`${month}T00:00:00.000Z`)
  return { from, until: new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1)) }
}

export async function exportedMonths(db: Db): Promise<readonly MonthRow[]> {
  return db.selectFrom('scope_month').selectAll().orderBy('month').execute()
}

export async function insertMonth(
  db: Db,
  month: Insertable<Database['scope_month']>,
): Promise<void> {
  await db.insertInto('scope_month').values(month).execute()
}

export async function noteMonthLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('scope_month').set({ log_index: logIndex }).where('id', '=', id).execute()
}

export async function dropMonth(db: Db, id: string): Promise<void> {
  await db.deleteFrom('scope_month').where('id', '=', id).execute()
}

/**
 * Whether what the log allows to change of a month's rows may have been changed since it was exported:
 * a plate by a verdict, rows and keys by a shredding.
 */
export async function isOutdated(
  db: Db,
  { month, log_size: size }: Pick<MonthRow, 'month' | 'log_size'>,
): Promise<boolean> {
  const { from, until } = spanOfMonth(month)
  const { rows } = await sql<{ outdated: boolean }>`
    with judged as (select crossing from verdict where state = 'logged' and log_index >= ${size}),
    shredded as (select id, kept_kek, held_kek from shredding
      where rows_erased_at is not null and coalesce(effective_log_index, log_index) >= ${size}),
    touched as (
      select crossing from judged union select k.crossing from capture k, shredded s
        where k.shredding = s.id or k.kek in (s.kept_kek, s.held_kek))
    select exists (select from crossing c where c.id in (select crossing from touched)
        and c.received_at >= ${from} and c.received_at < ${until})
      or exists (select from opening o where o.crossing in (select crossing from judged)
        and o.at >= ${from} and o.at < ${until})
      or exists (select from releases r join release_files f on f.release = r.id
        join capture k on k.id = f.capture where k.crossing in (select crossing from touched)
        and r.made_at >= ${from} and r.made_at < ${until}) as outdated`.execute(db)
  return rows[0]?.outdated ?? false
}
