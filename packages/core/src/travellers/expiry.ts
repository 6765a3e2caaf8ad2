/** Until when a passenger list is kept: as long as its people are expected, and no longer. */

import { parseDay, type Zone } from '../stays/zone.ts'
import type { PassengerList } from './passenger-list.ts'

export const expiryLimits = { hoursAfter: 24, hoursUnknown: 48, daysMax: 14 } as const

const hourMs = 3_600_000

export type Expiry =
  | { readonly kind: 'until'; readonly at: Date }
  | { readonly kind: 'refused'; readonly detail: string }

/** A day after the arrival, by the port's clock; two days after the import where no arrival is named. */
export function expiryOf(
  { arrivesAt }: Pick<PassengerList, 'arrivesAt'>,
  zone: Zone,
  now: Date,
): Expiry {
  const arrival = arrivesAt === null ? null : instantOf(arrivesAt, zone)
  const at = new Date(
    arrival === null
      ? now.getTime() + expiryLimits.hoursUnknown * hourMs
      : arrival + expiryLimits.hoursAfter * hourMs,
  )
  if (at <= now) return { kind: 'refused', detail: `Its arrival, ${arrivesAt ?? ''}, is over.` }
  return at.getTime() > now.getTime() + expiryLimits.daysMax * 24 * hourMs
    ? {
        kind: 'refused',
        detail: `Its arrival, ${arrivesAt ?? ''}, is more than ${expiryLimits.daysMax} days ahead.`,
      }
    : { kind: 'until', at }
}

/** Where the clocks change that day it may be off by the change: an expiry need not be nearer. */
function instantOf(wallTime: string, zone: Zone): number | null {
  const day = parseDay(wallTime.slice(0, 10))
  const [, hours, minutes] = /T(\d\d):(\d\d)$/.exec(wallTime) ?? []
  if (day === null || hours === undefined || minutes === undefined) return null
  return zone.startOf(day) + Number(hours) * hourMs + Number(minutes) * 60_000
}
