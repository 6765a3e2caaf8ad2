/** Dates as passenger lists write them. */

import { parseDay } from '../stays/zone.ts'

/**
 * '740812' or '19740812' as '1974-08-12'; null when it is no day. Of two digits of a year `latestYear` says
 * the century: a birth lies not after today, the expiry of a document may lie 50 years ahead.
 */
export function dateOf(text: string, latestYear: number): string | null {
  const [, year, month, day] = /^(\d{2}|\d{4})-?(\d{2})-?(\d{2})$/.exec(text) ?? []
  if (year === undefined || month === undefined || day === undefined) return null
  const full = year.length === 4 ? Number(year) : centuryOf(Number(year), latestYear)
  const written = `${String(full).padStart(4, '0')}-${month}-${day}`
  return parseDay(written) === null ? null : written
}

/** The last year that ends in these digits and is not after `latest`. */
function centuryOf(digits: number, latest: number): number {
  const year = Math.floor(latest / 100) * 100 + digits
  return year <= latest ? year : year - 100
}

/** '2611220800' (format 201) or '202611220800' (203) as '2026-11-22T08:00'; a date alone is its midnight. */
export function wallTimeOf(text: string, latestYear: number): string | null {
  const [, digits, clock = '0000'] = /^((?:\d{2}|\d{4})\d{4})(\d{4})?$/.exec(text) ?? []
  // Ten digits are a short date and a time; the pattern above would take eight of them for a long date.
  const [date, time] =
    text.length === 10 ? [text.slice(0, 6), text.slice(6)] : [digits ?? '', clock]
  const written = dateOf(date, latestYear)
  if (written === null || !/^([01]\d|2[0-3])[0-5]\d$/.test(time)) return null
  return `${written}T${time.slice(0, 2)}:${time.slice(2)}`
}
