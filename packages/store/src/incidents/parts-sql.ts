/** The sets of a scope as SQL: one row for each picture and way, with the grade of that way. */

import {
  type CapturesBy,
  grades,
  type OpeningsBy,
  type ReleasesBy,
  type ScopePart,
} from '@sallyport/core/scope/question'
import { type RawBuilder, sql } from 'kysely'

export type PartsWindow = {
  readonly from: Date
  readonly to: Date
  readonly port: string
  readonly zone: string
}

/** The plate of crossing `c` as read surely or as a person says; null where neither. */
export const surePlate = sql`coalesce(c.verdict_folded, case when c.plate_kind = 'read' then c.plate_folded end)`

/**
 * Columns: grade (0 is the worst), capture, class, crossing, port, lane, day and who (of the plate);
 * with `shown`, also the opening or release by which it left. `parts` are never none.
 */
export function partsSql(
  parts: readonly ScopePart[],
  window: PartsWindow,
  shown = false,
): RawBuilder<unknown> {
  return sql.join(
    parts.map((part) => partSql(part, window, shown)),
    sql` union all `,
  )
}

/**
 * What counting reads of `parts`, a row for each picture: grade, crossing, port, lane, day, who, and a 1
 * under its class (`scene`, `plate`, `face`).
 */
export function picturesSql(parts: readonly ScopePart[], window: PartsWindow): RawBuilder<unknown> {
  const is = (name: string) =>
    sql`(max(class collate "C") = ${sql.lit(name)})::int as ${sql.id(name)}`
  return sql`select crossing, min(grade) as grade, max(port collate "C") as port,
      max(lane collate "C") as lane, max(day) as day, max(who collate "C") as who,
      ${is('scene')}, ${is('plate')}, ${is('face')}
    from (${partsSql(parts, window)}) as part group by capture, crossing`
}

/**
 * The same numbers with one row for each crossing, where `parts` are a single set of what a port
 * received: no picture comes twice then, and pictures need not be told apart. Null for other parts.
 */
export function wholeCrossingsSql(
  parts: readonly ScopePart[],
  window: PartsWindow,
): RawBuilder<unknown> | null {
  const [part, another] = parts
  if (part?.source !== 'captures' || another !== undefined) return null
  const { by } = part
  if (!isOfCrossings(by)) return null
  const count = (name: string) =>
    sql`(count(*) filter (where k.class = ${sql.lit(name)}))::int as ${sql.id(name)}`
  return sql`select ${gradeOf(part)} as grade, c.id as crossing, c.port, c.lane, ${dayOf(window)} as day,
      ${surePlate} as who, k.scene, k.plate, k.face
    from crossing c cross join lateral (
      select count(*) as pictures, ${count('scene')}, ${count('plate')}, ${count('face')}
      from capture k where k.crossing = c.id and k.received_at = c.received_at
        and k.class <> 'reads' and ${capturesOfCrossingWhere(by, window)}) as k
    where c.port = ${window.port} and k.pictures > 0 and ${crossingsWhere(by, window)}`
}

function gradeOf(part: ScopePart): RawBuilder<unknown> {
  return sql`${sql.lit(grades.indexOf(part.grade))}::smallint`
}

function partSql(part: ScopePart, window: PartsWindow, shown: boolean): RawBuilder<unknown> {
  // Asked for in an export only: counting openings reads nothing but their index.
  const by = (opening: RawBuilder<unknown>, release: RawBuilder<unknown>) =>
    shown ? sql`, ${opening} as opening, ${release} as release` : sql``
  const nobody = sql`null::uuid`
  const grade = gradeOf(part)
  switch (part.source) {
    case 'openings':
      return sql`select ${grade} as grade, capture, capture_class as class, crossing, port, lane, day,
          'v' || vehicle as who${by(sql`o.id`, nobody)}
        from opening o where outcome = 'opened' and capture_class <> 'reads'
          and at >= ${window.from} and at < ${window.to} and ${openingsWhere(part.by)}`
    case 'releases':
      return sql`select ${grade} as grade, k.id as capture, k.class, c.id as crossing, c.port, c.lane,
          ${dayOf(window)} as day, ${whoOf} as who${by(nobody, sql`r.id`)}
        from releases r join release_files f on f.release = r.id and f.capture is not null
        join capture k on k.id = f.capture
        join crossing c on c.id = k.crossing and c.received_at = k.received_at
        left join vehicle v on v.plate = ${surePlate}
        where r.made_at >= ${window.from} and r.made_at < ${window.to} and ${releasesWhere(part.by)}`
    case 'captures':
      return sql`select ${grade} as grade, k.id as capture, k.class, c.id as crossing, c.port, c.lane,
          ${dayOf(window)} as day, ${whoOf} as who${by(nobody, nobody)}
        from crossing c ${joinCaptures(part.by, window)}
        left join vehicle v on v.plate = ${surePlate}
        where c.port = ${window.port} and ${crossingsWhere(part.by, window)}`
  }
}

const whoOf = sql`coalesce('v' || v.id, 'p' || ${surePlate})`

function dayOf({ zone }: PartsWindow): RawBuilder<unknown> {
  return sql`(c.captured_at at time zone ${zone})::date`
}

function openingsWhere(by: OpeningsBy): RawBuilder<unknown> {
  if (by === 'anybody') return sql`true`
  if ('party' in by) return sql`party = ${by.party}`
  if ('account' in by) return sql`account = ${by.account}`
  if ('grant' in by) return sql`access_grant = ${by.grant}`
  return sql`capture in (select id from capture where sha256 = ${Buffer.from(by.sha256, 'hex')})`
}

function releasesWhere(by: ReleasesBy): RawBuilder<unknown> {
  if (by === 'anybody') return sql`true`
  if ('party' in by) return sql`r.party = ${by.party}`
  if ('release' in by) return sql`r.id = ${by.release}`
  // A file of the release itself, or the sealed body that it was made of.
  const hash = Buffer.from(by.sha256, 'hex')
  return sql`(f.sha256 = ${hash} or f.copy_sha256 = ${hash} or k.sha256 = ${hash})`
}

function joinCaptures(by: CapturesBy, window: PartsWindow): RawBuilder<unknown> {
  const where = sql`k.crossing = c.id and k.received_at = c.received_at
    and k.class <> 'reads' and ${capturesOfCrossingWhere(by, window)}`
  // Planners take a port's crossings for a handful and read every picture there is to find theirs.
  return isOfCrossings(by)
    ? sql`cross join lateral (select k.id, k.class from capture k where ${where} offset 0) as k`
    : sql`join capture k on ${where}`
}

/** Whether what a port received is looked through; of others a hash or a key finds the pictures. */
function isOfCrossings(by: CapturesBy): boolean {
  return 'reach' in by || 'lane' in by || 'device' in by
}

function crossingsWhere(by: CapturesBy, { from, to }: PartsWindow): RawBuilder<unknown> {
  const received = sql`c.received_at >= ${from} and c.received_at < ${to}`
  if ('device' in by) return sql`c.device = ${by.device} and ${received}`
  if ('lane' in by) return sql`c.lane = ${by.lane} and ${received}`
  // What was received later nobody could have had.
  if ('kek' in by) return sql`c.received_at < ${to}`
  if ('epochDay' in by)
    return by.recipient === null
      ? sql`c.received_at < ${to}`
      : sql`c.received_at < ${to} and ${sealedTo(by.recipient)}`
  if ('sha256' in by) return sql`true`
  const { lanes, until } = by.reach
  const inLanes = lanes === 'all' ? sql`true` : sql`c.lane = any(${[...lanes]}::text[])`
  return sql`${inLanes} and c.received_at < ${until}`
}

/** Whether crossing `c` names it in its manifest, whose bytes are canonical JSON. */
export function sealedTo(recipient: string): RawBuilder<unknown> {
  return sql`position(${Buffer.from(`"recipient":"${recipient}"`)}::bytea in c.manifest) > 0`
}

function capturesOfCrossingWhere(by: CapturesBy, { from, to }: PartsWindow): RawBuilder<unknown> {
  if ('device' in by || 'lane' in by) return sql`k.received_at >= ${from} and k.received_at < ${to}`
  if ('epochDay' in by) return sql`k.epoch_day = ${by.epochDay}::date`
  if ('sha256' in by) return sql`k.sha256 = ${Buffer.from(by.sha256, 'hex')}`
  // What was shredded before nobody could have had.
  const kept = (since: Date) => sql`(k.shredded_at is null or k.shredded_at > ${since})`
  if ('kek' in by) return sql`k.kek = ${by.kek} and ${kept(from)}`
  return sql`k.class = any(${[...by.reach.classes]}::text[]) and ${kept(by.reach.from)}`
}
