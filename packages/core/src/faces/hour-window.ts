/** Hours of a port's day, on days of the week, as instants: clocks that change and midnight are in it. */

import type { Day, Zone } from '../stays/zone.ts'

export type HourWindow = {
  /** ISO 8601: 1 is Monday, 7 is Sunday; of the day on which it begins. */
  readonly weekdays: readonly number[]
  /** 0 to 23, by the clocks of the port. */
  readonly fromHour: number
  /** 0 to 23; not after `fromHour`: on the day after. */
  readonly toHour: number
}

/** From the first instant to the one that is no longer in it, ms since 1970. */
export type Span = { readonly from: number; readonly to: number }

const hourMs = 3_600_000
/** Clocks change by whole quarters of an hour, at whole quarters. */
const stepMs = 900_000

/** Hours that the clocks show between its beginning and its end. */
export function hoursOf({ fromHour, toHour }: Omit<HourWindow, 'weekdays'>): number {
  return toHour > fromHour ? toHour - fromHour : toHour - fromHour + 24
}

/** The window that is open at `at`, or else the next that begins within `aheadMs`; null where there is none. */
export function windowAround(
  window: HourWindow,
  zone: Zone,
  at: number,
  aheadMs: number,
): Span | null {
  const today = zone.dayOf(at)
  const near = [today - 1, today, today + 1]
    .map((day) => windowOn(window, zone, day))
    .filter((span) => span !== null)
  return (
    near.find(({ from, to }) => from <= at && at < to) ??
    near.find(({ from }) => from > at && from - aheadMs <= at) ??
    null
  )
}

/** Those that were over at `until`, of the `days` calendar days before its own and of that; oldest first. */
export function windowsBefore(
  window: HourWindow,
  zone: Zone,
  until: number,
  days: number,
): readonly Span[] {
  const last = zone.dayOf(until)
  return Array.from({ length: days + 1 }, (_, index) => last - days + index)
    .map((day) => windowOn(window, zone, day))
    .filter((span) => span !== null)
    .filter(({ to }) => to <= until)
}

/** Null on other days of the week, and where the clocks skip all of it. */
function windowOn({ weekdays, fromHour, toHour }: HourWindow, zone: Zone, day: Day): Span | null {
  if (!weekdays.includes(weekdayOf(day))) return null
  const from = firstAt(zone, day, fromHour)
  const to = firstAt(zone, toHour > fromHour ? day : day + 1, toHour)
  return from < to ? { from, to } : null
}

/** 1970-01-01 was a Thursday. */
function weekdayOf(day: Day): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/**
 * The first instant of the day at which its clocks show this hour or a later one. So an hour that comes
 * twice is twice in its window, and one that the clocks skip has no length.
 */
function firstAt(zone: Zone, day: Day, hour: number): number {
  const [start, next] = [zone.startOf(day), zone.startOf(day + 1)]
  for (let at = start; at < next; at += stepMs) if (zone.clockAt(at) >= hour * hourMs) return at
  return next
}
