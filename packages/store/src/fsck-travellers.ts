/** Whether travellers who are looked for, and what people said of possible matches, are what the log says. */

import { travellerHitState } from '@sallyport/core/faces/traveller-watch'
import { commit, type LogEntry } from '@sallyport/proof/entry'
import {
  committedJudgement,
  committedTravellerMatch,
  committedTravellerTerms,
} from '@sallyport/proof/traveller-entry'
import type { Selectable } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

type Said = Selectable<Database['traveller_verdict']>

/** The key of a log entry about travellers, and what it says beside its id; null for any other. */
export function travellerKey(
  entry: LogEntry,
): { readonly key: string; readonly said: string } | null {
  const { kind } = entry
  if (kind === 'traveller_sought')
    return { key: `${kind} ${entry.entry}`, said: `${entry.terms} ${entry.by}` }
  if (kind === 'traveller_sought_ended')
    return { key: `${kind} ${entry.entry}`, said: `${entry.how} ${entry.by ?? ''}` }
  if (kind === 'traveller_hit') return { key: `${kind} ${entry.hit}`, said: entry.match }
  if (kind === 'traveller_hit_judged')
    return { key: `${kind} ${entry.judgement}`, said: `${entry.what} ${entry.by}` }
  return null
}

/** What is suspected of a face goes with its picture: an entry without a row is no finding. */
export function goesWithPicture(kind: string): boolean {
  return kind === 'traveller_hit' || kind === 'traveller_hit_judged'
}

/** `check` compares a row with its entry, `differs` tells of rows that do not agree with each other. */
export async function checkTravellers(
  db: Db,
  check: (kind: LogEntry['kind'], id: string, index: number | null, said: string) => void,
  differs: (id: string, detail: string) => void,
): Promise<{ readonly entries: number; readonly hits: number }> {
  const entries = await db.selectFrom('traveller_sought').selectAll().execute()
  for (const row of entries) {
    const terms = committedTravellerTerms({
      ...row,
      expires_at: row.expires_at.toISOString(),
      photo_sha256: row.photo_sha256.toString('hex'),
    })
    const made = `${commit(row.terms_salt, terms)} ${commit(row.made_salt, row.made_by)}`
    check('traveller_sought', row.id, row.log_index, made)
    const { ended_by: by, end_salt: salt } = row
    const ended = by === null || salt === null ? 'expired ' : `withdrawn ${commit(salt, by)}`
    check('traveller_sought_ended', row.id, row.end_log_index, ended)
  }
  return { entries: entries.length, hits: await checkHits(db, check, differs) }
}

async function checkHits(
  db: Db,
  check: Parameters<typeof checkTravellers>[1],
  differs: Parameters<typeof checkTravellers>[2],
): Promise<number> {
  const hits = await db.selectFrom('traveller_hit').selectAll().execute()
  for (const row of hits) {
    const { entry, crossing, capture } = row
    const match = commit(row.commitment_salt, committedTravellerMatch(entry, crossing, capture))
    check('traveller_hit', row.id, row.log_index, match)
  }
  const said = new Map<string, Said[]>(hits.map(({ id }) => [id, []]))
  const verdicts = db.selectFrom('traveller_verdict').selectAll().where('log_index', 'is not', null)
  for (const one of await verdicts.orderBy('log_index').execute()) said.get(one.hit)?.push(one)
  for (const row of hits) {
    const own = said.get(row.id) ?? []
    for (const one of own) {
      const what = commit(one.what_salt, committedJudgement(row.id, one.verdict))
      const by = commit(one.by_salt, one.account)
      check('traveller_hit_judged', one.id, one.log_index, `${what} ${by}`)
    }
    if (travellerHitState(own) !== row.state)
      differs(row.id, `It is ${row.state}, and what people said of it says something else.`)
  }
  return hits.length
}
