/** Where openings lie on a timeline: days along, the hour at the port upwards. */

import type { Weekday } from '@sallyport/core/grants/grant'

import { calendarDay, clockTime } from '../format/time.ts'

export type Placed = {
  /** Days since the first of the timeline, 0 to `days`. */
  readonly x: number
  /** Hours since midnight at the port, 0 to 24. */
  readonly hour: number
}

export type Band = { readonly x: number; readonly from: number; readonly to: number }

const weekdays: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const dayMs = 86_400_000

/** The civil day at the port, in days since 1970. */
export function civilDay(at: string | Date, zone: string): number {
  return Date.parse(`${calendarDay(at, zone)}T00:00:00Z`) / dayMs
}

/** Where an instant lies on a timeline whose first day is `first`. */
export function placeOf(at: string, first: number, zone: string): Placed {
  return { x: civilDay(at, zone) - first, hour: hourOf(clockTime(at, zone)) }
}

export type Term = {
  readonly hours?:
    | { readonly days: readonly Weekday[]; readonly from: string; readonly to: string }
    | null
    | undefined
  readonly from: string
  readonly until: string
}

/** The hours in which a grant allows anything, on `days` days from `first`: whole days where it names no hours. */
export function allowedBands(
  { hours, from, until }: Term,
  zone: string,
  first: number,
  days: number,
): readonly Band[] {
  const [begins, ends] = [placeOf(from, first, zone), placeOf(until, first, zone)]
  return Array.from({ length: days }, (_, x) => x).flatMap((x) => {
    // 1970-01-01 was a Thursday.
    const weekday = weekdays[(((first + x + 4) % 7) + 7) % 7]
    const named = hours ?? null
    if (named !== null && (weekday === undefined || !named.days.includes(weekday))) return []
    if (x < begins.x || x > ends.x) return []
    const band = {
      x,
      from: Math.max(named === null ? 0 : hourOf(named.from), x === begins.x ? begins.hour : 0),
      to: Math.min(named === null ? 24 : hourOf(named.to), x === ends.x ? ends.hour : 24),
    }
    return band.to > band.from ? [band] : []
  })
}

function hourOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':')
  return Number(hours) + Number(minutes) / 60
}
