/**
 * Whether opting out costs time: from arrival to verdict, those who opted out beside those who did not.
 * Of few people nothing is said that could be chance.
 */

export const parityLimits = {
  /** Below it a middle is that of a few people, and no interval of 95 % fits. */
  countMin: 6,
  /** A verdict later than this says nothing about the window: somebody forgot to press. */
  secondsMax: 3600,
} as const

export type GroupTime =
  | { readonly kind: 'too_few'; readonly count: number }
  | {
      readonly kind: 'measured'
      readonly count: number
      /** Seconds. */
      readonly median: number
      /** Of the median, by order statistics, no less than 95 % sure. */
      readonly from: number
      readonly until: number
      readonly lowerQuartile: number
      readonly upperQuartile: number
    }

export type Parity = {
  readonly optedOut: GroupTime
  readonly others: GroupTime
  /** `longer` and `shorter` are said of those who opted out, and only where the intervals do not touch. */
  readonly verdict: 'too_few' | 'no_difference_seen' | 'longer' | 'shorter'
}

/** Compares two groups of times in seconds; those beyond the limit are not counted. */
export function parityOf(optedOut: readonly number[], others: readonly number[]): Parity {
  const groups = { optedOut: groupTime(optedOut), others: groupTime(others) }
  const { optedOut: one, others: two } = groups
  if (one.kind === 'too_few' || two.kind === 'too_few') return { ...groups, verdict: 'too_few' }
  if (one.from > two.until) return { ...groups, verdict: 'longer' }
  if (one.until < two.from) return { ...groups, verdict: 'shorter' }
  return { ...groups, verdict: 'no_difference_seen' }
}

function groupTime(seconds: readonly number[]): GroupTime {
  const sorted = seconds
    .filter((one) => one >= 0 && one <= parityLimits.secondsMax)
    .toSorted((a, b) => a - b)
  const count = sorted.length
  const rank = count < parityLimits.countMin ? null : intervalRank(count)
  if (rank === null) return { kind: 'too_few', count }
  const at = (index: number): number => sorted[index] ?? 0
  return {
    kind: 'measured',
    count,
    median: (at(Math.floor((count - 1) / 2)) + at(Math.ceil((count - 1) / 2))) / 2,
    from: at(rank),
    until: at(count - 1 - rank),
    lowerQuartile: at(Math.floor((count - 1) / 4)),
    upperQuartile: at(Math.ceil((3 * (count - 1)) / 4)),
  }
}

/**
 * The largest rank (from 0) such that the median lies between it and its mirror in 95 of 100 cases:
 * the number of values below the median is binomial with one half.
 */
function intervalRank(count: number): number | null {
  let logTerm = -count * Math.LN2
  let below = 0
  let rank: number | null = null
  for (let index = 0; index < count / 2; index += 1) {
    below += Math.exp(logTerm)
    if (below > 0.025) break
    rank = index
    logTerm += Math.log(count - index) - Math.log(index + 1)
  }
  return rank
}
