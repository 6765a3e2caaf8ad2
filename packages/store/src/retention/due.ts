/**
 * What is due, asked of the rows. The decision is core's: here it is cutoffs that rows are compared
 * with, so that a year of crossings is judged without being fetched.
 */

import { type BodyClass, bodyClasses, type Direction } from '@sallyport/core/crossing'
import { type Cutoff, cutoffs, type Policy } from '@sallyport/core/retention'
import { type RawBuilder, sql } from 'kysely'

import type { Db } from '../postgres/database.ts'

export type DueAsk = { readonly policy: Policy; readonly now: Date; readonly zone: string }

/** Since when the crossing `x` is kept, as core's `keptFrom`. */
const keptFrom = sql`(case when x.clock = 'ok' then least(x.captured_at, x.received_at) else x.received_at end)`

const watchConfirmed = sql`(exists (select 1 from watch_hit
    where watch_hit.crossing = x.id and watch_hit.state = 'confirmed')
  or exists (select 1 from traveller_hit
    where traveller_hit.crossing = x.id and traveller_hit.state = 'confirmed'))`

const unread = sql`(x.plate_kind in ('unsure', 'unreadable') and x.verdict is null)`

/** Whether a hold in force covers the crossing `x`, as core's `isHeld`. */
function held({ now, zone }: Pick<DueAsk, 'now' | 'zone'>): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from legal_hold h
    where h.expires_at > ${now}
      and exists (select 1 from hold_act a
        where a.hold = h.id and a.act = 'approved' and a.log_index is not null)
      and not exists (select 1 from hold_act a
        where a.hold = h.id and a.act = 'lifted' and a.log_index is not null)
      and case h.scope
        when 'port' then true
        when 'crossing' then h.crossing = x.id
        when 'plate' then h.plate_folded in (x.plate_folded, x.verdict_folded)
        else h.lane = x.lane and (${keptFrom} at time zone ${zone})::date between h.from_day and h.to_day
      end)`
}

/** What a cutoff can depend on, the dearest to look up last. */
const facts = [
  { is: ({ direction }: Cutoff) => direction === 'out', asked: sql`x.direction = 'out'` },
  { is: (one: Cutoff) => one.unread, asked: unread },
  { is: (one: Cutoff) => one.watchConfirmed, asked: watchConfirmed },
] as const

/** The cutoff as an expression that asks a row only for what makes a difference. */
function chosen(from: readonly Cutoff[], left: number = facts.length): RawBuilder<unknown> {
  const [first] = from
  const fact = facts[facts.length - left]
  if (first === undefined) throw new Error('every class has cutoffs')
  const isSame = from.every((one) => one.keptBefore.getTime() === first.keptBefore.getTime())
  if (isSame || fact === undefined) return sql`${first.keptBefore.toISOString()}::timestamptz`
  const yes = chosen(from.filter(fact.is), left - 1)
  const no = chosen(
    from.filter((one) => !fact.is(one)),
    left - 1,
  )
  return sql`case when ${fact.asked} then ${yes} else ${no} end`
}

/** Whether the period of body `c` of crossing `x` is over. */
function isDue({ policy, now, zone }: DueAsk): RawBuilder<boolean> {
  const all = cutoffs(policy, now, zone)
  const each = bodyClasses.map((name) => {
    const own = all.filter((one) => one.class === name)
    // Most of what is kept is due under no rule: told by one comparison, before anything is looked up.
    const latest = new Date(Math.max(...own.map((one) => one.keptBefore.getTime())))
    return sql`(c.class = ${name} and ${keptFrom} < ${latest.toISOString()}::timestamptz
      and ${keptFrom} < ${chosen(own)})`
  })
  return sql<boolean>`(${sql.join(each, sql` or `)})`
}

/** Bodies `c` of crossings `x` that are kept. */
const keptBodies = sql`capture c
  join crossing x on x.id = c.crossing and x.received_at = c.received_at and x.log_index is not null
  where c.shredding is null`

export type DueCount = {
  readonly class: BodyClass
  readonly bodies: number
  readonly bytes: number
  readonly crossings: number
  /** Of these, what a hold keeps. */
  readonly held: number
  readonly oldest: Date
}

/** How much of each class is due at `now`. */
export async function countDue(db: Db, ask: DueAsk): Promise<readonly DueCount[]> {
  const { rows } = await sql<DueCount>`
    select class, count(*) as bodies, coalesce(sum(bytes), 0)::bigint as bytes,
      count(distinct crossing) as crossings, count(*) filter (where held) as held,
      min(kept_from) as oldest
    from (select c.class, c.bytes, c.crossing, ${held(ask)} as held, ${keptFrom} as kept_from
      from ${keptBodies} and ${isDue(ask)}) as due
    group by class order by class`.execute(db)
  return rows
}

/** Bodies that are kept, by what decides over them: core says when each group is due. */
export type KeptGroup = {
  readonly class: BodyClass
  readonly watch_confirmed: boolean
  readonly unread: boolean
  readonly direction: Direction
  /** Begin of the hour since which these are kept. */
  readonly hour: Date
  readonly bodies: number
  readonly bytes: number
  readonly held: number
}

/** Everything that becomes due until `until`, in groups of an hour; what is due already is left out. */
export async function countKept(db: Db, ask: DueAsk, until: Date): Promise<readonly KeptGroup[]> {
  const { rows } = await sql<KeptGroup>`
    select class, watch_confirmed, unread, direction, hour, count(*) as bodies,
      coalesce(sum(bytes), 0)::bigint as bytes, count(*) filter (where held) as held
    from (select c.class, ${watchConfirmed} as watch_confirmed, ${unread} as unread, x.direction,
        date_trunc('hour', ${keptFrom}, 'UTC') as hour, c.bytes, ${held(ask)} as held
      from ${keptBodies} and ${isDue({ ...ask, now: until })} and not ${isDue(ask)}) as kept
    group by 1, 2, 3, 4, 5 order by 5`.execute(db)
  return rows
}

/** Keys with something due under them that is not held, as `dueKeks` in `shreddings.ts` gives them. */
export function keksWithDue(ask: DueAsk, limit: number) {
  return sql<{ kek: string; class: BodyClass; day: string }>`
    select c.kek, c.class, c.epoch_day as day from ${keptBodies}
      and c.kek is not null and ${isDue(ask)} and not ${held(ask)}
    group by 1, 2, 3 order by 3, 2 limit ${limit}`
}

/** The captures under a key that are due and not held, as (id, received_at). */
export function dueUnder(kek: string, ask: DueAsk): RawBuilder<unknown> {
  return sql`select c.id, c.received_at from ${keptBodies}
    and c.kek = ${kek}::uuid and ${isDue(ask)} and not ${held(ask)}`
}

/** Pictures of faces that somebody asked to be forgotten, whatever the policy says, and that no hold keeps. */
function forgotten(ask: Pick<DueAsk, 'now' | 'zone'>): RawBuilder<unknown> {
  return sql`${keptBodies} and c.class = 'face' and c.kek is not null and not ${held(ask)}
    and exists (select 1 from face
      where face.capture = c.id and face.forgotten_at is not null)`
}

/** Keys with such pictures under them. */
export function keksWithForgotten(ask: Pick<DueAsk, 'now' | 'zone'>, limit: number) {
  return sql<{ kek: string; class: BodyClass; day: string }>`
    select c.kek, c.class, c.epoch_day as day from ${forgotten(ask)}
    group by 1, 2, 3 order by 3 limit ${limit}`
}

/** Such pictures under a key, as (id, received_at). */
export function forgottenUnder(
  kek: string,
  ask: Pick<DueAsk, 'now' | 'zone'>,
): RawBuilder<unknown> {
  return sql`select c.id, c.received_at from ${forgotten(ask)} and c.kek = ${kek}::uuid`
}

export type KeptCount = {
  readonly class: BodyClass
  readonly bodies: number
  readonly bytes: number
  readonly oldest: Date | null
  readonly shredded: number
}

/** What is kept of each class, and how many bodies were shredded. */
export async function countClasses(db: Db): Promise<readonly KeptCount[]> {
  const { rows } = await sql<KeptCount>`
    select c.class, count(*) filter (where c.shredding is null) as bodies,
      coalesce(sum(c.bytes) filter (where c.shredding is null), 0)::bigint as bytes,
      min(${keptFrom}) filter (where c.shredding is null) as oldest,
      count(*) filter (where c.shredded_at is not null) as shredded
    from capture c join crossing x on x.id = c.crossing and x.received_at = c.received_at
    group by c.class order by c.class`.execute(db)
  return rows
}

/** Which crossings a hold in force covers, of these. */
export async function heldAmong(
  db: Db,
  ask: Pick<DueAsk, 'now' | 'zone'>,
  crossings: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select x.id from crossing x where x.id = any(${crossings}::uuid[]) and ${held(ask)}`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/** Whether people confirmed that a crossing, or somebody in it, is looked for. */
export async function isWatchConfirmed(db: Db, crossing: string): Promise<boolean> {
  const { rows } = await sql`select 1 from crossing x
    where x.id = ${crossing}::uuid and ${watchConfirmed}`.execute(db)
  return rows.length > 0
}
