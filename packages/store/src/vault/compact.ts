/**
 * Compaction: what is kept of a closed segment is appended anew, the rows are moved in one transaction,
 * and the old file is removed when no row names it. A crash before the transaction leaves copies that no
 * row names, which go with the segment they lie in; one after it leaves a file that the next run removes.
 */

import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import { headerBytes, type Place } from './record.ts'
import { whenNoneKept } from './segments-kept.ts'
import type { Vault } from './segments.ts'

export const compactLimits = {
  /** Bodies that are copied with one sync, about. */
  bytesAtOnce: 8 * 1024 * 1024,
  bodiesAtOnce: 256,
} as const

/** How much of a segment is needed. `living` counts bodies with their records' heads. */
export type SegmentUse = {
  readonly segment: number
  readonly bytes: number
  readonly living: number
}

/** The use of every segment, oldest first. Reads the rows of all bodies. */
export async function segmentUse(db: Db, vault: Vault): Promise<readonly SegmentUse[]> {
  const { rows } = await sql<{ segment: number; living: number }>`
    select segment, sum(bytes + ${headerBytes}::int)::bigint as living from (
      select segment, bytes from capture where shredded_at is null
      union all select segment, bytes from evaluation) as kept
    group by segment`.execute(db)
  const living = new Map(rows.map((row) => [row.segment, row.living]))
  return (await vault.segments()).map(({ segment, bytes }) => ({
    segment,
    bytes,
    living: living.get(segment) ?? 0,
  }))
}

/** Whether at least `share` (0 to 1) of a segment is needed by nobody. */
export function isWorthCompacting({ bytes, living }: SegmentUse, share: number): boolean {
  return bytes > living && (living === 0 || bytes - living >= bytes * share)
}

export type Compacted =
  /** The file is gone. `freed`: its bytes less those that were appended anew. */
  | { readonly kind: 'removed'; readonly moved: number; readonly freed: number }
  /** Nothing names the file any more, but a backup reads it: the next run removes it. */
  | { readonly kind: 'in_use'; readonly moved: number }
  /** A body that is kept cannot be read: nothing was moved, for it may be mended from a backup. */
  | { readonly kind: 'damaged'; readonly detail: string }

/**
 * Compacts one closed segment. No body may be on its way between vault and rows: the caller says so
 * by `settled`, which runs what it is given while that holds. Throws when disk or database fail.
 */
export async function compactSegment(
  db: Db,
  vault: Vault,
  { segment, bytes }: SegmentUse,
  settled: <T>(act: () => Promise<T>) => Promise<T>,
): Promise<Compacted> {
  if (segment >= vault.current()) throw new Error('the open segment is not compacted')
  const kept = await keptIn(db, segment)
  const moves: Move[] = []
  for (let from = 0; from < kept.length;) {
    const batch = batchOf(kept, from)
    const bodies = []
    for (const body of batch) {
      const read = await vault.read({ ...body, segment }, body.sha256)
      if (read.kind !== 'body') return { kind: 'damaged', detail: `${body.id}: ${read.detail}` }
      bodies.push({ sha256: body.sha256, body: read.body })
    }
    const places = await vault.append(bodies)
    moves.push(...batch.map((body, at) => ({ body, to: placeAt(places, at) })))
    from += batch.length
  }
  await moveRows(db, segment, moves)
  const removed = await settled(() =>
    whenNoneKept(db, async (transaction) => {
      if (await isNamed(transaction, segment))
        throw new Error('a row names a segment that was moved')
      await vault.remove(segment)
    }),
  )
  if (!removed) return { kind: 'in_use', moved: moves.length }
  const again = kept.reduce((sum, body) => sum + body.bytes + headerBytes, 0)
  return { kind: 'removed', moved: moves.length, freed: bytes - again }
}

type Table = 'capture' | 'evaluation'
type Kept = {
  readonly table: Table
  readonly id: string
  readonly bytes: number
  readonly sha256: Buffer
  readonly position: number
}
type Move = { readonly body: Kept; readonly to: Place }

async function keptIn(db: Db, segment: number): Promise<readonly Kept[]> {
  const { rows } = await sql<Kept>`
    select 'capture' as table, id, bytes, sha256, position from capture
      where segment = ${segment} and shredded_at is null
    union all select 'evaluation', id, bytes, sha256, position from evaluation
      where segment = ${segment}
    order by position`.execute(db)
  return rows
}

function batchOf(kept: readonly Kept[], from: number): readonly Kept[] {
  let bytes = 0
  let to = from
  while (to < kept.length && to - from < compactLimits.bodiesAtOnce) {
    bytes += kept[to]?.bytes ?? 0
    to += 1
    if (bytes >= compactLimits.bytesAtOnce) break
  }
  return kept.slice(from, to)
}

function placeAt(places: readonly Place[], at: number): Place {
  const place = places[at]
  if (place === undefined) throw new Error('every body that was appended has a place')
  return place
}

/** Afterwards no row names the segment: kept bodies have their new places, shredded ones none. */
async function moveRows(db: Db, segment: number, moves: readonly Move[]): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (const table of ['capture', 'evaluation'] as const) {
      const own = moves.filter(({ body }) => body.table === table)
      if (own.length === 0) continue
      await sql`update ${sql.table(table)} as body set segment = moved.segment, position = moved.position
        from unnest(
          ${own.map(({ body }) => body.id)}::uuid[],
          ${own.map(({ to }) => to.segment)}::int[],
          ${own.map(({ to }) => to.position)}::bigint[]
        ) as moved (id, segment, position)
        where body.id = moved.id and body.segment = ${segment}`.execute(transaction)
    }
    // What was shredded meanwhile goes the same way: its copy is nobody's.
    await sql`update capture set segment = null, position = null
      where segment is not null and shredded_at is not null
        and (segment = ${segment} or id = any(${moves.map(({ body }) => body.id)}::uuid[]))`.execute(
      transaction,
    )
    if (await isNamed(transaction, segment)) throw new Error('a row was added to a closed segment')
  })
}

async function isNamed(db: Db, segment: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from capture where segment = ${segment}
    union all select 1 from evaluation where segment = ${segment} limit 1`.execute(db)
  return rows.length > 0
}
