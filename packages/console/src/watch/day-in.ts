/** Days of expiries. */

import { hubNow } from '../shell/clock.ts'

const dayMs = 24 * 3_600_000

/** The UTC day so many days after the hub's now, as a date field takes it. */
export function dayIn(days: number): string {
  return new Date(hubNow().getTime() + days * dayMs).toISOString().slice(0, 10)
}
