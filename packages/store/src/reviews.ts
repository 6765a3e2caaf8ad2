/** The queue of plates that wait for a person, and who is looking at which. */

import type { KnownReason } from '@sallyport/core/reason'
import { sql } from 'kysely'

import {
  type CrossingCursor,
  type CrossingRow,
  crossingColumns,
  type CrossingWithCaptures,
  withCaptures,
} from './crossings.ts'
import type { Db } from './postgres/database.ts'

export type QueueFilter = {
  /** Null: all lanes. */
  readonly lanes: readonly string[] | null
  readonly reason?: string | undefined
}

export type Claim = {
  readonly crossing: string
  readonly account: string
  readonly accountName: string
  readonly until: Date
}

/** The label of plates that were read surely and drawn for a person all the same. */
const sampleReason: KnownReason = 'sample'

/** Why a crossing's plate is, or was, shown to a person; null: it is not. */
export function reviewReasonOf({
  plate_kind: kind,
  plate_reason: reason,
  sampled,
}: Pick<CrossingRow, 'plate_kind' | 'plate_reason' | 'sampled'>): string | null {
  return reason ?? (sampled && kind === 'read' ? sampleReason : null)
}

const waits = sql<boolean>`(plate_kind in ('unsure', 'unreadable') or (sampled and plate_kind = 'read'))`
const reasonHere = sql<string>`coalesce(plate_reason, ${sql.lit(sampleReason)})`

/** What waits, newest first, `limit` rows after `cursor`. */
export async function listWaiting(
  db: Db,
  { lanes, reason }: QueueFilter,
  limit: number,
  cursor: CrossingCursor | null,
): Promise<readonly CrossingWithCaptures[]> {
  if (lanes?.length === 0) return []
  let query = db
    .selectFrom('crossing')
    .select(crossingColumns)
    .where(waits)
    .where('verdict', 'is', null)
    .where('log_index', 'is not', null)
  if (lanes !== null) query = query.where('lane', 'in', lanes)
  if (reason !== undefined) query = query.where(reasonHere, '=', reason)
  if (cursor !== null) {
    query = query.where(
      sql<boolean>`(received_at, id) < (${cursor.receivedAt}, ${cursor.id}::uuid)`,
    )
  }
  const rows = await query
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return withCaptures(db, rows)
}

/** How many wait, of each lane and reason, in no order. */
export async function countWaiting(
  db: Db,
  lanes: readonly string[] | null,
): Promise<readonly { readonly lane: string; readonly reason: string; readonly count: number }[]> {
  if (lanes?.length === 0) return []
  const here = lanes === null ? sql`true` : sql`lane = any(${[...lanes]}::text[])`
  const { rows } = await sql<{ lane: string; reason: string; count: number }>`
    select lane, ${reasonHere} as reason, count(*) as count from crossing
    where ${waits} and verdict is null and ${here}
    group by 1, 2`.execute(db)
  return rows
}

/** Takes the crossing, or holds on to it; null when it is somebody else's at `now`. */
export async function claim(
  db: Db,
  { crossing, account, until, now }: { crossing: string; account: string; until: Date; now: Date },
): Promise<boolean> {
  const { rows } = await sql<{ account: string }>`
    insert into review_claim (crossing, account, until) values (${crossing}, ${account}, ${until})
    on conflict (crossing) do update set account = excluded.account, until = excluded.until
      where review_claim.account = excluded.account or review_claim.until <= ${now}
    returning account`.execute(db)
  return rows.length === 1
}

/** Lets go of a claim of one's own. */
export async function release(db: Db, crossing: string, account: string): Promise<boolean> {
  const done = await db
    .deleteFrom('review_claim')
    .where('crossing', '=', crossing)
    .where('account', '=', account)
    .executeTakeFirst()
  return done.numDeletedRows === 1n
}

/** Claims that hold at `now`. */
export async function claimsOn(
  db: Db,
  crossings: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, Claim>> {
  if (crossings.length === 0) return new Map()
  const rows = await db
    .selectFrom('review_claim')
    .innerJoin('account', 'account.id', 'review_claim.account')
    .selectAll('review_claim')
    .select('account.name')
    .where('review_claim.crossing', 'in', crossings)
    .where('review_claim.until', '>', now)
    .execute()
  return new Map(
    rows.map((row) => [
      row.crossing,
      {
        crossing: row.crossing,
        account: row.account,
        accountName: row.name,
        until: row.until,
      },
    ]),
  )
}

/** Deletes claims that ended before `now`. */
export async function sweepClaims(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('review_claim').where('until', '<=', now).execute()
}
