/** Days of presence in a moving window: the arithmetic of 90 days in any 180. */

import type { Day } from './zone.ts'

/** Days from `from` to `until`, both ends included. */
export type DaySpan = { readonly from: Day; readonly until: Day }

/** Days that lie in at least one span and from `from` to `until`; a day in two spans counts once. */
export function daysWithin(spans: readonly DaySpan[], from: Day, until: Day): number {
  let days = 0
  for (const span of mergeDays(spans)) {
    const [first, last] = [Math.max(span.from, from), Math.min(span.until, until)]
    if (last >= first) days += last - first + 1
  }
  return days
}

/** The same days as spans that neither touch nor overlap, in order. */
function mergeDays(spans: readonly DaySpan[]): readonly DaySpan[] {
  if (spans.length < 2) return spans
  const merged: DaySpan[] = []
  for (const span of [...spans].sort((a, b) => a.from - b.from)) appendDays(merged, span)
  return merged
}

/** Adds a span that begins no earlier than the last of `merged`, in place. */
export function appendDays(merged: DaySpan[], span: DaySpan): void {
  const last = merged.at(-1)
  if (last !== undefined && span.from <= last.until + 1)
    merged[merged.length - 1] = { from: last.from, until: Math.max(last.until, span.until) }
  else merged.push(span)
}

/**
 * The first day, not before `entry`, on which somebody who stays from `entry` on without leaving has
 * been present on more than `days` of the `window` days that end with it. `before` are earlier stays,
 * neither touching nor overlapping, in order.
 */
export function firstDayOver(
  before: readonly DaySpan[],
  entry: Day,
  { days, window }: { readonly days: number; readonly window: number },
): Day {
  // As though no earlier day left the window; each that does puts the day off, until none does any more.
  let day = entry
  for (;;) {
    const least = entry + days - daysBefore(before, day - window + 1, entry)
    if (least <= day) return day
    day = least
  }
}

/** Days of merged spans that lie from `from` on and before `entry`. */
function daysBefore(spans: readonly DaySpan[], from: Day, entry: Day): number {
  let days = 0
  for (let at = spans.length - 1; at >= 0; at--) {
    const span = spans[at]
    if (span === undefined || span.until < from) break
    // The day of entry counts already, though an earlier stay may have ended on it.
    days += Math.max(0, Math.min(span.until, entry - 1) - Math.max(span.from, from) + 1)
  }
  return days
}
