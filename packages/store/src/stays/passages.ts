/** Passages: what crossings mean for stays. They follow the crossing table by its place in the log. */

import type { ClockVerdict } from '@sallyport/core/clock'
import type { CrossingReads, Direction } from '@sallyport/core/crossing'
import type { Passage } from '@sallyport/core/stays/passage'
import { type Insertable, type Selectable, sql, type Transaction } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type PassageRow = Selectable<Database['stay_passage']>
export type NewPassage = Insertable<Database['stay_passage']>

/** What of a crossing stays are made of. */
export type FollowedCrossing = {
  readonly id: string
  readonly received_at: Date
  readonly captured_at: Date
  readonly direction: Direction
  readonly lane: string
  readonly clock: ClockVerdict
  readonly plate_kind: 'read' | 'unsure' | 'unreadable'
  readonly plate_text: string | null
  readonly jurisdiction: { readonly code: string; readonly confidence: number } | null
  readonly looks: CrossingReads['plate'] | null
  readonly verdict: string | null
  readonly verdict_text: string | null
  readonly verdict_jurisdiction: string | null
}

const columns = sql`crossing.id, crossing.received_at, crossing.captured_at, crossing.direction,
  crossing.lane, crossing.clock, crossing.plate_kind, crossing.plate_text,
  crossing.reads -> 'plate' -> 'jurisdiction' as jurisdiction, crossing.reads -> 'plate' as looks,
  crossing.verdict, verdict.text as verdict_text, verdict.jurisdiction as verdict_jurisdiction`

/**
 * Crossings of vehicles beyond a place in the log, in its order, and the place of the last of them. Where
 * people walk there is no plate, and no vehicle either.
 */
export async function crossingsAfter(
  db: Db | Transaction<Database>,
  logIndex: number,
  limit: number,
): Promise<{ readonly crossings: readonly FollowedCrossing[]; readonly until: number }> {
  // One statement, one snapshot: a crossing committed between two would lie behind the cursor unseen.
  const { rows } = await sql<FollowedCrossing & { kind: string | null; log_index: number }>`
    with taken as (
      select crossing, received_at, log_index from intake
      where log_index > ${logIndex} order by log_index limit ${limit}
    )
    select ${columns}, crossing.kind, taken.log_index
    from taken left join crossing
      on crossing.id = taken.crossing and crossing.received_at = taken.received_at
      and crossing.plate_kind <> 'none'
    left join verdict on verdict.id = crossing.verdict
    order by taken.log_index`.execute(db)
  return {
    crossings: rows.filter(({ kind }) => kind === 'crossing'),
    until: rows.at(-1)?.log_index ?? logIndex,
  }
}

/** Those of `ids` that are crossings of vehicles and stand in the log. */
export async function followedById(
  db: Db | Transaction<Database>,
  ids: readonly string[],
): Promise<readonly FollowedCrossing[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<FollowedCrossing>`
    select ${columns} from crossing left join verdict on verdict.id = crossing.verdict
    where crossing.id = any(${ids}::uuid[]) and crossing.kind = 'crossing'
      and crossing.plate_kind <> 'none'
      and crossing.log_index is not null`.execute(db)
  return rows
}

/** Crossings on which people said something that their passages do not follow yet. */
export async function passedByVerdicts(db: Db, limit: number): Promise<readonly string[]> {
  const { rows } = await sql<{ crossing: string }>`
    select distinct verdict.crossing from verdict
    join stay_passage on stay_passage.id = verdict.crossing
    join crossing on crossing.id = verdict.crossing and crossing.received_at = verdict.received_at
    where verdict.state = 'logged' and crossing.verdict is distinct from stay_passage.verdict
    limit ${limit}`.execute(db)
  return rows.map(({ crossing }) => crossing)
}

/**
 * Writes passages, each as often as one likes, and answers with the keys whose stays change by it: the
 * new ones, and those that passages had before.
 */
export async function putPassages(
  transaction: Transaction<Database>,
  passages: readonly NewPassage[],
): Promise<readonly string[]> {
  if (passages.length === 0) return []
  const ids = passages.map(({ id }) => id)
  const before = await transaction
    .selectFrom('stay_passage')
    .select('key')
    .where('id', 'in', ids)
    .forUpdate()
    .execute()
  await transaction
    .insertInto('stay_passage')
    .values([...passages])
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((row) => ({
        key: row.ref('excluded.key'),
        text: row.ref('excluded.text'),
        jurisdiction: row.ref('excluded.jurisdiction'),
        verdict: row.ref('excluded.verdict'),
        near: row.ref('excluded.near'),
      })),
    )
    .execute()
  const keys = [...before, ...passages].map(({ key }) => key)
  return [...new Set(keys)].filter((key): key is string => typeof key === 'string')
}

/** Every passage of these keys, in order of time. */
export async function passagesOfKeys(
  db: Db | Transaction<Database>,
  keys: readonly string[],
): Promise<readonly PassageRow[]> {
  if (keys.length === 0) return []
  return db
    .selectFrom('stay_passage')
    .selectAll()
    .where('key', 'in', [...keys])
    .orderBy('key')
    .orderBy('at')
    .execute()
}

export async function passagesById(
  db: Db | Transaction<Database>,
  ids: readonly string[],
): Promise<readonly PassageRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('stay_passage')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
}

/** A row as core takes it. */
export function asPassage(row: PassageRow): Passage {
  return {
    id: row.id,
    at: row.at.getTime(),
    direction: row.direction,
    lane: row.lane,
    clock: row.clock,
    jurisdiction: row.jurisdiction,
    otherErased: row.other_erased,
  }
}
