/** Whether what the rows say of releases is what the log says, in both directions. */

import { createHash } from 'node:crypto'

import { commit, type LogEntry } from '@sallyport/proof/entry'
import { committedRelease, type ReleaseLogEntry } from '@sallyport/proof/release-entry'
import { sql } from 'kysely'

import type { Db } from './postgres/database.ts'

/** By release, in the order of the log. */
export type LoggedReleases = Map<
  string,
  { readonly index: number; readonly entry: ReleaseLogEntry }[]
>

type Add = (
  code: 'release_not_in_log' | 'logged_release_missing' | 'release_differs',
  about: string,
  detail: string,
  entry?: number,
) => void

/** Remembers an entry of the log that must have a row; what was refused or failed has none of its own. */
export function noteLoggedRelease(logged: LoggedReleases, entry: LogEntry, index: number): void {
  if (!('release' in entry) || entry.kind === 'release_refused' || entry.kind === 'release_failed')
    return
  logged.set(entry.release, [...(logged.get(entry.release) ?? []), { index, entry }])
}

/** Compares requests, decisions, manifests and sealed files with their entries. */
export async function checkReleases(
  db: Db,
  logged: LoggedReleases,
  add: Add,
): Promise<{ readonly releases: number }> {
  const rows = await db.selectFrom('releases').selectAll().execute()
  const unseen = new Set(logged.keys())
  for (const row of rows) {
    unseen.delete(row.id)
    const entries = logged.get(row.id) ?? []
    const requested = entries.find(({ index }) => index === row.log_index)?.entry
    if (row.log_index !== null && requested?.kind !== 'release_requested')
      add('release_not_in_log', row.id, `The row says entry ${row.log_index}; the log does not.`)
    if (requested?.kind === 'release_requested') {
      const terms = commit(row.commitment_salt, await termsOf(db, row))
      if (terms !== requested.terms)
        add(
          'release_differs',
          row.id,
          `What was asked for was changed since entry ${row.log_index}.`,
        )
    }
    const made = entries.find(({ entry }) => entry.kind === 'release_made')
    if (made?.entry.kind === 'release_made') {
      const files = await db
        .selectFrom('release_files')
        .select(({ fn }) => fn.countAll<number>().as('files'))
        .where('release', '=', row.id)
        .executeTakeFirstOrThrow()
      const hash = createHash('sha256')
        .update(row.manifest ?? '')
        .digest('hex')
      if (hash !== made.entry.manifest_sha256 || Number(files.files) !== made.entry.files)
        add('release_differs', row.id, `Its files are not those of entry ${made.index}.`)
    } else if (row.made_log_index !== null)
      add(
        'release_not_in_log',
        row.id,
        `The row says entry ${row.made_log_index}; the log does not.`,
      )
    await checkDecisions(db, row.id, entries, add)
  }
  for (const id of unseen) {
    const [first] = logged.get(id) ?? []
    const detail = `Entry ${first?.index ?? '?'} of the log has no row: somebody removed it.`
    add('logged_release_missing', id, detail, first?.index)
  }
  await checkBodies(db, add)
  return { releases: rows.length }
}

async function termsOf(
  db: Db,
  row: {
    readonly id: string
    readonly party: string
    readonly recipient: string
    readonly purpose: string
    readonly basis: string
    readonly expires_at: Date
  },
): Promise<string> {
  const key = await db
    .selectFrom('release_recipients')
    .select('recipient')
    .where('id', '=', row.recipient)
    .executeTakeFirst()
  const captures = await db
    .selectFrom('release_captures')
    .select('capture')
    .where('release', '=', row.id)
    .execute()
  return committedRelease({
    party: row.party,
    recipient: key?.recipient ?? '',
    purpose: row.purpose,
    basis: row.basis,
    expires_at: row.expires_at.toISOString(),
    captures: captures.map(({ capture }) => capture),
  })
}

async function checkDecisions(
  db: Db,
  release: string,
  entries: readonly { readonly index: number; readonly entry: ReleaseLogEntry }[],
  add: Add,
): Promise<void> {
  const rows = await db
    .selectFrom('release_decisions')
    .selectAll()
    .where('release', '=', release)
    .where('log_index', 'is not', null)
    .execute()
  for (const row of rows) {
    const entry = entries.find(({ index }) => index === row.log_index)?.entry
    const same =
      entry !== undefined &&
      entry.kind === `release_${row.says}` &&
      'by' in entry &&
      entry.by === commit(row.commitment_salt, row.account)
    if (!same)
      add('release_differs', release, `Who ${row.says} it is not what entry ${row.log_index} says.`)
  }
}

/** Sealed files that were changed under a release would be refused by their recipient. */
async function checkBodies(db: Db, add: Add): Promise<void> {
  const { rows } = await sql<{ release: string; number: number }>`
    select release_files.release, release_files.number from release_files
    join release_bodies using (release, number)
    where sha256(release_bodies.body) <> release_files.sha256 limit 100`.execute(db)
  for (const { release, number } of rows)
    add('release_differs', release, `Its sealed file ${number} is not the one of its manifest.`)
}
