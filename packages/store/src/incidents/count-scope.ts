/** Counts a scope in the database. `core` counts the same over rows; a test compares the two. */

import type { GradedCounts, ScopeCounts, WhoSums } from '@sallyport/core/scope/counts'
import { whoOf } from '@sallyport/core/scope/counts'
import { type Grade, grades, type ScopePart } from '@sallyport/core/scope/question'
import { type RawBuilder, sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import { countLimits } from './limits.ts'
import { type PartsWindow, picturesSql, wholeCrossingsSql } from './parts-sql.ts'

const classes = ['scene', 'plate', 'face'] as const

type PlaceRow = {
  readonly grade: number
  readonly port: string
  readonly lane: string
} & Readonly<Record<(typeof classes)[number], number>>
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
    await sql`set local work_mem = ${sql.lit(countLimits.memory)}`.execute(transaction)
    // Nobody knows beforehand how many are the same: hashing them is quick either way, sorting is not.
    await sql`set local enable_sort = off`.execute(transaction)
    const { rows } = await countSql(parts, window).execute(transaction)
    return rows
  })
  const places = found?.places ?? []
  const days = found?.days ?? []
  const who = found?.who ?? []
  const [only] = who.length === 1 ? gradesOf(parts) : []
  const counts = (index: number | null): ScopeCounts =>
    countsOf(
      index === null ? places : places.filter(({ grade }) => grade === index),
      index === null ? days : days.filter(({ grade }) => grade === index),
      who.find(({ grade }) => grade === (index === only ? null : index)),
    )
  return {
    total: counts(null),
    grades: Object.fromEntries(grades.map((grade, index) => [grade, counts(index)])) as Record<
      Grade,
      ScopeCounts
    >,
  }
}

function gradesOf(parts: readonly ScopePart[]): readonly number[] {
  return [...new Set(parts.map(({ grade }) => grades.indexOf(grade)))].toSorted((a, b) => a - b)
}

/**
 * The whole and, where there are several, each grade: `is` says of a set of grades (a bit for each)
 * whether anything in it counts, `faces` names the column with the faces that do.
 */
type Subset = {
  readonly grade: number | null
  readonly is: (bits: RawBuilder<unknown>) => RawBuilder<unknown>
  readonly faces: RawBuilder<unknown>
  readonly rows: RawBuilder<unknown>
}

function subsetsOf(parts: readonly ScopePart[]): readonly Subset[] {
  const whole: Subset = {
    grade: null,
    is: (bits) => sql`${bits} <> 0`,
    faces: sql.ref('faces'),
    rows: sql`true`,
  }
  const found = gradesOf(parts)
  if (found.length === 1) return [whole]
  return [
    whole,
    ...found.map((grade): Subset => ({
      grade,
      is: (bits) => sql`${bits} & ${sql.lit(1 << grade)} <> 0`,
      faces: sql.ref(`faces_${grade}`),
      rows: sql`grade = ${sql.lit(grade)}`,
    })),
  ]
}

function countSql(parts: readonly ScopePart[], window: PartsWindow) {
  const subsets = subsetsOf(parts)
  const each = (build: (subset: Subset) => RawBuilder<unknown>) => sql.join(subsets.map(build))
  const bits = sql.ref('grades')
  const open = sql.ref('open_grades')
  const whoRow = ({ grade }: Subset, index: number) => {
    const at = (name: string) => sql.ref(`${name}_${index}`)
    return sql`json_build_object('grade', ${grade === null ? sql`null` : sql.lit(grade)},
      'crossings', ${at('crossings')}, 'identified', ${at('identified')}, 'plates', ${at('plates')},
      'without', ${at('without')}, 'plate_only', ${at('plate_only')},
      'plate_only_high', ${at('high')} + ${at('known_high')}, 'unknown', ${at('unknown')})`
  }
  const named = (name: string) => (subset: Subset) => sql.ref(`${name}_${subsets.indexOf(subset)}`)
  return sql<{
    places: readonly PlaceRow[] | null
    days: readonly DayRow[] | null
    who: readonly WhoRow[] | null
  }>`
    with one as materialized (${wholeCrossingsSql(parts, window) ?? picturesSql(parts, window)}),
    place as (
      select grade, port, lane, sum(scene) as scene, sum(plate) as plate, sum(face) as face
      from one group by 1, 2, 3),
    taken as (select distinct grade, day from one),
    seen as materialized (
      select crossing, max(who collate "C") as who, bit_or(1 << grade) as grades,
        ${each(({ faces, rows }) => sql`coalesce(sum(face) filter (where ${rows}), 0)::int as ${faces}`)}
      from one group by crossing),
    document as (
      select p.crossing, max(p.key) as identity from seen join stay_passage p
        on p.crossing = seen.crossing and p.key like 'document:%' group by p.crossing),
    known as materialized (
      select seen.*, case when identity is null then grades else 0 end as open_grades, identity
      from seen left join document on document.crossing = seen.crossing),
    vehicle_seen as (
      select bit_or(grades) as grades, bit_or(open_grades) as open_grades,
        ${each(({ faces }) => sql`coalesce(sum(${faces}) filter (where identity is null), 0)::int as ${faces}`)}
      from known where who is not null group by who),
    vehicles as (
      select ${each((subset) => {
        const { is, faces } = subset
        return sql`count(*) filter (where ${is(bits)}) as ${named('plates')(subset)},
          count(*) filter (where ${is(open)}) as ${named('plate_only')(subset)},
          coalesce(sum(greatest(1, ${faces})) filter (where ${is(open)}), 0) as ${named('known_high')(subset)}`
      })} from vehicle_seen),
    person as (
      select bit_or(grades) as grades from known where identity is not null group by identity),
    people as (
      select ${each((subset) => sql`count(*) filter (where ${subset.is(bits)}) as ${named('identified')(subset)}`)}
      from person),
    crossings as (
      select ${each((subset) => {
        const { is, faces } = subset
        return sql`count(*) filter (where ${is(bits)}) as ${named('crossings')(subset)},
          count(*) filter (where who is null and ${is(bits)}) as ${named('without')(subset)},
          count(*) filter (where who is null and ${is(open)}) as ${named('unknown')(subset)},
          coalesce(sum(greatest(1, ${faces})) filter (where who is null and ${is(open)}), 0)
            as ${named('high')(subset)}`
      })} from known)
    select (select json_agg(place) from place) as places, (select json_agg(taken) from taken) as days,
      (select json_build_array(${sql.join(subsets.map(whoRow))})
        from crossings, people, vehicles) as who`
}

function countsOf(
  places: readonly PlaceRow[],
  dayRows: readonly DayRow[],
  who: WhoRow | undefined,
): ScopeCounts {
  const sums = classes
    .map((name) => [name, places.reduce((sum, place) => sum + place[name], 0)] as const)
    .filter(([, pictures]) => pictures > 0)
  const sorted = (values: readonly string[]) => [...new Set(values)].toSorted()
  const days = sorted(dayRows.map(({ day }) => day))
  const whoSums: WhoSums = {
    identified: who?.identified ?? 0,
    plates: who?.plates ?? 0,
    without: who?.without ?? 0,
    plateOnly: who?.plate_only ?? 0,
    plateOnlyHigh: who?.plate_only_high ?? 0,
    unknown: who?.unknown ?? 0,
  }
  return {
    pictures: sums.reduce((sum, [, pictures]) => sum + pictures, 0),
    crossings: who?.crossings ?? 0,
    classes: Object.fromEntries(sums),
    lanes: sorted(places.map(({ lane }) => lane)),
    ports: sorted(places.map(({ port }) => port)),
    days: { count: days.length, first: days[0] ?? null, last: days.at(-1) ?? null },
    ...whoOf(whoSums),
  }
}
