/** What may be said of two faces, or of a face and a gallery. No answer of a machine refuses or detains. */

import {
  distanceAtFalseMatchRate,
  distanceAtFalseNonMatchRate,
  type FaceCurves,
  type FaceThresholds,
  probabilitySame,
  type Threshold,
} from './face-calibration.ts'

/**
 * `unsure` is too close to call: a person looks. `no_match` says that pictures of one person are hardly
 * ever so unlike; it is no reason to refuse anybody.
 */
export type FaceVerdict = 'match' | 'no_match' | 'unsure'

export type FaceJudgement = {
  readonly verdict: FaceVerdict
  /** That it is the same person, where that is as likely as not before looking. */
  readonly probability: number
}

/** The distances between which nothing is said. */
export type Lines = {
  /** A match at or below. */
  readonly match: number
  /** No match at or above. */
  readonly noMatch: number
}

export type LinesRefusal = {
  readonly kind: 'refused'
  readonly code: 'rate_beyond_calibration' | 'gallery_beyond_calibration'
  readonly detail: string
}

/** The lines for one comparison; refused where the calibration knows too few strangers for the rate. */
export function linesForPair(
  curves: FaceCurves,
  thresholds: FaceThresholds,
): { readonly kind: 'lines'; readonly lines: Lines } | LinesRefusal {
  const match = distanceAtFalseMatchRate(curves, thresholds.falseMatchRate)
  if (match.kind === 'threshold')
    return { kind: 'lines', lines: between(curves, thresholds, match) }
  return {
    kind: 'refused',
    code: 'rate_beyond_calibration',
    detail: `A false match rate of ${thresholds.falseMatchRate} cannot be promised: ${curves.impostors} comparisons of strangers can state ${share(match.leastShare)} at the least. Calibrate with more people or choose a higher rate.`,
  }
}

/**
 * The lines for a search among `size` templates: every further template is one more stranger who may
 * look alike, so the rate a comparison may have is the rate of the search over the size.
 */
export function linesForGallery(
  curves: FaceCurves,
  thresholds: FaceThresholds,
  size: number,
): { readonly kind: 'lines'; readonly lines: Lines } | LinesRefusal {
  const wanted = thresholds.falsePositiveIdentificationRate / Math.max(1, size)
  const match = distanceAtFalseMatchRate(curves, Math.min(wanted, thresholds.falseMatchRate))
  if (match.kind === 'threshold')
    return { kind: 'lines', lines: between(curves, thresholds, match) }
  const sizeMax = sizeMaxOf(curves, thresholds)
  return {
    kind: 'refused',
    code: 'gallery_beyond_calibration',
    detail: `In a gallery of ${size} at most ${share(thresholds.falsePositiveIdentificationRate)} of the searches may end with a stranger; this calibration can promise that up to ${sizeMax} templates. Calibrate with more people, or search smaller galleries.`,
  }
}

/** Templates of a gallery up to which a calibration can promise the rate that is chosen for searches. */
export function sizeMaxOf({ falseMatch }: FaceCurves, thresholds: FaceThresholds): number {
  const least = falseMatch.at(-1)?.share ?? 1
  return Math.floor((thresholds.falsePositiveIdentificationRate / least) * (1 + 1e-9))
}

function between(
  curves: FaceCurves,
  { falseNonMatchRate }: FaceThresholds,
  match: Threshold & { readonly kind: 'threshold' },
): Lines {
  const unlike = distanceAtFalseNonMatchRate(curves, falseNonMatchRate)
  const last = curves.falseNonMatch.at(-1)?.distance ?? match.distance
  const noMatch = unlike.kind === 'threshold' ? unlike.distance : last
  return { match: match.distance, noMatch: Math.max(match.distance, noMatch) }
}

/** One comparison. */
export function judgePair(curves: FaceCurves, lines: Lines, distance: number): FaceJudgement {
  return { verdict: verdictAt(lines, distance), probability: probabilitySame(curves, distance) }
}

function verdictAt({ match, noMatch }: Lines, distance: number): FaceVerdict {
  if (distance <= match) return 'match'
  return distance >= noMatch ? 'no_match' : 'unsure'
}

/** A gallery's answer: what was found, the most alike first. */
export type Found = { readonly id: string; readonly distance: number }

export type SearchJudgement = {
  readonly verdict: FaceVerdict
  /** Whom to look at, the most alike first: one for a match, several when it is too close to call. */
  readonly candidates: readonly (FaceJudgement & { readonly id: string })[]
}

/** Odds by which the first must be ahead of the second of another identity. */
const aheadLogOdds = Math.log(20)

/**
 * The verdict of a search. Two identities that are nearly as alike (twins, a person who stands there
 * twice) are too close to call, however alike they are.
 */
export function judgeSearch(
  curves: FaceCurves,
  lines: Lines,
  found: readonly Found[],
): SearchJudgement {
  const candidates = found
    .filter(({ distance }) => distance < lines.noMatch || distance <= lines.match)
    .map(({ id, distance }) => ({ id, ...judgePair(curves, lines, distance) }))
  const [first, second] = found
  const [best] = candidates
  if (first === undefined || best === undefined) return { verdict: 'no_match', candidates: [] }
  const ahead =
    second === undefined ? Infinity : curves.logistic.slope * (second.distance - first.distance)
  if (best.verdict === 'match' && ahead >= aheadLogOdds)
    return { verdict: 'match', candidates: [best] }
  return { verdict: 'unsure', candidates }
}

function share(value: number): string {
  return value >= 0.001 ? `${Number((value * 100).toPrecision(2))} %` : value.toExponential(1)
}
