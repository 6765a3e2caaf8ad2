/** Computed stays, the keys that wait to be computed again, and how far crossings were followed. */

import { type Insertable, type Selectable, sql, type Transaction } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type StayRow = Selectable<Database['stay']>
export type NewStay = Insertable<Database['stay']>
export type StayCursor = {
  readonly logIndex: number
  readonly rulesSha256: Buffer | null
}

export async function stayCursor(db: Db | Transaction<Database>): Promise<StayCursor> {
  const row = await db.selectFrom('stay_cursor').selectAll().executeTakeFirstOrThrow()
  return { logIndex: row.log_index, rulesSha256: row.rules_sha256 }
}

/**
 * Waits until nobody else writes passages, stays or keys that wait, and keeps others from it until the
 * transaction ends. Call before the first of them is touched: computing goes from keys to stays, erasing from
 * passages to keys, and two that each held what the other needs next would wait for each other.
 */
export async function holdStays(transaction: Transaction<Database>): Promise<void> {
  await transaction.selectFrom('stay_cursor').select('one').forUpdate().executeTakeFirstOrThrow()
}

export async function moveStayCursor(
  transaction: Transaction<Database>,
  logIndex: number,
): Promise<void> {
  await transaction.updateTable('stay_cursor').set({ log_index: logIndex }).execute()
}

/** Rules are in force from here on, and every stay is computed again. */
export async function noteStayRules(db: Db, sha256: Uint8Array, at: Date): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await markAll(transaction, at)
    await transaction.updateTable('stay_cursor').set({ rules_sha256: sha256 }).execute()
  })
}

/** These keys wait. Whoever marks one while it is being computed marks it again for later. */
export async function markKeys(
  transaction: Transaction<Database>,
  keys: readonly string[],
  at: Date,
): Promise<void> {
  if (keys.length === 0) return
  await sql`insert into stay_due (key, at)
    select key, ${at} from unnest(${[...keys].toSorted()}::text[]) as marked (key)
    on conflict (key) do update set at = excluded.at`.execute(transaction)
}

/** Every key waits; answers with how many there are. */
export function markEveryKey(db: Db, at: Date): Promise<number> {
  return db.transaction().execute((transaction) => markAll(transaction, at))
}

async function markAll(transaction: Transaction<Database>, at: Date): Promise<number> {
  await holdStays(transaction)
  const { numAffectedRows } = await sql`insert into stay_due (key, at)
    select distinct key, ${at}::timestamptz from stay_passage where key is not null order by key
    on conflict (key) do update set at = excluded.at`.execute(transaction)
  return Number(numAffectedRows ?? 0n)
}

/** Takes keys that wait off the list; they wait again when the transaction is rolled back. */
export async function takeDueKeys(
  transaction: Transaction<Database>,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ key: string }>`
    delete from stay_due where key in (select key from stay_due order by at, key limit ${limit})
    returning key`.execute(transaction)
  return rows.map(({ key }) => key)
}

export async function countDueKeys(db: Db): Promise<number> {
  const { rows } = await sql<{ due: number }>`select count(*) as due from stay_due`.execute(db)
  return rows[0]?.due ?? 0
}

/** Puts the stays of these keys in the place of those that were there; what is the same is not written. */
export async function replaceStays(
  transaction: Transaction<Database>,
  keys: readonly string[],
  stays: readonly NewStay[],
): Promise<void> {
  if (keys.length === 0) return
  await sql`delete from stay where key = any(${[...keys]}::text[])
    and not id = any(${stays.map(({ id }) => id)}::uuid[])`.execute(transaction)
  // A statement has a limit on its parameters; a vehicle that crosses daily for years has many stays.
  for (let at = 0; at < stays.length; at += insertMax)
    await putStays(transaction, stays.slice(at, at + insertMax))
}

const insertMax = 1000

async function putStays(
  transaction: Transaction<Database>,
  stays: readonly NewStay[],
): Promise<void> {
  await transaction
    .insertInto('stay')
    .values([...stays])
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((row) => ({
        key: row.ref('excluded.key'),
        state: row.ref('excluded.state'),
        at: row.ref('excluded.at'),
        from_at: row.ref('excluded.from_at'),
        until_at: row.ref('excluded.until_at'),
        passages: row.ref('excluded.passages'),
        doubted: row.ref('excluded.doubted'),
        rule: row.ref('excluded.rule'),
        due_at: row.ref('excluded.due_at'),
        stay: row.ref('excluded.stay'),
        near: row.ref('excluded.near'),
      })).where(sql<boolean>`(stay.key, stay.stay, stay.rule, stay.due_at)
          is distinct from (excluded.key, excluded.stay, excluded.rule, excluded.due_at)`),
    )
    .execute()
}
