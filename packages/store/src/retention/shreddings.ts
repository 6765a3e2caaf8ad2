/**
 * Shreddings: the bodies under one key that are due, asked for in one entry of the log and destroyed
 * with that key. Every step can be done again: a crash between two of them loses nothing.
 */

import type { BodyClass } from '@sallyport/core/crossing'
import { type Insertable, type RawBuilder, type Selectable, sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'
import {
  type DueAsk,
  dueUnder,
  forgottenUnder,
  heldAmong,
  keksWithDue,
  keksWithForgotten,
} from './due.ts'

export type ShreddingRow = Selectable<Database['shredding']>

export type DueKek = { readonly kek: string; readonly class: BodyClass; readonly day: string }

/** Keys with something due under them that no hold keeps, oldest day first. */
export async function dueKeks(db: Db, ask: DueAsk, limit: number): Promise<readonly DueKek[]> {
  const { rows } = await keksWithDue(ask, limit).execute(db)
  return rows
}

/** Keys with pictures of faces under them that are to be forgotten. */
export async function forgottenKeks(
  db: Db,
  ask: Pick<DueAsk, 'now' | 'zone'>,
  limit: number,
): Promise<readonly DueKek[]> {
  return (await keksWithForgotten(ask, limit).execute(db)).rows
}

/** Claims what is to be forgotten under a key, as `claimDue` does what is due. */
export function claimForgotten(
  db: Db,
  shredding: ShreddingAsk,
  ask: Pick<DueAsk, 'now' | 'zone'>,
): Promise<readonly string[]> {
  return claim(db, shredding, forgottenUnder(shredding.kek, ask))
}

export type ShreddingAsk = Pick<
  Insertable<Database['shredding']>,
  'id' | 'policy' | 'class' | 'day' | 'kek' | 'requested_at' | 'log_from' | 'what_salt'
>

/**
 * Claims what is due under a key for a shredding. Answers the captures, ascending; none: nothing is
 * due any more, and nothing was kept.
 */
export function claimDue(db: Db, shredding: ShreddingAsk, ask: DueAsk): Promise<readonly string[]> {
  return claim(db, shredding, dueUnder(shredding.kek, ask))
}

async function claim(
  db: Db,
  shredding: ShreddingAsk,
  which: RawBuilder<unknown>,
): Promise<readonly string[]> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ id: string; bytes: number }>`
      update capture set shredding = ${shredding.id}::uuid
      where (id, received_at) in (${which})
      returning id, bytes`.execute(transaction)
    if (rows.length === 0) return []
    await transaction
      .insertInto('shredding')
      .values({
        ...shredding,
        bodies: rows.length,
        bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
        log_index: null,
      })
      .execute()
    return rows.map(({ id }) => id).toSorted()
  })
}

/** Gives back what was claimed: nothing of it was destroyed. */
async function release(db: Db, shredding: string): Promise<void> {
  await db
    .updateTable('capture')
    .set({ shredding: null })
    .where('shredding', '=', shredding)
    .where('shredded_at', 'is', null)
    .execute()
}

/** The log never had it: it was not asked for. */
export async function dropShredding(db: Db, id: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await release(transaction, id)
    await transaction
      .deleteFrom('shredding')
      .where('id', '=', id)
      .where('log_index', 'is', null)
      .execute()
  })
}

/** A hold came first. The row stays, for the log has it. */
export async function noteStopped(
  db: Db,
  id: string,
  { at, logIndex }: { readonly at: Date; readonly logIndex: number },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await release(transaction, id)
    await transaction
      .updateTable('shredding')
      .set({ stopped_at: at, stopped_log_index: logIndex, what_salt: null })
      .where('id', '=', id)
      .execute()
  })
}

export async function noteShredding(
  db: Db,
  id: string,
  change: Partial<
    Pick<
      ShreddingRow,
      | 'log_index'
      | 'kept_kek'
      | 'held_kek'
      | 'keys_destroyed_at'
      | 'effective_at'
      | 'effective_log_index'
    >
  >,
): Promise<void> {
  await db
    .updateTable('shredding')
    .set({ ...change, ...(change.effective_log_index == null ? {} : { what_salt: null }) })
    .where('id', '=', id)
    .execute()
}

/** Those that are not effective and were not stopped, oldest first. */
export async function openShreddings(db: Db): Promise<readonly ShreddingRow[]> {
  return db
    .selectFrom('shredding')
    .selectAll()
    .where('effective_log_index', 'is', null)
    .where('stopped_log_index', 'is', null)
    .orderBy('requested_at')
    .orderBy('id')
    .execute()
}

export async function listShreddings(
  db: Db,
  limit: number,
  before: { readonly at: Date; readonly id: string } | null,
): Promise<readonly ShreddingRow[]> {
  let query = db.selectFrom('shredding').selectAll().where('log_index', 'is not', null)
  if (before !== null)
    query = query.where(sql<boolean>`(requested_at, id) < (${before.at}, ${before.id}::uuid)`)
  return query.orderBy('requested_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export async function shreddingById(db: Db, id: string): Promise<ShreddingRow | null> {
  const row = await db.selectFrom('shredding').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** Captures of a shredding, ascending: what its entry in the log is a commitment to. */
export async function capturesOf(db: Db, shredding: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('capture')
    .select('id')
    .where('shredding', '=', shredding)
    .execute()
  return rows.map(({ id }) => id).toSorted()
}

/** Whether a hold covers something of a shredding now. */
export async function isAnyHeld(
  db: Db,
  shredding: string,
  ask: Pick<DueAsk, 'now' | 'zone'>,
): Promise<boolean> {
  const rows = await db
    .selectFrom('capture')
    .select('crossing')
    .distinct()
    .where('shredding', '=', shredding)
    .execute()
  return (
    (
      await heldAmong(
        db,
        ask,
        rows.map(({ crossing }) => crossing),
      )
    ).size > 0
  )
}

export type Survivor = {
  readonly id: string
  readonly received_at: Date
  readonly header: Buffer
  readonly held: boolean
}

/** Bodies under a key that stay, at most `limit`, with whether a hold keeps them. */
export async function survivorsUnder(
  db: Db,
  kek: string,
  ask: Pick<DueAsk, 'now' | 'zone'>,
  limit: number,
): Promise<readonly Survivor[]> {
  const rows = await db
    .selectFrom('capture')
    .select(['id', 'received_at', 'header', 'crossing'])
    .where('kek', '=', kek)
    .where('shredding', 'is', null)
    .limit(limit)
    .execute()
  const held = await heldAmong(db, ask, [...new Set(rows.map(({ crossing }) => crossing))])
  return rows.map(({ crossing, ...row }) => ({ ...row, held: held.has(crossing) }))
}

/** Puts survivors under their new keys. A header that does not open any more stays as it is. */
export async function moveSurvivors(
  db: Db,
  moved: readonly {
    readonly id: string
    readonly receivedAt: Date
    readonly kek: string
    readonly header: Uint8Array
  }[],
): Promise<void> {
  await sql`update capture set kek = moved.kek, header = moved.header
    from unnest(
      ${moved.map(({ id }) => id)}::uuid[],
      ${moved.map(({ receivedAt }) => receivedAt.toISOString())}::timestamptz[],
      ${moved.map(({ kek }) => kek)}::uuid[],
      ${moved.map(({ header }) => Buffer.from(header))}::bytea[]
    ) as moved (id, received_at, kek, header)
    where capture.id = moved.id and capture.received_at = moved.received_at
      and capture.shredding is null`.execute(db)
}
