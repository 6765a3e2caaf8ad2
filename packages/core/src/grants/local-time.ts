/** Wall time at a port. */

import { type Weekday, weekdays } from './grant.ts'

export type LocalTime = {
  /** `YYYY-MM-DD` at the port. */
  readonly day: string
  readonly weekday: Weekday
  /** Minutes after local midnight, 0 to 1439. */
  readonly minute: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** What a clock on the wall of a port shows. Throws a RangeError for a zone that does not exist. */
export function localTimeAt(at: Date, zone: string): LocalTime {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? ''
  const weekday = weekdays.find((name) => part('weekday').toLowerCase().startsWith(name))
  if (weekday === undefined) throw new Error('English names of days begin with these')
  return {
    day: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    weekday,
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  formats.set(zone, made)
  return made
}
