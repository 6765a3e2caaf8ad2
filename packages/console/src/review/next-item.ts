/** Which plate comes next, and how many wait. Pure. */

import type { ReviewCount, ReviewItem } from '../api/review-types.ts'

export type Desk = {
  /** Whose desk it is. */
  readonly account: string
  /** Decided or left by this person, here. */
  readonly passed: ReadonlySet<string>
  readonly now: Date
}

/** The first that nobody else looks at and that was not passed; null when there is none. */
export function nextItem(items: readonly ReviewItem[], desk: Desk): ReviewItem | null {
  return items.find((item) => isFree(item, desk)) ?? null
}

export function isFree({ crossing, claim }: ReviewItem, { account, passed, now }: Desk): boolean {
  if (passed.has(crossing.id)) return false
  return claim === null || claim.by.id === account || Date.parse(claim.until) <= now.getTime()
}

export type Tally = { readonly name: string; readonly count: number }

/** How many wait of each lane or reason, most first; `others` narrows by the other of the two. */
export function tally(
  counts: readonly ReviewCount[],
  by: 'lane' | 'reason',
  only: string | null,
): readonly Tally[] {
  const other = by === 'lane' ? 'reason' : 'lane'
  const sums = new Map<string, number>()
  for (const one of counts) {
    if (only !== null && one[other] !== only) continue
    sums.set(one[by], (sums.get(one[by]) ?? 0) + one.count)
  }
  return Array.from(sums, ([name, count]) => ({ name, count })).sort(
    (a, b) => b.count - a.count || (a.name < b.name ? -1 : 1),
  )
}

export function total(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0)
}
