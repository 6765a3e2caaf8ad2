/** A rule for those who cross often, read aloud: who is in its galleries, when, and until when. */

import { type HourWindow, hoursOf } from './hour-window.ts'

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** 'Mon to Fri 06:00 to 09:00', by the clocks of the port. */
export function windowWords(window: HourWindow): string {
  const end = window.toHour > window.fromHour ? '' : ' of the day after'
  return `${daysWords(window.weekdays)} ${hourWords(window.fromHour)} to ${hourWords(window.toHour)}${end}`
}

/** One sentence that says what two people agree to. */
export function frequentWords(
  rule: HourWindow & {
    readonly daysBack: number
    readonly crossings: number
    readonly people: number
  },
): string {
  const hours = hoursOf(rule)
  return `For ${hours === 1 ? 'an hour' : `${hours} hours`}, ${windowWords(rule)}: those whom officers confirmed in at least ${rule.crossings} crossings at these hours in the last ${rule.daysBack} days; at most ${rule.people} people, the most frequent first.`
}

function daysWords(weekdays: readonly number[]): string {
  const days = weekdays.toSorted((a, b) => a - b)
  const name = (day: number | undefined) => dayNames[(day ?? 1) - 1] ?? ''
  if (days.length === dayNames.length) return 'every day'
  const [first, last] = [days[0], days.at(-1)]
  const inRow = days.length > 2 && (last ?? 0) - (first ?? 0) === days.length - 1
  return inRow ? `${name(first)} to ${name(last)}` : days.map(name).join(', ')
}

/** '06:00'. */
export function hourWords(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`
}
