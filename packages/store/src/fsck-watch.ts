/** Whether the watch list is what the log says: nothing removed, nothing changed, nothing unlogged. */

import { commit, type LogEntry } from '@sallyport/proof/entry'
import { committedMatch, committedTerms } from '@sallyport/proof/watch-entry'

import { checkTravellers, goesWithPicture, travellerKey } from './fsck-travellers.ts'
import type { Db } from './postgres/database.ts'

/** By kind and id; what a failure had appended twice has two. */
export type LoggedWatch = Map<string, { readonly index: number; readonly said: string }[]>

type Add = (
  code: 'watch_not_in_log' | 'logged_watch_missing' | 'watch_differs',
  about: string,
  detail: string,
  entry?: number,
) => void

/** Remembers an entry of the log when it is about plates or travellers that are looked for. */
export function noteLoggedWatch(logged: LoggedWatch, entry: LogEntry, index: number): void {
  const known = watchKey(entry)
  if (known === null) return
  logged.set(known.key, [...(logged.get(known.key) ?? []), { index, said: known.said }])
}

/** The key of a log entry, and what it says beside its id. */
function watchKey(entry: LogEntry): { readonly key: string; readonly said: string } | null {
  const { kind } = entry
  if (kind === 'watch_entry_created')
    return { key: `${kind} ${entry.entry}`, said: `${entry.terms} ${entry.by}` }
  if (kind === 'watch_entry_withdrawn') return { key: `${kind} ${entry.entry}`, said: entry.by }
  if (kind === 'watch_hit') return { key: `${kind} ${entry.hit}`, said: entry.match }
  if (kind === 'watch_hit_judged')
    return { key: `${kind} ${entry.hit}`, said: `${entry.verdict} ${entry.by}` }
  return travellerKey(entry)
}

/** Compares both ways. Rows without a log index never took effect and are passed over. */
export async function checkWatch(
  db: Db,
  logged: LoggedWatch,
  add: Add,
): Promise<{ readonly watchEntries: number; readonly watchHits: number }> {
  const rows = new Set<string>()
  const check = (kind: LogEntry['kind'], id: string, index: number | null, said: string) => {
    rows.add(`${kind} ${id}`)
    if (index === null) return
    const found = logged.get(`${kind} ${id}`)?.find((one) => one.index === index)
    if (found === undefined)
      add('watch_not_in_log', id, `The row says ${kind} is entry ${index}; the log does not.`)
    else if (found.said !== said)
      add('watch_differs', id, `The row was changed since entry ${index} (${kind}).`)
  }
  const by = (salt: Buffer | null, account: string | null) =>
    salt === null ? '' : commit(salt, account ?? '')
  const entries = await db.selectFrom('watch_entry').selectAll().execute()
  for (const row of entries) {
    const terms = committedTerms({ ...row, expires_at: row.expires_at.toISOString() })
    const made = `${commit(row.terms_salt, terms)} ${by(row.made_salt, row.made_by)}`
    check('watch_entry_created', row.id, row.log_index, made)
    const withdrawn = by(row.withdrawal_salt, row.withdrawn_by)
    check('watch_entry_withdrawn', row.id, row.withdrawal_log_index, withdrawn)
  }
  const hits = await db.selectFrom('watch_hit').selectAll().execute()
  for (const row of hits) {
    const match = commit(row.commitment_salt, committedMatch(row.entry, row.crossing))
    check('watch_hit', row.id, row.log_index, match)
    const judged = `${row.state} ${by(row.judgement_salt, row.judged_by)}`
    check('watch_hit_judged', row.id, row.judgement_log_index, judged)
  }
  const travellers = await checkTravellers(db, check, (id, detail) =>
    add('watch_differs', id, detail),
  )
  for (const [key, found] of logged) {
    const [kind = '', id = ''] = key.split(' ')
    if (!rows.has(key) && !goesWithPicture(kind))
      add(
        'logged_watch_missing',
        id,
        `${kind}, entry ${found[0]?.index ?? '?'}, has no row.`,
        found[0]?.index,
      )
  }
  return {
    watchEntries: entries.length + travellers.entries,
    watchHits: hits.length + travellers.hits,
  }
}
