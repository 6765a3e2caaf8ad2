/** The day's traffic as bars. Pure. */

import type { Figures } from '../api/types.ts'
import { clockTime } from '../format/time.ts'

export type HourBar = {
  /** '14'. */
  readonly label: string
  readonly in: number
  readonly out: number
  /** Share of the busiest hour, 0 to 1. */
  readonly inHeight: number
  readonly outHeight: number
}

/** Bars in the order given; the busiest single count is full height. */
export function hourBars(byHour: Figures['by_hour'], zone: string): readonly HourBar[] {
  const busiest = Math.max(1, ...byHour.flatMap((one) => [one.in, one.out]))
  return byHour.map((one) => ({
    label: clockTime(one.hour, zone).slice(0, 2),
    in: one.in,
    out: one.out,
    inHeight: one.in / busiest,
    outHeight: one.out / busiest,
  }))
}
