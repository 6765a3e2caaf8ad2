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

function partSql(part: ScopePart, window: PartsWindow, shown: boolean): RawBuilder<unknown> {
  // Asked for in an export only: counting openings reads nothing but their index.
  const by = (opening: RawBuilder<unknown>, release: RawBuilder<unknown>) =>
    shown ? sql`, ${opening} as opening, ${release} as release` : sql``
  const nobody = sql`null::uuid`
  const grade = sql`${sql.lit(grades.indexOf(part.grade))}::smallint`
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
        from crossing c
        join capture k on k.crossing = c.id and k.received_at = c.received_at
        left join vehicle v on v.plate = ${surePlate}
        where c.port = ${window.port} and k.class <> 'reads' and ${capturesWhere(part.by, window)}`
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

function capturesWhere(by: CapturesBy, { from, to }: PartsWindow): RawBuilder<unknown> {
  // What was received later, or shredded before, nobody could have had.
  const kept = sql`c.received_at < ${to} and (k.shredded_at is null or k.shredded_at > ${from})`
  const received = sql`c.received_at >= ${from} and c.received_at < ${to}
    and k.received_at >= ${from} and k.received_at < ${to}`
  if ('device' in by) return sql`c.device = ${by.device} and ${received}`
  if ('lane' in by) return sql`c.lane = ${by.lane} and ${received}`
  if ('epochDay' in by) return sql`k.epoch_day = ${by.epochDay}::date and c.received_at < ${to}`
  if ('kek' in by) return sql`k.kek = ${by.kek} and ${kept}`
  if ('sha256' in by) return sql`k.sha256 = ${Buffer.from(by.sha256, 'hex')}`
  const { lanes, classes, from: begins, until } = by.reach
  const inLanes = lanes === 'all' ? sql`true` : sql`c.lane = any(${[...lanes]}::text[])`
  return sql`k.class = any(${[...classes]}::text[]) and ${inLanes} and c.received_at < ${until}
    and (k.shredded_at is null or k.shredded_at > ${begins})`
}
