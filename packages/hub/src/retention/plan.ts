/** What becomes due when: the dry run. It reads, and changes nothing. */

import { dayAfter, dayIn } from '@sallyport/core/calendar'
import { startOfDay } from '@sallyport/core/calendar'
import type { BodyClass } from '@sallyport/core/crossing'
import { dueDayOf, type Policy } from '@sallyport/core/retention'
import { countDue, countKept, type DueCount } from '@sallyport/store/retention/due'

import type { RetentionContext } from './policies.ts'

export type PlannedDay = {
  readonly day: string
  readonly class: BodyClass
  readonly bodies: number
  readonly bytes: number
  readonly held: number
}

export type Plan = {
  readonly at: Date
  /** What a run would shred now, less what is held. */
  readonly due: readonly DueCount[]
  /** What becomes due after that, by calendar day of the port, from today on. */
  readonly days: readonly PlannedDay[]
}

/** The plan of a policy from now over so many days of the port. */
export async function planOf(
  policy: Policy,
  days: number,
  { db, now, port }: Pick<RetentionContext, 'db' | 'now' | 'port'>,
): Promise<Plan> {
  const at = now()
  const ask = { policy, now: at, zone: port.zone }
  const until = startOfDay(port.zone, dayAfter(dayIn(port.zone, at), days))
  const found = new Map<string, PlannedDay>()
  for (const group of await countKept(db, ask, until)) {
    const facts = {
      watchConfirmed: group.watch_confirmed,
      unread: group.unread,
      direction: group.direction,
      national: null,
    }
    const due = dueDayOf(policy, { class: group.class, facts, from: group.hour }, port.zone)
    // A group begins with its hour, its bodies later: none of them is due before today.
    const today = dayIn(port.zone, at)
    const day = due < today ? today : due
    const key = `${day} ${group.class}`
    const before = found.get(key)
    found.set(key, {
      day,
      class: group.class,
      bodies: group.bodies + (before?.bodies ?? 0),
      bytes: group.bytes + (before?.bytes ?? 0),
      held: group.held + (before?.held ?? 0),
    })
  }
  return {
    at,
    due: await countDue(db, ask),
    days: [...found.values()].toSorted((a, b) =>
      `${a.day} ${a.class}`.localeCompare(`${b.day} ${b.class}`),
    ),
  }
}
