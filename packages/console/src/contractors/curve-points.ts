/** Where points of a curve of errors stand in its plot: both axes by powers of ten, from 0.01 % to 100 %. */

import type { NoisyShare, OperatingPoint } from '@sallyport/core/evaluation-curve'

export const width = 260
export const height = 160
const least = 1e-4

export type CurvePoint = {
  readonly x: number
  readonly y: number
  /** Ends of what noise leaves open. */
  readonly left: number
  readonly right: number
  readonly above: number
  readonly below: number
}

/** Points of which something is known: where noise leaves everything open none is drawn. */
export function curvePoints(curve: readonly OperatingPoint[]): readonly CurvePoint[] {
  return curve
    .filter(({ false_match: match, false_non_match: miss }) => match.within < 1 && miss.within < 1)
    .map(({ false_match: match, false_non_match: miss }) => ({
      x: across(match.share),
      y: down(miss.share),
      left: across(lowest(match)),
      right: across(match.share + match.within),
      above: down(miss.share + miss.within),
      below: down(lowest(miss)),
    }))
}

export const decades = [1e-4, 1e-3, 1e-2, 1e-1, 1].map((share) => ({
  share,
  label: `${Number((100 * share).toPrecision(1))} %`,
  x: across(share),
  y: down(share),
}))

/** A point whose shares are known with an interval each; null, and so not drawn, outside the plot. */
export function pointWithin(match: Interval, miss: Interval): CurvePoint | null {
  if (match.value < least) return null
  return {
    x: across(match.value),
    y: down(miss.value),
    left: across(match.low),
    right: across(match.high),
    above: down(miss.high),
    below: down(miss.low),
  }
}

type Interval = { readonly value: number; readonly low: number; readonly high: number }

function lowest({ share, within }: NoisyShare): number {
  return share - within
}

/** 0 at `least` and below, 1 at a share of 1 and above. */
function place(share: number): number {
  const kept = Math.min(1, Math.max(least, share))
  return 1 - Math.log10(kept) / Math.log10(least)
}

function across(share: number): number {
  return Number((place(share) * width).toFixed(1))
}

function down(share: number): number {
  return Number(((1 - place(share)) * height).toFixed(1))
}
