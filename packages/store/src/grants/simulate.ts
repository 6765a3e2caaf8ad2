/** What a grant would have covered: counts over crossings and openings that were. */

import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'

export type Simulated = {
  readonly since: Date
  readonly port: string
  readonly zone: string
  /** Null: every lane. */
  readonly lanes: readonly string[] | null
  readonly classes: readonly string[]
  /** Null: around the clock. Days from 1 (Monday) to 7, minutes after local midnight. */
  readonly hours: {
    readonly days: readonly number[]
    readonly from: number
    readonly to: number
  } | null
}

/** How many pictures since `since` lie within lanes, classes and hours of receipt. */
export async function picturesInScope(db: Db, scope: Simulated): Promise<number> {
  const { hours, lanes } = scope
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from capture
    join crossing on crossing.id = capture.crossing and crossing.received_at = capture.received_at
    where capture.received_at >= ${scope.since} and crossing.received_at >= ${scope.since}
      and crossing.port = ${scope.port}
      and capture.class = any(${[...scope.classes]}::text[])
      and (${lanes === null} or crossing.lane = any(${lanes === null ? [] : [...lanes]}::text[]))
      and (${hours === null} or (
        extract(isodow from capture.received_at at time zone ${scope.zone})::int
          = any(${hours === null ? [] : [...hours.days]}::int[])
        and extract(hour from capture.received_at at time zone ${scope.zone}) * 60
          + extract(minute from capture.received_at at time zone ${scope.zone}) >= ${hours?.from ?? 0}
        and extract(hour from capture.received_at at time zone ${scope.zone}) * 60
          + extract(minute from capture.received_at at time zone ${scope.zone}) < ${hours?.to ?? 0}))`.execute(
    db,
  )
  return Number(rows[0]?.count ?? 0)
}

/** Openings that people of a party asked for since `since`: all of them, and those within `lanes`. */
export async function openingsOfParty(
  db: Db,
  party: string,
  scope: Pick<Simulated, 'since' | 'lanes'>,
): Promise<{ readonly asked: number; readonly inLanes: number }> {
  const { lanes, since } = scope
  const { rows } = await sql<{ asked: string; in_lanes: string }>`
    select count(*) as asked,
      count(*) filter (where ${lanes === null}
        or crossing.lane = any(${lanes === null ? [] : [...lanes]}::text[])) as in_lanes
    from opening
    join account on account.id = opening.account
    join crossing on crossing.id = opening.crossing
    where opening.at >= ${since} and account.party = ${party}`.execute(db)
  return { asked: Number(rows[0]?.asked ?? 0), inLanes: Number(rows[0]?.in_lanes ?? 0) }
}
