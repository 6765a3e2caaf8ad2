/** Counts a scope in the database. `core` counts the same over rows; a test compares the two. */

import type { GradedCounts, ScopeCounts, WhoSums } from '@sallyport/core/scope/counts'
import { whoOf } from '@sallyport/core/scope/counts'
import { type Grade, grades, type ScopePart } from '@sallyport/core/scope/question'
import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import { countLimits } from './limits.ts'
import { type PartsWindow, partsSql } from './parts-sql.ts'

type PlaceRow = {
  readonly grade: number
  readonly class: string
  readonly port: string
  readonly lane: string
  readonly pictures: number
}
type DayRow = { readonly grade: number; readonly day: string }
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
    await sql`set local statement_timeout = ${sql.lit(countLimits.countMsMax)}`.execute(transaction)
    await sql`set local work_mem = '64MB'`.execute(transaction)
    // Nobody knows beforehand how many are the same: hashing them is quick either way, sorting is not.
    await sql`set local enable_sort = off`.execute(transaction)
    const { rows } = await countSql(parts, window).execute(transaction)
    return rows
  })
  const places = found?.places ?? []
  const days = found?.days ?? []
  const who = found?.who ?? []
  const counts = (index: number | null): ScopeCounts =>
    countsOf(
      index === null ? places : places.filter(({ grade }) => grade === index),
      index === null ? days : days.filter(({ grade }) => grade === index),
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
  return sql<{
    places: readonly PlaceRow[] | null
    days: readonly DayRow[] | null
    who: readonly WhoRow[] | null
  }>`
    with part as (${partsSql(parts, window)}),
    one as materialized (
      select capture, crossing, min(grade) as grade, max(class collate "C") as class,
        max(port collate "C") as port, max(lane collate "C") as lane, max(day) as day,
        max(who collate "C") as who
      from part group by capture, crossing),
    place as (select grade, class, port, lane, count(*) as pictures from one group by 1, 2, 3, 4),
    taken as (select distinct grade, day from one),
    seen as materialized (
      select grade, crossing, max(who collate "C") as who,
        count(*) filter (where class = 'face') as faces,
        (select max(key) from stay_passage p
          where p.crossing = one.crossing and p.key like 'document:%') as identity
      from one group by grouping sets ((grade, crossing), (crossing))),
    vehicle_seen as (
      select grade, who, sum(faces) filter (where identity is null) as faces,
        bool_or(identity is null) as open
      from seen where who is not null group by grade, who),
    vehicles as (
      select grade, count(*) as plates, count(*) filter (where open) as plate_only,
        coalesce(sum(greatest(1, faces)) filter (where open), 0) as high
      from vehicle_seen group by grade),
    crossings as (
      select grade, count(*) as crossings, count(distinct identity) as identified,
        count(*) filter (where who is null) as without,
        count(*) filter (where who is null and identity is null) as unknown,
        coalesce(sum(greatest(1, faces)) filter (where who is null and identity is null), 0) as high
      from seen group by grade)
    select (select json_agg(place) from place) as places, (select json_agg(taken) from taken) as days,
      (select json_agg(json_build_object('grade', c.grade, 'crossings', c.crossings,
          'identified', c.identified, 'plates', coalesce(v.plates, 0), 'without', c.without,
          'plate_only', coalesce(v.plate_only, 0),
          'plate_only_high', c.high + coalesce(v.high, 0), 'unknown', c.unknown))
        from crossings c left join vehicles v on v.grade is not distinct from c.grade) as who`
}

function countsOf(
  places: readonly PlaceRow[],
  dayRows: readonly DayRow[],
  who: WhoRow | undefined,
): ScopeCounts {
  const classes: Record<string, number> = {}
  for (const { class: name, pictures } of places) classes[name] = (classes[name] ?? 0) + pictures
  const sorted = (values: readonly string[]) => [...new Set(values)].toSorted()
  const days = sorted(dayRows.map(({ day }) => day))
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
