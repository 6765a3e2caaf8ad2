/** From counts of pairs by their distance to false matches and misses: what is computed after the noise. */

/** Pairs with a distance above `from` and up to `to`; `to` is null in the last. */
export type DistanceCell = {
  readonly from: number
  readonly to: number | null
  readonly genuine: number
  readonly strangers: number
}

/** A share of pairs as counted, and within which it is in 95 of 100 cases. */
export type NoisyShare = { readonly share: number; readonly within: number }

export type OperatingPoint = {
  readonly distance: number
  readonly false_match: NoisyShare
  readonly false_non_match: NoisyShare
}

export type RateAnswer =
  | { readonly kind: 'stated'; readonly rate: number; readonly point: OperatingPoint }
  /** What noise leaves open is more than half of the rate. */
  | { readonly kind: 'too_few_people'; readonly rate: number }

/** The sum of so many counts is within this of the truth in 95 of 100 cases. */
export type CountBound = (counts: number) => number

/** False matches and misses at every cut; nothing but what `cells` say goes into it. */
export function curveOf(
  cells: readonly DistanceCell[],
  bounds: { readonly genuine: CountBound; readonly strangers: CountBound },
): readonly OperatingPoint[] {
  const strangers = Math.max(1, sumOf(cells, 'strangers'))
  const genuine = Math.max(1, sumOf(cells, 'genuine'))
  let [lowest, highest] = [0, 1]
  return cells.slice(0, -1).map(({ to }, at) => {
    // More cannot match at a smaller distance.
    lowest = Math.max(lowest, clamp(sumOf(cells.slice(0, at + 1), 'strangers') / strangers))
    highest = Math.min(highest, clamp(sumOf(cells.slice(at + 1), 'genuine') / genuine))
    return {
      distance: to ?? 0,
      false_match: {
        share: lowest,
        within: Math.min(1, bounds.strangers(at + 1) / strangers),
      },
      false_non_match: {
        share: highest,
        within: Math.min(1, bounds.genuine(cells.length - 1 - at) / genuine),
      },
    }
  })
}

/** The widest cut at which no more strangers match than asked, where noise leaves that visible. */
export function answerAt(curve: readonly OperatingPoint[], rate: number): RateAnswer {
  const point = curve.findLast(
    ({ false_match: { share, within } }) => share <= rate && within <= rate / 2,
  )
  return point === undefined ? { kind: 'too_few_people', rate } : { kind: 'stated', rate, point }
}

function sumOf(cells: readonly DistanceCell[], kind: 'genuine' | 'strangers'): number {
  return cells.reduce((sum, cell) => sum + cell[kind], 0)
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share))
}
