/**
 * Calendar days of a port. A stay counts days as people at the port lived them, so an instant becomes a
 * day through the port's IANA zone, with the rules that this JavaScript engine carries.
 */

/** A civil day as days since 1970-01-01, whatever zone it is lived in. */
export type Day = number

export type Zone = {
  readonly name: string
  /** The civil day of an instant (ms since 1970, UTC). */
  dayOf(at: number): Day
  /** The first instant of a day: midnight, or later where the clocks skipped midnight. */
  startOf(day: Day): number
  /** What the clocks of the port show at an instant, ms since midnight. */
  clockAt(at: number): number
}

const dayMs = 86_400_000
/** No zone was ever further from UTC than this; bounds the search for the start of a day. */
const offsetMsMax = 16 * 3_600_000

type Span = { readonly from: number; readonly until: number; readonly offsetMs: number }

/**
 * Opens a zone. Throws a RangeError for a name that the engine does not know. It remembers offsets
 * that it has looked up, so one zone object should serve many instants.
 */
export function openZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const spans = new Map<number, Span>()
  const starts = new Map<Day, number>()
  let last: Span = { from: 0, until: 0, offsetMs: 0 }

  function offsetAt(at: number): number {
    const parts: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
  }

  /** The part of a UTC day around `at` in which the offset does not change. */
  function spanOf(at: number): Span {
    const utcDay = Math.floor(at / dayMs)
    const known = spans.get(utcDay)
    if (known !== undefined && at >= known.from && at < known.until) return known
    const span = measure(utcDay * dayMs, at)
    spans.set(utcDay, span)
    return span
  }

  function measure(from: number, at: number): Span {
    const until = from + dayMs
    const [first, end] = [offsetAt(from), offsetAt(until - 1)]
    if (first === end) return { from, until, offsetMs: first }
    // Zones change at most once in a day: the change is found by halving.
    let [before, after] = [from, until - 1]
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (offsetAt(middle) === first) before = middle
      else after = middle
    }
    return at < after
      ? { from, until: after, offsetMs: first }
      : { from: after, until, offsetMs: end }
  }

  function dayOf(at: number): Day {
    if (at < last.from || at >= last.until) last = spanOf(at)
    return Math.floor((at + last.offsetMs) / dayMs)
  }

  function clockAt(at: number): number {
    return at - dayOf(at) * dayMs + last.offsetMs
  }

  function firstInstantOf(day: Day): number {
    // Days never run backwards, so the first instant of a day is found by halving as well.
    let [before, from] = [day * dayMs - offsetMsMax, day * dayMs + offsetMsMax]
    const guess = day * dayMs - spanOf(day * dayMs).offsetMs
    if (dayOf(guess) === day && dayOf(guess - 1) < day) return guess
    while (from - before > 1) {
      const middle = Math.floor((before + from) / 2)
      if (dayOf(middle) < day) before = middle
      else from = middle
    }
    return from
  }

  return {
    name,
    dayOf,
    clockAt,
    startOf(day) {
      const known = starts.get(day)
      if (known !== undefined) return known
      const start = firstInstantOf(day)
      starts.set(day, start)
      return start
    },
  }
}

/** '2026-11-22', as ISO 8601 writes a day. */
export function dayText(day: Day): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

/** Reads '2026-11-22'; null when it is no day of the calendar. */
export function parseDay(text: string): Day | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const at = Date.parse(`${text}T00:00:00Z`)
  if (Number.isNaN(at) || dayText(at / dayMs) !== text) return null
  return at / dayMs
}
