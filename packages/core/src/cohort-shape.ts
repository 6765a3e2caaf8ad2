/** What the traffic of a port is like, for drawings of it: shares of groups, in whole percents. */

import { groupCohorts } from './cohorts.ts'

export type Counted = { readonly value: string; readonly count: number }

/** `others` stands for every value that is too rare to be told. */
export type Share = { readonly value: string; readonly percent: number }

export type TrafficShape = {
  /** Groups of jurisdictions that can be drawn: us, ca, mx, br, eu. */
  readonly jurisdictions: readonly Share[]
  /** By the hour at the port: `bright`, `dim`, `dark`. */
  readonly light: readonly Share[]
  /** Width of the largest plate of a crossing in a picture of 1280 pixels, `60` for 60 to 79. */
  readonly widths: readonly Share[]
}

/**
 * Shares of the groups; none where all together are too few. What is under one percent is counted as
 * one: a share says nothing of a single crossing.
 */
export function sharesOf(counts: readonly Counted[]): readonly Share[] {
  const groups = groupCohorts(new Map(counts.map(({ value, count }) => [value, count])))
  if (groups === null) return []
  const sums = new Map<string, number>()
  for (const { value, count } of counts) {
    const group = groups.get(value) ?? value
    sums.set(group, (sums.get(group) ?? 0) + count)
  }
  const total = [...sums.values()].reduce((sum, count) => sum + count, 0)
  return [...sums]
    .map(([value, count]) => ({ value, percent: Math.max(1, Math.round((100 * count) / total)) }))
    .sort((a, b) => b.percent - a.percent || (a.value < b.value ? -1 : 1))
}

const american: ReadonlySet<string> = new Set(['us', 'ca', 'mx', 'br'])

/** Which group of drawn plates a jurisdiction belongs to; null where none is drawn. */
export function drawnGroup(jurisdiction: string): string | null {
  const [country = ''] = jurisdiction.toLowerCase().split('-')
  if (american.has(country)) return country
  if (['ar', 'uy', 'other', 'unknown', ''].includes(country)) return null
  return 'eu'
}
