/** Legal holds and their acts. A hold is in force from its logged approval to its lifting or expiry. */

import { foldPlateText } from '@sallyport/core/plate'
import type { Hold, HoldScope } from '@sallyport/core/retention-hold'
import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { HoldAct } from '../schema-retention.ts'
import type { Database } from '../schema.ts'

export type ActRow = Selectable<Database['hold_act']> & { readonly account_name: string }

export type HoldRow = Selectable<Database['legal_hold']> & {
  /** Those that the log has. */
  readonly acts: Readonly<Partial<Record<HoldAct, ActRow>>>
}

export type NewAct = Omit<Insertable<Database['hold_act']>, 'log_index' | 'act'>

export type NewHold = {
  readonly id: string
  readonly scope: HoldScope
  readonly reason: string
  readonly expiresAt: Date
  readonly scopeSalt: Uint8Array
}

/** The columns of a scope. */
export function scopeColumns(scope: HoldScope) {
  return {
    scope: scope.kind,
    crossing: scope.kind === 'crossing' ? scope.crossing : null,
    plate: scope.kind === 'plate' ? scope.plate : null,
    plate_folded: scope.kind === 'plate' ? foldPlateText(scope.plate) : null,
    lane: scope.kind === 'lane' ? scope.lane : null,
    from_day: scope.kind === 'lane' ? scope.fromDay : null,
    to_day: scope.kind === 'lane' ? scope.toDay : null,
  }
}

/** The scope of a row. A plate that was forgotten covers nothing any more. */
export function scopeOf(row: Selectable<Database['legal_hold']>): HoldScope {
  switch (row.scope) {
    case 'crossing':
      return { kind: 'crossing', crossing: row.crossing ?? '' }
    case 'plate':
      return { kind: 'plate', plate: row.plate ?? '' }
    case 'lane':
      return {
        kind: 'lane',
        lane: row.lane ?? '',
        fromDay: row.from_day ?? '',
        toDay: row.to_day ?? '',
      }
    case 'port':
      return { kind: 'port' }
  }
}

/** A hold as `core` decides about it. */
export function asHold(row: HoldRow): Hold {
  return {
    scope: scopeOf(row),
    requestedBy: row.acts.requested?.account ?? '',
    approvedAt: row.acts.approved?.at ?? null,
    liftedAt: row.acts.lifted?.at ?? null,
    expiresAt: row.expires_at,
  }
}

/** Keeps a hold that nobody has approved, with the act of asking for it. */
export async function insertHold(db: Db, hold: NewHold, asked: NewAct): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('legal_hold')
      .values({
        id: hold.id,
        ...scopeColumns(hold.scope),
        reason: hold.reason,
        expires_at: hold.expiresAt,
        scope_salt: hold.scopeSalt,
      })
      .execute()
    await transaction
      .insertInto('hold_act')
      .values({ ...asked, act: 'requested', log_index: null })
      .execute()
  })
}

/** Keeps who acts, before the log has it. False when somebody was first. */
export async function claimAct(
  db: Db,
  act: Exclude<HoldAct, 'requested'>,
  row: NewAct,
): Promise<boolean> {
  const done = await db
    .insertInto('hold_act')
    .values({ ...row, act, log_index: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

export async function noteActLogged(
  db: Db,
  { hold, act }: Pick<ActRow, 'hold' | 'act'>,
  logIndex: number,
): Promise<void> {
  await db
    .updateTable('hold_act')
    .set({ log_index: logIndex })
    .where('hold', '=', hold)
    .where('act', '=', act)
    .execute()
}

/** The log never had it: it was not done. A hold that was never asked for goes altogether. */
export async function dropAct(db: Db, { hold, act }: Pick<ActRow, 'hold' | 'act'>): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const dropped = await transaction
      .deleteFrom('hold_act')
      .where('hold', '=', hold)
      .where('act', '=', act)
      .where('log_index', 'is', null)
      .executeTakeFirst()
    if (act === 'requested' && dropped.numDeletedRows === 1n)
      await transaction.deleteFrom('legal_hold').where('id', '=', hold).execute()
  })
}

/** What a failure left between row and log. */
export async function unloggedActs(db: Db): Promise<readonly ActRow[]> {
  return actQuery(db).where('hold_act.log_index', 'is', null).execute()
}

/** All holds that were asked for, those that end last first. */
export async function listHolds(db: Db, limit: number): Promise<readonly HoldRow[]> {
  const rows = await db
    .selectFrom('legal_hold')
    .selectAll()
    .orderBy('expires_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  return withActs(db, rows)
}

export async function holdById(db: Db, id: string): Promise<HoldRow | null> {
  const rows = await db.selectFrom('legal_hold').selectAll().where('id', '=', id).execute()
  return (await withActs(db, rows))[0] ?? null
}

/** Holds that may cover something at `now`, with those that wait for a second person. */
export async function countHolds(
  db: Db,
  now: Date,
): Promise<{ readonly inForce: number; readonly waiting: number }> {
  const { rows } = await sql<{ in_force: number; waiting: number }>`
    select count(*) filter (where approved.hold is not null) as in_force,
           count(*) filter (where approved.hold is null) as waiting
    from legal_hold
    join hold_act asked on asked.hold = legal_hold.id and asked.act = 'requested'
      and asked.log_index is not null
    left join hold_act approved on approved.hold = legal_hold.id and approved.act = 'approved'
      and approved.log_index is not null
    where legal_hold.expires_at > ${now} and not exists (select 1 from hold_act lifted
      where lifted.hold = legal_hold.id and lifted.act = 'lifted' and lifted.log_index is not null)`.execute(
    db,
  )
  return { inForce: rows[0]?.in_force ?? 0, waiting: rows[0]?.waiting ?? 0 }
}

/** A hold that is over has no more use for the plate; its commitment can be opened no more. */
export async function forgetPlatesOfEnded(db: Db, now: Date): Promise<void> {
  await sql`update legal_hold set plate = null, plate_folded = null, scope_salt = null
    where plate is not null and (expires_at <= ${now} or exists (select 1 from hold_act
      where hold = legal_hold.id and act = 'lifted' and log_index is not null))`.execute(db)
}

async function withActs(
  db: Db,
  rows: readonly Selectable<Database['legal_hold']>[],
): Promise<readonly HoldRow[]> {
  if (rows.length === 0) return []
  const acts = await actQuery(db)
    .where(
      'hold',
      'in',
      rows.map(({ id }) => id),
    )
    .where('log_index', 'is not', null)
    .execute()
  return rows.flatMap((row) => {
    const own = Object.fromEntries(
      acts.filter(({ hold }) => hold === row.id).map((act) => [act.act, act]),
    )
    return own['requested'] === undefined ? [] : [{ ...row, acts: own }]
  })
}

function actQuery(db: Db) {
  return db
    .selectFrom('hold_act')
    .innerJoin('account', 'account.id', 'hold_act.account')
    .selectAll('hold_act')
    .select('account.name as account_name')
}
