/** Whether verdicts are what the log says: nothing removed, nothing changed, nothing unlogged. */

import { commit, type LogEntry } from '@sallyport/proof/entry'
import { committedText, type VerdictEntry } from '@sallyport/proof/review-entry'
import { sql } from 'kysely'

import type { Db } from './postgres/database.ts'

/** By verdict; what a failure had appended twice has two. */
export type LoggedVerdicts = Map<string, { readonly index: number; readonly entry: VerdictEntry }[]>

type Add = (
  code: 'verdict_not_in_log' | 'logged_verdict_missing' | 'verdict_differs',
  about: string,
  detail: string,
  entry?: number,
) => void

/** Remembers an entry of the log when it is a verdict. */
export function noteLoggedVerdict(logged: LoggedVerdicts, entry: LogEntry, index: number): void {
  if (entry.kind !== 'verdict') return
  logged.set(entry.verdict, [...(logged.get(entry.verdict) ?? []), { index, entry }])
}

const findingsMax = 1000

/** Compares both ways, and each crossing with the end of its chain of verdicts. */
export async function checkVerdicts(
  db: Db,
  logged: LoggedVerdicts,
  add: Add,
): Promise<{ readonly verdicts: number }> {
  const rows = await db.selectFrom('verdict').selectAll().execute()
  for (const row of rows) {
    if (row.log_index === null) continue
    const found = logged.get(row.id)?.find(({ index }) => index === row.log_index)
    if (found === undefined) {
      add('verdict_not_in_log', row.id, `The row says entry ${row.log_index}; the log does not.`)
      continue
    }
    const { entry } = found
    const same =
      entry.crossing === row.crossing &&
      entry.says === row.kind &&
      entry.text === commit(row.text_salt, committedText(row.text, row.jurisdiction)) &&
      entry.by === commit(row.by_salt, row.account) &&
      (entry.sha256 ?? null) === (row.picture_sha256?.toString('hex') ?? null) &&
      (entry.supersedes ?? null) === row.supersedes
    if (!same) add('verdict_differs', row.id, `The row was changed since entry ${row.log_index}.`)
  }
  const known = new Set(rows.map(({ id }) => id))
  for (const [id, [first]] of logged) {
    if (!known.has(id))
      add(
        'logged_verdict_missing',
        id,
        `Entry ${first?.index ?? '?'} of the log has no row.`,
        first?.index,
      )
  }
  const astray = await sql<{ id: string }>`
    select crossing.id from crossing left join lateral (
      select verdict.id, verdict.kind, verdict.text from verdict
      where verdict.crossing = crossing.id and verdict.state = 'logged'
      order by verdict.log_index desc limit 1
    ) as newest on true
    where (crossing.verdict is not null or newest.id is not null)
      and (crossing.verdict is distinct from
             case when newest.kind = 'withdrawn' then null else newest.id end
        or crossing.verdict_folded is distinct from replace(newest.text, 'O', '0'))
    limit ${findingsMax}`.execute(db)
  for (const { id } of astray.rows)
    add('verdict_differs', id, 'The crossing does not follow the newest of its verdicts.')
  return { verdicts: rows.length }
}
