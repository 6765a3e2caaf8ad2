/** Instants as people at the port read them: the port's own clock, with UTC beside it on request. */

const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...options })
  formats.set(key, made)
  return made
}

type Parts = Readonly<Record<Intl.DateTimeFormatPartTypes, string | undefined>>

function partsOf(at: Date, zone: string): Parts {
  const made = format(zone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(at)
  return Object.fromEntries(made.map((part) => [part.type, part.value])) as Parts
}

/** '14:02:11' on the port's clock. */
export function clockTime(instant: string | Date, zone: string): string {
  const { hour, minute, second } = partsOf(new Date(instant), zone)
  return `${hour}:${minute}:${second}`
}

/** '2026-11-22' on the port's calendar. */
export function calendarDay(instant: string | Date, zone: string): string {
  const { year, month, day } = partsOf(new Date(instant), zone)
  return `${year}-${month}-${day}`
}

/** '22 Nov 2026' on the port's calendar. */
export function dayWords(instant: string | Date, zone: string): string {
  return format(zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(instant))
}

/** '2026-11-22 14:02:11 UTC', for the hover. */
export function utcTime(instant: string | Date): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** '14:02:11' when it was today at the port, else '14:02:11, 22 Nov 2026': times stay in line. */
export function momentWords(instant: string | Date, zone: string, now: Date): string {
  const time = clockTime(instant, zone)
  if (calendarDay(instant, zone) === calendarDay(now, zone)) return time
  return `${time}, ${dayWords(instant, zone)}`
}

/** 'now', '12 s', '4 min', '3 h', '2 d': one unit, for a glance. Clocks that disagree show 'now'. */
export function sinceWords(instant: string | Date, now: Date): string {
  const seconds = Math.floor((now.getTime() - new Date(instant).getTime()) / 1000)
  if (seconds < 2) return 'now'
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

/** Milliseconds a zone is ahead of UTC at an instant. */
function offsetMs(at: Date, zone: string): number {
  const { year, month, day, hour, minute, second } = partsOf(at, zone)
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  return wall - Math.floor(at.getTime() / 1000) * 1000
}

/**
 * The instant of a wall time 'YYYY-MM-DDTHH:MM' at the port; null when it is not one. A time that a
 * clock change skips means the same distance after the change; one that happens twice, the first.
 */
export function instantAtPort(wall: string, zone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(wall)) return null
  const asUtc = Date.parse(`${wall}:00Z`)
  if (Number.isNaN(asUtc)) return null
  const before = offsetMs(new Date(asUtc - 86_400_000), zone)
  const after = offsetMs(new Date(asUtc + 86_400_000), zone)
  for (const offset of [before, after]) {
    const guess = new Date(asUtc - offset)
    if (offsetMs(guess, zone) === offset) return guess
  }
  return new Date(asUtc - before)
}

/** Midnight at the port of the day `daysBack` days before the one that `now` falls in. */
export function dayStart(now: Date, zone: string, daysBack = 0): Date {
  const noon = Date.parse(`${calendarDay(now, zone)}T12:00:00Z`) - daysBack * 86_400_000
  const day = new Date(noon).toISOString().slice(0, 10)
  return instantAtPort(`${day}T00:00`, zone) ?? now
}

/** 'YYYY-MM-DDTHH:MM' on the port's clock, as a datetime field wants it. */
export function wallTime(instant: string | Date, zone: string): string {
  return `${calendarDay(instant, zone)}T${clockTime(instant, zone).slice(0, 5)}`
}
