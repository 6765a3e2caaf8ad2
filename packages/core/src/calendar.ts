/** Calendar days of an IANA zone. Days are `2026-11-22`; instants stay UTC. */

const formats = new Map<string, Intl.DateTimeFormat>()

/** The day that a calendar on the wall of the zone shows. Throws on a zone that is none. */
export function dayIn(zone: string, at: Date): string {
  let format = formats.get(zone)
  if (format === undefined) {
    // The Swedish form is the ISO one.
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
    formats.set(zone, format)
  }
  return format.format(at)
}

const dayMs = 24 * 3_600_000
/** No zone is further from UTC than 14 hours. */
const offsetMsMax = 15 * 3_600_000

/** `days` after a day, by the calendar; negative before it. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/**
 * The first instant of a day in the zone: not always midnight, and days have 23 to 25 hours. Of a day
 * that the zone left out it is the first instant of the next one.
 */
export function startOfDay(zone: string, day: string): Date {
  const middle = Date.parse(`${day}T00:00:00Z`)
  let before = middle - offsetMsMax
  let within = middle + offsetMsMax
  while (within - before > 1) {
    const half = Math.floor((before + within) / 2)
    if (dayIn(zone, new Date(half)) >= day) within = half
    else before = half
  }
  return new Date(within)
}
