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

/** The hours of each day in which a grant allows anything; whole days where it names no hours. */
export function allowedBands(
  hours:
    | { readonly days: readonly Weekday[]; readonly from: string; readonly to: string }
    | null
    | undefined,
  first: number,
  days: number,
): readonly Band[] {
  return Array.from({ length: days }, (_, x) => x).flatMap((x) => {
    if (hours === null || hours === undefined) return [{ x, from: 0, to: 24 }]
    // 1970-01-01 was a Thursday.
    const weekday = weekdays[(((first + x + 4) % 7) + 7) % 7]
    if (weekday === undefined || !hours.days.includes(weekday)) return []
    return [{ x, from: hourOf(hours.from), to: hourOf(hours.to) }]
  })
}

function hourOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':')
  return Number(hours) + Number(minutes) / 60
}
