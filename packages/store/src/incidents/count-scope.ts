/** Counts a scope in the database. `core` counts the same over rows; a test compares the two. */

import type { GradedCounts, ScopeCounts, WhoSums } from '@sallyport/core/scope/counts'
import { whoOf } from '@sallyport/core/scope/counts'
import { type Grade, grades, type ScopePart } from '@sallyport/core/scope/question'
import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import { type PartsWindow, partsSql } from './parts-sql.ts'

type PlaceRow = {
  readonly grade: number
  readonly class: string
  readonly port: string
  readonly lane: string
  readonly day: string
  readonly pictures: number
}
/** `grade` null: the whole scope. */
type WhoRow = {
  readonly grade: number | null
  readonly crossings: number
  readonly identified: number
  readonly plates: number
  readonly without: number
  readonly plate_only: number
  readonly plate_only_high: number
  readonly unknown: number
}

/** The numbers of everything in `parts`; each picture once, under its worst grade. */
export async function countScopeRows(
  db: Db,
  parts: readonly ScopePart[],
  window: PartsWindow,
): Promise<GradedCounts> {
  const [found] = await db.transaction().execute(async (transaction) => {
    // Compiling takes longer than counting what most suspicions reach.
    await sql`set local jit = off`.execute(transaction)
    await sql`set local work_mem = '64MB'`.execute(transaction)
    const { rows } = await countSql(parts, window).execute(transaction)
    return rows
  })
  const places = found?.places ?? []
  const who = found?.who ?? []
  const counts = (index: number | null): ScopeCounts =>
    countsOf(
      index === null ? places : places.filter(({ grade }) => grade === index),
      who.find(({ grade }) => grade === index),
    )
  return {
    total: counts(null),
    grades: Object.fromEntries(grades.map((grade, index) => [grade, counts(index)])) as Record<
      Grade,
      ScopeCounts
    >,
  }
}

function countSql(parts: readonly ScopePart[], window: PartsWindow) {
  return sql<{ places: readonly PlaceRow[] | null; who: readonly WhoRow[] | null }>`
    with part as (${partsSql(parts, window)}),
    one as materialized (
      select capture, crossing, min(grade) as grade, max(class) as class, max(port) as port,
        max(lane) as lane, max(day) as day, max(who) as who
      from part group by capture, crossing),
    place as (
      select grade, class, port, lane, day, count(*) as pictures from one group by 1, 2, 3, 4, 5),
    seen as (
      select grade, crossing, max(who) as who, count(*) filter (where class = 'face') as faces
      from one group by grouping sets ((grade, crossing), (crossing))),
    known as (
      select seen.*, passage.key as identity from seen
      left join stay_passage passage
        on passage.crossing = seen.crossing and passage.key like 'document:%'),
    person as (
      select grade, coalesce(who, crossing::text) as vehicle, who is not null as sure,
        sum(faces) as faces
      from known where identity is null group by 1, 2, 3),
    plate_only as (
      select grade, count(*) filter (where sure) as plate_only, sum(greatest(1, faces)) as high,
        count(*) filter (where not sure) as unknown
      from person group by grade),
    who as (
      select k.grade, count(distinct k.crossing) as crossings,
        count(distinct k.identity) as identified, count(distinct k.who) as plates,
        count(distinct k.crossing) filter (where k.who is null) as without
      from known k group by k.grade)
    select (select json_agg(place) from place) as places,
      (select json_agg(json_build_object('grade', who.grade, 'crossings', crossings,
          'identified', identified, 'plates', plates, 'without', without,
          'plate_only', coalesce(plate_only, 0), 'plate_only_high', coalesce(high, 0),
          'unknown', coalesce(unknown, 0)))
        from who left join plate_only on plate_only.grade is not distinct from who.grade) as who`
}

function countsOf(places: readonly PlaceRow[], who: WhoRow | undefined): ScopeCounts {
  const classes: Record<string, number> = {}
  for (const { class: name, pictures } of places) classes[name] = (classes[name] ?? 0) + pictures
  const sorted = (values: readonly string[]) => [...new Set(values)].toSorted()
  const days = sorted(places.map(({ day }) => day))
  const sums: WhoSums = {
    identified: who?.identified ?? 0,
    plates: who?.plates ?? 0,
    without: who?.without ?? 0,
    plateOnly: who?.plate_only ?? 0,
    plateOnlyHigh: who?.plate_only_high ?? 0,
    unknown: who?.unknown ?? 0,
  }
  return {
    pictures: places.reduce((sum, { pictures }) => sum + pictures, 0),
    crossings: who?.crossings ?? 0,
    classes,
    lanes: sorted(places.map(({ lane }) => lane)),
    ports: sorted(places.map(({ port }) => port)),
    days: { count: days.length, first: days[0] ?? null, last: days.at(-1) ?? null },
    ...whoOf(sums),
  }
}
