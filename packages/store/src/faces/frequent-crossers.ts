/** Who crosses often at an hour, what may be copied of them, and what follows when its source goes. */

import type { FrequentCrosser } from '@sallyport/core/faces/frequent-crossers'
import type { Span } from '@sallyport/core/faces/hour-window'
import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { GalleryEntryRow, GalleryRow } from './galleries.ts'

/**
 * Travellers whom people confirmed in at least so many crossings within these windows, each with every
 * photograph of a gallery of a list or flight that is open and described by this model. Who opted out of
 * a crossing is not confirmed by it, and one whose clock is in doubt was at no hour.
 */
export async function crossedOften(
  db: Db,
  ask: {
    readonly port: string
    readonly windows: readonly Span[]
    readonly crossings: number
    readonly model: string
    readonly at: Date
  },
  limit: number,
): Promise<readonly FrequentCrosser[]> {
  const [from, to] = [
    ask.windows.map((one) => new Date(one.from)),
    ask.windows.map((one) => new Date(one.to)),
  ]
  const { rows } = await sql<{
    key: string
    crossings: number
    last_at: Date
    entry: string
    described_at: Date
    expires_at: Date
    born: string | null
  }>`
    with passed as (
      select passage.key, count(distinct passage.crossing) as crossings, max(passage.at) as last_at
      from unnest(${from}::timestamptz[], ${to}::timestamptz[]) as span (from_at, to_at)
      join stay_passage passage on passage.at >= span.from_at and passage.at < span.to_at
      join lane on lane.id = passage.lane and lane.port = ${ask.port}
      where passage.key like 'document:%' and passage.clock <> 'review'
        and not exists (
          select from window_standing where window_standing.crossing = passage.crossing
            and window_standing.opted_out_at is not null
        )
      group by passage.key having count(distinct passage.crossing) >= ${ask.crossings}
    )
    select passed.key, passed.crossings, passed.last_at, entry.id as entry, entry.described_at,
      gallery.expires_at, entry.born
    from gallery
    join gallery_entry entry on entry.gallery = gallery.id
    join passed on passed.key = ${keyOfEntry}
    where gallery.kind in ('list', 'flight') and gallery.log_index is not null
      and gallery.ended_at is null and gallery.expires_at > ${ask.at}
      and gallery.model = ${ask.model} and entry.template is not null
      and entry.photo_header is not null and entry.described_at is not null
    order by passed.crossings desc, passed.last_at desc, passed.key, entry.id
    limit ${limit}`.execute(db)
  return rows.map((row) => ({
    key: row.key,
    crossings: row.crossings,
    lastAt: row.last_at,
    entry: row.entry,
    describedAt: row.described_at,
    sourceEndsAt: row.expires_at,
    born: row.born,
  }))
}

/** Of `entry`, as `encodeKey` writes the key of its document's passages. */
export const keyOfEntry = sql<string>`'document:' || coalesce(entry.document_issuer, 'XXX') || ':' || entry.document_number`

/** An entry with the key that what is in it is sealed under. */
export type SourceEntry = GalleryEntryRow & { readonly kek: string }

/** Entries of galleries of lists and flights that are still open. */
export async function sourceEntries(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SourceEntry>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('gallery_entry')
    .innerJoin('gallery', 'gallery.id', 'gallery_entry.gallery')
    .selectAll('gallery_entry')
    .select('gallery.kek')
    .where('gallery_entry.id', 'in', [...ids])
    .where('gallery.kind', '<>', 'frequent')
    .where('gallery.ended_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** An entry of a gallery of those who cross often. */
export type Copy = { readonly id: string; readonly gallery: string }

/** Copies that were made of these entries. */
export async function copiesOf(db: Db, sources: readonly string[]): Promise<readonly Copy[]> {
  if (sources.length === 0) return []
  return db
    .selectFrom('gallery_entry')
    .select(['id', 'gallery'])
    .where('source', 'in', [...sources])
    .execute()
}

/** Everybody in galleries of those who cross often, by the key of their document. */
export async function copiesByKey(db: Db): Promise<readonly (Copy & { readonly key: string })[]> {
  const { rows } = await sql<Copy & { key: string }>`
    select entry.id, entry.gallery, ${keyOfEntry} as key
    from gallery_entry entry where entry.source is not null`.execute(db)
  return rows
}

/** Whether a gallery of this rule for the window that begins then was made, be it over. */
export async function wasMade(db: Db, rule: string, opensAt: Date): Promise<boolean> {
  const row = await db
    .selectFrom('gallery')
    .select('id')
    .where('rule', '=', rule)
    .where('opens_at', '=', opensAt)
    .executeTakeFirst()
  return row !== undefined
}

/** Galleries of those who cross often that are not over; the log has them. */
export async function openFrequentGalleries(db: Db): Promise<readonly GalleryRow[]> {
  return db
    .selectFrom('gallery')
    .selectAll()
    .where('kind', '=', 'frequent')
    .where('log_index', 'is not', null)
    .where('ended_at', 'is', null)
    .orderBy('made_at')
    .execute()
}
