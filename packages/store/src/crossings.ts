/** Reading crossings: list, search, one. */

import type { Direction } from '@sallyport/core/crossing'
import { foldPlateText } from '@sallyport/core/plate'
import { type Selectable, sql } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'
import { type VerdictRow, verdictsById } from './verdicts.ts'

export type CrossingRow = Omit<Selectable<Database['crossing']>, 'manifest' | 'signature'>
export type CaptureRow = Pick<
  Selectable<Database['capture']>,
  | 'id'
  | 'crossing'
  | 'received_at'
  | 'class'
  | 'bytes'
  | 'sha256'
  | 'header'
  | 'kek'
  | 'epoch_day'
  | 'segment'
  | 'position'
  | 'shredding'
  | 'shredded_at'
  | 'copy_hash'
>
export type CrossingWithCaptures = {
  readonly crossing: CrossingRow
  readonly captures: readonly CaptureRow[]
  /** What a person says of its plate, if anybody does. */
  readonly verdict: VerdictRow | null
}

export type CrossingFilter = {
  /** Any part of a plate as read or as a person says, as typed; O and 0 count as one. */
  readonly plate?: string | undefined
  readonly lane?: string | undefined
  readonly direction?: Direction | undefined
  readonly kind?: 'read' | 'unsure' | 'unreadable' | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

/** Where a page ended: the last row's time of receipt and id. */
export type CrossingCursor = { readonly receivedAt: Date; readonly id: string }

export const crossingColumns = [
  'id',
  'received_at',
  'captured_at',
  'port',
  'lane',
  'direction',
  'device',
  'sequence',
  'kind',
  'clock',
  'source',
  'manifest_sha256',
  'epoch_day',
  'log_index',
  'plate_kind',
  'plate_text',
  'plate_folded',
  'plate_confidence',
  'plate_reason',
  'sampled',
  'verdict',
  'verdict_folded',
  'reads',
] as const

/** Newest first, `limit` rows after `cursor`. */
export async function listCrossings(
  db: Db,
  filter: CrossingFilter,
  limit: number,
  cursor: CrossingCursor | null,
): Promise<readonly CrossingWithCaptures[]> {
  let query = db
    .selectFrom('crossing')
    .select(crossingColumns)
    .where('kind', '=', 'crossing')
    .where('log_index', 'is not', null)
  if (filter.plate !== undefined && filter.plate !== '') {
    const part = `%${foldPlateText(filter.plate)}%`
    query = query.where((where) =>
      where.or([where('plate_folded', 'like', part), where('verdict_folded', 'like', part)]),
    )
  }
  if (filter.lane !== undefined) query = query.where('lane', '=', filter.lane)
  if (filter.direction !== undefined) query = query.where('direction', '=', filter.direction)
  if (filter.kind !== undefined) query = query.where('plate_kind', '=', filter.kind)
  if (filter.from !== undefined) query = query.where('received_at', '>=', filter.from)
  if (filter.to !== undefined) query = query.where('received_at', '<', filter.to)
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

const newestAmong = 50

/**
 * The newest crossing of each lane that has one: the last captured of those that came in lately, so
 * that a spool which empties after an outage does not put old crossings at the window.
 */
export async function newestByLane(db: Db): Promise<readonly CrossingWithCaptures[]> {
  const newest = await sql<{ id: string; received_at: Date }>`
    select newest.id, newest.received_at from lane cross join lateral (
      select id, received_at from (
        select id, received_at, captured_at from crossing
        where crossing.lane = lane.id and kind = 'crossing' and log_index is not null
        order by received_at desc limit ${newestAmong}
      ) as lately order by captured_at desc limit 1
    ) as newest`.execute(db)
  if (newest.rows.length === 0) return []
  const times = newest.rows.map((row) => row.received_at.getTime())
  const rows = await db
    .selectFrom('crossing')
    .select(crossingColumns)
    .where(
      'id',
      'in',
      newest.rows.map((row) => row.id),
    )
    .where('received_at', '>=', new Date(Math.min(...times)))
    .execute()
  return withCaptures(db, rows)
}

export async function crossingById(db: Db, id: string): Promise<CrossingWithCaptures | null> {
  const rows = await db
    .selectFrom('crossing')
    .select(crossingColumns)
    .where('id', '=', id)
    .execute()
  return (await withCaptures(db, rows))[0] ?? null
}

/** Those of `ids` that are there, in no order. */
export async function crossingsById(
  db: Db,
  ids: readonly string[],
): Promise<readonly CrossingWithCaptures[]> {
  if (ids.length === 0) return []
  return withCaptures(
    db,
    await db.selectFrom('crossing').select(crossingColumns).where('id', 'in', ids).execute(),
  )
}

export async function captureById(
  db: Db,
  id: string,
): Promise<{ readonly capture: CaptureRow; readonly crossing: CrossingRow } | null> {
  const capture = await db.selectFrom('capture').selectAll().where('id', '=', id).executeTakeFirst()
  if (capture === undefined) return null
  const crossing = await db
    .selectFrom('crossing')
    .select(crossingColumns)
    .where('id', '=', capture.crossing)
    .where('received_at', '=', capture.received_at)
    .executeTakeFirst()
  return crossing === undefined ? null : { capture, crossing }
}

export async function withCaptures(
  db: Db,
  rows: readonly CrossingRow[],
): Promise<readonly CrossingWithCaptures[]> {
  if (rows.length === 0) return []
  const times = rows.map((row) => row.received_at.getTime())
  const captures = await db
    .selectFrom('capture')
    .selectAll()
    .where(
      'crossing',
      'in',
      rows.map((row) => row.id),
    )
    // Names the partitions, so that the others are not searched.
    .where('received_at', '>=', new Date(Math.min(...times)))
    .where('received_at', '<=', new Date(Math.max(...times)))
    .execute()
  const verdicts = await verdictsById(
    db,
    rows.flatMap(({ verdict }) => (verdict === null ? [] : [verdict])),
  )
  return rows.map((crossing) => ({
    crossing,
    captures: captures.filter((capture) => capture.crossing === crossing.id),
    verdict: crossing.verdict === null ? null : (verdicts.get(crossing.verdict) ?? null),
  }))
}

export type Figures = {
  readonly crossingsToday: number
  readonly crossingsLastHour: number
  readonly readToday: number
  readonly unsureToday: number
  readonly byHour: readonly { readonly hour: Date; readonly in: number; readonly out: number }[]
  readonly openingsToday: number
  readonly alarmsOpen: number
}

/** Counts for the front page; "today" begins at `dayStart`, the port's midnight. */
export async function figures(db: Db, now: Date, dayStart: Date): Promise<Figures> {
  const hourAgo = new Date(now.getTime() - 3_600_000)
  const dayAgo = new Date(now.getTime() - 24 * 3_600_000)
  const since = dayStart < hourAgo ? dayStart : hourAgo
  const counts = await sql<{ today: number; last_hour: number; read: number; unsure: number }>`
    select count(*) filter (where received_at >= ${dayStart}) as today,
           count(*) filter (where received_at >= ${hourAgo}) as last_hour,
           count(*) filter (where received_at >= ${dayStart} and plate_kind = 'read') as read,
           count(*) filter (where received_at >= ${dayStart} and plate_kind = 'unsure') as unsure
    from crossing where kind = 'crossing' and received_at >= ${since}`.execute(db)
  const hours = await sql<{ hour: Date; in: number; out: number }>`
    select date_trunc('hour', received_at, 'UTC') as hour,
           count(*) filter (where direction = 'in') as in,
           count(*) filter (where direction = 'out') as out
    from crossing where kind = 'crossing' and received_at >= ${dayAgo} group by 1 order by 1`.execute(
    db,
  )
  const others = await sql<{ openings: number; alarms: number }>`
    select (select count(*) from opening where at >= ${dayStart} and outcome = 'opened') as openings,
           (select count(*) from alarm where acknowledged_at is null) as alarms`.execute(db)
  const [count] = counts.rows
  return {
    crossingsToday: count?.today ?? 0,
    crossingsLastHour: count?.last_hour ?? 0,
    readToday: count?.read ?? 0,
    unsureToday: count?.unsure ?? 0,
    byHour: everyHour(now, hours.rows),
    openingsToday: others.rows[0]?.openings ?? 0,
    alarmsOpen: others.rows[0]?.alarms ?? 0,
  }
}

type HourCount = Figures['byHour'][number]

/** The 24 hours up to and with that of `now`, those without traffic as well. */
function everyHour(now: Date, counted: readonly HourCount[]): readonly HourCount[] {
  const hourMs = 3_600_000
  const last = Math.floor(now.getTime() / hourMs) * hourMs
  return Array.from({ length: 24 }, (_, index) => {
    const hour = new Date(last - (23 - index) * hourMs)
    return counted.find((one) => one.hour.getTime() === hour.getTime()) ?? { hour, in: 0, out: 0 }
  })
}
