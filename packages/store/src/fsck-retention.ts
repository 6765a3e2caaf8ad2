/**
 * Whether what was shredded is what the log says, and is gone from the rows; and whether policies and
 * holds are what the log says.
 */

import { createHash } from 'node:crypto'

import { policyText } from '@sallyport/core/retention'
import { commit, type LogEntry } from '@sallyport/proof/entry'
import {
  committedBodies,
  committedScope,
  type RetentionLogEntry,
} from '@sallyport/proof/retention-entry'
import { sql } from 'kysely'

import type { Db } from './postgres/database.ts'
import { capturesOf } from './retention/shreddings.ts'

/** By kind and id. */
export type LoggedRetention = Map<
  string,
  { readonly index: number; readonly entry: RetentionLogEntry }
>

type Add = (
  code:
    | 'shredding_differs'
    | 'logged_shredding_missing'
    | 'shredded_remains'
    | 'policy_differs'
    | 'hold_differs',
  about: string,
  detail: string,
  entry?: number,
) => void

/** Remembers an entry of the log when it is about retention. */
export function noteLoggedRetention(logged: LoggedRetention, entry: LogEntry, index: number): void {
  if (entry.kind === 'retention_policy')
    logged.set(`${entry.kind} ${entry.policy}`, { index, entry })
  else if (
    entry.kind === 'hold_requested' ||
    entry.kind === 'hold_approved' ||
    entry.kind === 'hold_lifted'
  )
    logged.set(`${entry.kind} ${entry.hold}`, { index, entry })
  else if (
    entry.kind === 'shred_requested' ||
    entry.kind === 'shred_effective' ||
    entry.kind === 'shred_stopped'
  )
    logged.set(`${entry.kind} ${entry.shredding}`, { index, entry })
}

const findingsMax = 1000

/** Compares both ways, and looks for what should be gone. */
export async function checkRetention(
  db: Db,
  logged: LoggedRetention,
  add: Add,
): Promise<{ readonly shreddings: number; readonly shredded: number; readonly holds: number }> {
  const shreddings = await checkShreddings(db, logged, add)
  await checkPolicies(db, logged, add)
  const holds = await checkHolds(db, logged, add)
  const shredded = await checkRemains(db, add)
  return { shreddings, shredded, holds }
}

/** Takes what went with its picture from what the log has: nobody misses those rows. */
export async function forgetShredded(
  db: Db,
  verdicts: Map<string, unknown>,
  watch: Map<string, unknown>,
): Promise<void> {
  for (const { kind, id } of await db.selectFrom('shredded_row').select(['kind', 'id']).execute()) {
    if (kind === 'verdict') verdicts.delete(id)
    else for (const said of ['watch_hit', 'watch_hit_judged']) watch.delete(`${said} ${id}`)
  }
}

async function checkShreddings(db: Db, logged: LoggedRetention, add: Add): Promise<number> {
  const rows = await db.selectFrom('shredding').selectAll().execute()
  for (const row of rows) {
    if (row.log_index === null) continue
    const asked = logged.get(`shred_requested ${row.id}`)
    const { entry } = asked ?? {}
    const same =
      asked?.index === row.log_index &&
      entry?.kind === 'shred_requested' &&
      entry.class === row.class &&
      entry.day === row.day &&
      entry.bodies === row.bodies &&
      (row.what_salt === null ||
        entry.what === commit(row.what_salt, committedBodies(await capturesOf(db, row.id))))
    if (!same)
      add('shredding_differs', row.id, `The row is not what entry ${row.log_index} asks for.`)
    const ends = [
      ['shred_effective', row.effective_log_index],
      ['shred_stopped', row.stopped_log_index],
    ] as const
    for (const [kind, index] of ends)
      if (index !== null && logged.get(`${kind} ${row.id}`)?.index !== index)
        add('shredding_differs', row.id, `The row says ${kind} is entry ${index}; it is not.`)
  }
  const known = new Map(rows.map((row) => [row.id, row]))
  for (const { index, entry } of logged.values()) {
    const isOurs = entry.kind === 'shred_requested' || entry.kind === 'shred_effective'
    if (isOurs && !known.has(entry.shredding))
      add('logged_shredding_missing', entry.shredding, `Entry ${index} has no row.`, index)
  }
  return rows.length
}

async function checkPolicies(db: Db, logged: LoggedRetention, add: Add): Promise<void> {
  for (const row of await db.selectFrom('retention_policy').selectAll().execute()) {
    if (row.log_index === null) continue
    const found = logged.get(`retention_policy ${row.id}`)
    const { entry } = found ?? {}
    const sha256 = createHash('sha256').update(policyText(row.policy)).digest('hex')
    const same =
      found?.index === row.log_index &&
      entry?.kind === 'retention_policy' &&
      entry.policy_sha256 === sha256 &&
      entry.by === commit(row.made_salt, row.made_by)
    if (!same) add('policy_differs', row.id, `The policy is not that of entry ${row.log_index}.`)
  }
}

async function checkHolds(db: Db, logged: LoggedRetention, add: Add): Promise<number> {
  const holds = await db.selectFrom('legal_hold').selectAll().execute()
  for (const { act, hold, log_index, salt, account } of await db
    .selectFrom('hold_act')
    .selectAll()
    .execute()) {
    if (log_index === null) continue
    const found = logged.get(`hold_${act} ${hold}`)
    const { entry } = found ?? {}
    const same =
      found?.index === log_index &&
      entry !== undefined &&
      'by' in entry &&
      entry.by === commit(salt, account)
    if (!same) add('hold_differs', hold, `That it was ${act} is not what entry ${log_index} says.`)
  }
  for (const row of holds) {
    const entry = logged.get(`hold_requested ${row.id}`)?.entry
    if (row.scope_salt === null || entry?.kind !== 'hold_requested') continue
    const scope = committedScope({
      ...row,
      kind: row.scope,
      expires_at: row.expires_at.toISOString(),
    })
    if (entry.scope !== commit(row.scope_salt, scope))
      add('hold_differs', row.id, 'What it covers was changed since it was asked for.')
  }
  return holds.length
}

/** What was shredded has no header and no reads, and is as much as was asked for. */
async function checkRemains(db: Db, add: Add): Promise<number> {
  const remains = await sql<{ id: string; what: string }>`
    select capture.id, 'a header' as what from capture
      where shredded_at is not null and length(header) > 0
    union all
    select crossing.id, 'reads' from capture
      join crossing on crossing.id = capture.crossing and crossing.received_at = capture.received_at
      where capture.shredded_at is not null and capture.class = 'reads'
        and (crossing.reads is not null or crossing.plate_text is not null
          or crossing.verdict_folded is not null)
    union all
    select shredded_row.id, shredded_row.kind from shredded_row
      where exists (select 1 from verdict where verdict.id = shredded_row.id)
        or exists (select 1 from watch_hit where watch_hit.id = shredded_row.id)
    limit ${findingsMax}`.execute(db)
  for (const { id, what } of remains.rows)
    add('shredded_remains', id, `It was shredded, and ${what} is still in the rows.`)
  const counted = await sql<{ id: string; bodies: number; found: number }>`
    select shredding.id, shredding.bodies, count(capture.id) as found from shredding
    left join capture on capture.shredding = shredding.id
    where shredding.rows_erased_at is not null
    group by shredding.id, shredding.bodies`.execute(db)
  for (const { id, bodies, found } of counted.rows)
    if (bodies !== found)
      add('shredding_differs', id, `${bodies} bodies were shredded; the rows name ${found}.`)
  return counted.rows.reduce((sum, { found }) => sum + found, 0)
}
