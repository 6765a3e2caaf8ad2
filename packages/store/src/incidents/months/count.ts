/**
 * Counts a scope over the files of months. Written by itself: it shares no query with the count in
 * PostgreSQL, and what they have in common are the sums that `core` makes intervals of.
 */

import {
  type GradedCounts,
  type ScopeCounts,
  whoOf,
  type WhoSums,
} from '@sallyport/core/scope/counts'
import { type ScopePeople, withPeople } from '@sallyport/core/scope/people'
import {
  type CapturesBy,
  grades,
  type OpeningsBy,
  type ReleasesBy,
  type ScopePart,
} from '@sallyport/core/scope/question'

import type { PartsWindow } from '../parts-sql.ts'
import { type Engine, quoted } from './engine.ts'
import { type MonthFileName, monthFilePath } from './files.ts'

/**
 * The numbers of everything in `parts`, from the files in `folders`; each picture once, under its worst
 * grade. `people` as the scope was stated with, where faces were compared for it.
 */
export async function countMonths(
  engine: Engine,
  folders: readonly string[],
  parts: readonly ScopePart[],
  window: PartsWindow,
  people: ScopePeople | null = null,
): Promise<GradedCounts> {
  const values: string[] = []
  const context: Context = {
    window,
    bind: (value) => `$${values.push(value)}`,
    from: (name) =>
      `read_parquet([${folders.map((folder) => quoted(monthFilePath(folder, name))).join(', ')}], union_by_name = true)`,
  }
  const found = parts.map((part) => findPart(part, context)).join(' union all ')
  await engine.rows(
    `create temp table picture as
      select min(grade) as grade, capture, crossing, max(class) as class, max(port) as port,
        max(lane) as lane, max(day) as day, max(vehicle) as vehicle
      from (${found}) group by capture, crossing`,
    values,
  )
  try {
    const counts = await countPictures(engine, context.from('travellers'))
    return people === null ? counts : await countPeople(engine, counts, people)
  } finally {
    await engine.run('drop table picture')
  }
}

async function countPeople(
  engine: Engine,
  counts: GradedCounts,
  people: ScopePeople,
): Promise<GradedCounts> {
  const id = (column: string) => `replace(${column}::varchar, '-', '') as ${column}`
  const rows = await engine.rows(
    `select grade, ${id('capture')}, ${id('crossing')}, class, vehicle::varchar as vehicle from picture`,
  )
  const pictures = rows.flatMap((row) => {
    const grade = grades[Number(row['grade'])]
    const [capture, crossing, name] = ['capture', 'crossing', 'class'].map((of) => String(row[of]))
    return grade === undefined || capture === undefined || crossing === undefined
      ? []
      : [{ grade, capture, crossing, class: name ?? '', vehicle: row['vehicle'] }]
  })
  // What an opening still knows of a crossing holds for all of its pictures.
  const vehicles = new Map(
    pictures.flatMap(({ crossing, vehicle }) =>
      typeof vehicle === 'string' ? [[crossing, vehicle] as const] : [],
    ),
  )
  return withPeople(counts, pictures, (crossing) => vehicles.get(crossing) ?? null, people)
}

/** Each picture is in the whole, which is numbered -1, and in its grade. */
const subsets = `(select p.*, s.number from picture p
  join (values (-1), (0), (1), (2), (3)) as s(number) on s.number in (-1, p.grade))`

async function countPictures(engine: Engine, travellers: string): Promise<GradedCounts> {
  const classes = await engine.rows(
    `select number, class, count(*) as pictures from ${subsets} group by number, class order by class`,
  )
  const places = await engine.rows(
    `select number, list_sort(list(distinct lane)) as lanes, list_sort(list(distinct port)) as ports,
      count(distinct day) as days, min(day)::varchar as first, max(day)::varchar as last
    from ${subsets} group by number`,
  )
  const who = await engine.rows(`
    with shown as (
      select crossing, max(vehicle::varchar) as plate from picture group by crossing),
    crossing as (
      select number, p.crossing, any_value(s.plate) as plate, max(traveller) as traveller,
        count(*) filter (where class = 'face') as faces
      from ${subsets} p join shown s on s.crossing = p.crossing
        left join ${travellers} t on t.crossing = p.crossing
      group by number, p.crossing),
    vehicle as (
      select number, count(*) as vehicles, sum(people) as people from (
        select number, greatest(1, sum(faces)) as people from crossing
        where traveller is null and plate is not null group by number, plate) as one
      group by number)
    select c.number, count(*) as crossings, count(distinct traveller) as identified,
      count(distinct plate) as plates, count(*) filter (where plate is null) as without,
      any_value(v.vehicles) as plate_only,
      count(*) filter (where traveller is null and plate is null) as unknown,
      coalesce(any_value(v.people), 0) + coalesce(sum(greatest(1, faces))
        filter (where traveller is null and plate is null), 0) as plate_only_high
    from crossing c left join vehicle v on v.number = c.number group by c.number`)
  const counts = (subset: number) => {
    const of = ({ number }: Row) => Number(number) === subset
    return countsOf(classes.filter(of), places.find(of) ?? {}, who.find(of) ?? {})
  }
  return {
    total: counts(-1),
    grades: Object.fromEntries(
      grades.map((grade, index) => [grade, counts(index)]),
    ) as GradedCounts['grades'],
  }
}

type Row = Readonly<Record<string, unknown>>

function countsOf(classes: readonly Row[], places: Row, who: Row): ScopeCounts {
  const number = (value: unknown) => Number(value ?? 0)
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  const sums: WhoSums = {
    identified: number(who['identified']),
    plates: number(who['plates']),
    without: number(who['without']),
    plateOnly: number(who['plate_only']),
    plateOnlyHigh: number(who['plate_only_high']),
    unknown: number(who['unknown']),
  }
  const named = classes.map((row) => [String(row['class']), number(row['pictures'])] as const)
  return {
    pictures: named.reduce((sum, [, pictures]) => sum + pictures, 0),
    crossings: number(who['crossings']),
    classes: Object.fromEntries(named),
    lanes: textsOf(places['lanes']),
    ports: textsOf(places['ports']),
    days: {
      count: number(places['days']),
      first: text(places['first']),
      last: text(places['last']),
    },
    ...whoOf(sums),
  }
}

/** A list of DuckDB is an object with its items; there is none where there are no rows. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || !('items' in value)) return []
  return Array.isArray(value.items) ? value.items.map(String) : []
}

type Context = {
  readonly window: PartsWindow
  /** Hands a value over and answers what stands for it. */
  readonly bind: (value: string) => string
  readonly from: (name: MonthFileName) => string
}

function findPart(part: ScopePart, context: Context): string {
  const { window, bind, from } = context
  const grade = `${grades.indexOf(part.grade)} as grade`
  const within = (column: string) =>
    `${column} >= ${instant(window.from, context)} and ${column} < ${instant(window.to, context)}`
  const day = () =>
    `timezone(${bind(window.zone)}::varchar, timezone('UTC', captured_at))::date as day`
  switch (part.source) {
    case 'openings':
      return `select ${grade}, capture, crossing, class, port, lane, day, vehicle
        from ${from('openings')} where ${within('"at"')} and ${openingsBy(part.by, context)}`
    case 'releases':
      return `select ${grade}, capture, crossing, class, port, lane, ${day()}, vehicle
        from ${from('releases')} where ${within('made_at')} and ${releasesBy(part.by, context)}`
    case 'captures':
      return `select ${grade}, capture, crossing, class, port, lane, ${day()}, vehicle
        from ${from('captures')} where port = ${bind(window.port)} and ${capturesBy(part.by, context)}`
  }
}

function openingsBy(by: OpeningsBy, context: Context): string {
  const { bind, from } = context
  if (by === 'anybody') return 'true'
  if ('party' in by) return `party = ${bind(by.party)}`
  if ('account' in by) return `account = ${bind(by.account)}::uuid`
  if ('grant' in by) return `access_grant = ${bind(by.grant)}::uuid`
  return `capture in (select capture from ${from('captures')} where sha256 = unhex(${bind(by.sha256)}))`
}

function releasesBy(by: ReleasesBy, { bind }: Context): string {
  if (by === 'anybody') return 'true'
  if ('party' in by) return `party = ${bind(by.party)}`
  if ('release' in by) return `release = ${bind(by.release)}::uuid`
  return `unhex(${bind(by.sha256)}) in (sha256, copy_sha256, body_sha256)`
}

function capturesBy(by: CapturesBy, context: Context): string {
  const { window, bind } = context
  const before = (until: Date) => `received_at < ${instant(until, context)}`
  const keptAfter = (at: Date) => `(shredded_at is null or shredded_at > ${instant(at, context)})`
  const received = () => `received_at >= ${instant(window.from, context)} and ${before(window.to)}`
  if ('device' in by) return `device = ${bind(by.device)}::uuid and ${received()}`
  if ('lane' in by) return `lane = ${bind(by.lane)} and ${received()}`
  if ('epochDay' in by) {
    const ofDay = `epoch_day = ${bind(by.epochDay)}::date and ${before(window.to)}`
    // Months that were put aside before keys could be replaced do not have it: a day had one key then.
    return by.recipient === null
      ? ofDay
      : `${ofDay} and coalesce(recipient, ${bind(by.recipient)}) = ${bind(by.recipient)}`
  }
  if ('kek' in by)
    return `kek = ${bind(by.kek)}::uuid and ${before(window.to)} and ${keptAfter(window.from)}`
  if ('sha256' in by) return `sha256 = unhex(${bind(by.sha256)})`
  const { classes, lanes, from, until } = by.reach
  const among = (column: string, names: readonly string[]) =>
    names.length === 0 ? 'false' : `${column} in (${names.map((name) => bind(name)).join(', ')})`
  const inLanes = lanes === 'all' ? 'true' : among('lane', lanes)
  return `${among('class', classes)} and ${inLanes} and ${before(until)} and ${keptAfter(from)}`
}

/** The files have instants of UTC without a zone. */
function instant(at: Date, { bind }: Context): string {
  return `${bind(at.toISOString().slice(0, -1))}::timestamp`
}
