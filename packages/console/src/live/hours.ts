/** The last day's traffic as bars. Pure. */

import type { Figures } from '../api/types.ts'
import { clockTime } from '../format/time.ts'

const hourMs = 3_600_000

export const limits = { hours: 24 } as const

export type HourBar = {
  /** When the hour began, RFC 3339. */
  readonly at: string
  /** '14', on the port's clock. */
  readonly label: string
  readonly in: number
  readonly out: number
  /** Share of the busiest count, 0 to 1. */
  readonly inHeight: number
  readonly outHeight: number
}

/** One bar for each of the last 24 hours, oldest first; hours that the hub does not name were quiet. */
export function hourBars(byHour: Figures['by_hour'], zone: string, now: Date): readonly HourBar[] {
  const busiest = Math.max(1, ...byHour.flatMap((one) => [one.in, one.out]))
  const counts = new Map(byHour.map((one) => [hourOf(new Date(one.hour)), one]))
  return Array.from({ length: limits.hours }, (_none, place) => {
    const hour = hourOf(now) - (limits.hours - 1 - place)
    const at = new Date(hour * hourMs).toISOString()
    const { in: entered = 0, out: left = 0 } = counts.get(hour) ?? {}
    return {
      at,
      label: clockTime(at, zone).slice(0, 2),
      in: entered,
      out: left,
      inHeight: entered / busiest,
      outHeight: left / busiest,
    }
  })
}

function hourOf(at: Date): number {
  return Math.floor(at.getTime() / hourMs)
}
