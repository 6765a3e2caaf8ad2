/** Releases: what was asked for, who decided, and where each stands. */

import type { ReleaseState } from '@sallyport/core/releases/release'
import type { Insertable, Selectable } from 'kysely'

import { captureById, type CaptureRow, type CrossingRow } from '../crossings.ts'
import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type ReleaseRow = Selectable<Database['releases']>
export type ReleaseDecisionRow = Selectable<Database['release_decisions']> & {
  readonly name: string
  readonly unit: string
}
export type ReleaseAttestationRow = Selectable<Database['release_attestations']>

/** The request with its captures, in one transaction; it counts once the log has it. */
export async function insertRelease(
  db: Db,
  release: Insertable<Database['releases']>,
  captures: readonly { readonly capture: string; readonly crossing: string }[],
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.insertInto('releases').values(release).execute()
    await transaction
      .insertInto('release_captures')
      .values(captures.map((one) => ({ release: release.id, ...one })))
      .execute()
  })
}

export async function noteReleaseLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('releases').set({ log_index: logIndex }).where('id', '=', id).execute()
}

/** Those that the log has, newest request first. */
export async function listReleases(db: Db, limit: number): Promise<readonly ReleaseRow[]> {
  return db
    .selectFrom('releases')
    .selectAll()
    .where('log_index', 'is not', null)
    .orderBy('requested_at', 'desc')
    .limit(limit)
    .execute()
}

export async function releaseById(db: Db, id: string): Promise<ReleaseRow | null> {
  const row = await db
    .selectFrom('releases')
    .selectAll()
    .where('id', '=', id)
    .where('log_index', 'is not', null)
    .executeTakeFirst()
  return row ?? null
}

/** Those that stand in one of these states. */
export async function releasesIn(
  db: Db,
  states: readonly ReleaseState[],
): Promise<readonly ReleaseRow[]> {
  return db
    .selectFrom('releases')
    .selectAll()
    .where('state', 'in', states)
    .where('log_index', 'is not', null)
    .orderBy('expires_at')
    .execute()
}

/** Moves a release on; false when it does not stand where it is moved from. */
export async function moveRelease(
  db: Db,
  id: string,
  from: ReleaseState,
  to: Partial<Insertable<Database['releases']>> & { readonly state: ReleaseState },
): Promise<boolean> {
  const result = await db
    .updateTable('releases')
    .set(to)
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** The captures that were asked for, oldest first, as far as their rows are there. */
export async function capturesOfRelease(
  db: Db,
  id: string,
): Promise<readonly { readonly capture: CaptureRow; readonly crossing: CrossingRow }[]> {
  const asked = await db
    .selectFrom('release_captures')
    .select('capture')
    .where('release', '=', id)
    .execute()
  const found = []
  for (const { capture } of asked) {
    const one = await captureById(db, capture)
    if (one !== null) found.push(one)
  }
  return found.toSorted(
    (a, b) =>
      a.crossing.captured_at.getTime() - b.crossing.captured_at.getTime() ||
      (a.capture.id < b.capture.id ? -1 : 1),
  )
}

/** How many captures were asked for in each of these releases. */
export async function countCaptures(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('release_captures')
    .select(({ fn }) => ['release', fn.countAll<number>().as('captures')])
    .where('release', 'in', ids)
    .groupBy('release')
    .execute()
  return new Map(rows.map(({ release, captures }) => [release, Number(captures)]))
}

/** False when this person has approved it already. */
export async function insertDecision(
  db: Db,
  decision: Insertable<Database['release_decisions']>,
): Promise<boolean> {
  const result = await db
    .insertInto('release_decisions')
    .values(decision)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

export async function noteDecisionLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db
    .updateTable('release_decisions')
    .set({ log_index: logIndex })
    .where('id', '=', id)
    .execute()
}

/** What was decided on these releases and stands in the log, oldest first. */
export async function decisionsOf(
  db: Db,
  ids: readonly string[],
): Promise<readonly ReleaseDecisionRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('release_decisions')
    .innerJoin('account', 'account.id', 'release_decisions.account')
    .selectAll('release_decisions')
    .select(['account.name', 'account.unit'])
    .where('release', 'in', ids)
    .where('log_index', 'is not', null)
    .orderBy('at')
    .execute()
}

export async function insertAttestation(
  db: Db,
  attestation: Insertable<Database['release_attestations']>,
): Promise<void> {
  await db.insertInto('release_attestations').values(attestation).execute()
}

export async function noteAttestationLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db
    .updateTable('release_attestations')
    .set({ log_index: logIndex })
    .where('id', '=', id)
    .execute()
}

export async function attestationsOf(
  db: Db,
  ids: readonly string[],
): Promise<readonly ReleaseAttestationRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('release_attestations')
    .selectAll()
    .where('release', 'in', ids)
    .where('log_index', 'is not', null)
    .orderBy('at')
    .execute()
}
