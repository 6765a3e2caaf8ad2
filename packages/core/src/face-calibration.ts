/**
 * What a distance between two faces means: how many strangers are as alike, how many pictures of one
 * person are not, and therefore what may be said. Fitted per model and kind of camera, never copied.
 */

/** Comparisons with known answers. Distances are the model's own: smaller is more alike. */
export type KnownDistances = {
  /** Of two pictures of one person. */
  readonly genuine: Float64Array
  /** Of pictures of two people. */
  readonly impostors: Float64Array
}

/** At `distance` and below lie `share` of the comparisons of one kind. */
export type CurvePoint = { readonly distance: number; readonly share: number }

export type FaceCurves = {
  readonly impostors: number
  readonly genuine: number
  /** Strangers that are as alike, by falling share; the last stands on `errorsPerPoint` comparisons. */
  readonly falseMatch: readonly CurvePoint[]
  /** Pictures of one person that are less alike, by falling share. */
  readonly falseNonMatch: readonly CurvePoint[]
  /** Odds of "the same person", where both are as likely before: logit = offset − slope · distance. */
  readonly logistic: { readonly slope: number; readonly offset: number }
}

export type FaceThresholds = {
  /** Strangers of a comparison one to one that may be taken for a match. */
  readonly falseMatchRate: number
  /** Searches without a mate that may end with a match, whatever the size of the gallery. */
  readonly falsePositiveIdentificationRate: number
  /** Pictures of one person that may be answered "no match" instead of "too close to call". */
  readonly falseNonMatchRate: number
}

export const defaultThresholds: FaceThresholds = {
  falseMatchRate: 0.001,
  falsePositiveIdentificationRate: 0.01,
  falseNonMatchRate: 0.01,
}

/** A share is only stated where at least so many comparisons lie beyond it (the rule of 30). */
export const errorsPerPoint = 30
const comparisonsMin = 60
const pointsPerDecade = 4

export type CurvesRefusal = {
  readonly kind: 'refused'
  readonly code: 'too_few_comparisons'
  readonly detail: string
}

/** The curves of known comparisons; refused when there are too few of either kind to state anything. */
export function fitCurves(
  known: KnownDistances,
): { readonly kind: 'curves'; readonly curves: FaceCurves } | CurvesRefusal {
  const impostors = known.impostors.toSorted()
  const genuine = known.genuine.toSorted()
  if (impostors.length < comparisonsMin || genuine.length < comparisonsMin) {
    return {
      kind: 'refused',
      code: 'too_few_comparisons',
      detail: `A calibration needs ${comparisonsMin} comparisons of one person and ${comparisonsMin} of two; there are ${genuine.length} and ${impostors.length}. Add pictures, two or more of each person.`,
    }
  }
  const curves = {
    impostors: impostors.length,
    genuine: genuine.length,
    falseMatch: shares(impostors.length).map((share) => pointOf(below(impostors, share), share)),
    falseNonMatch: shares(genuine.length).map((share) => pointOf(above(genuine, share), share)),
    logistic: fitLogistic(genuine, impostors),
  }
  return { kind: 'curves', curves }
}

/** 1/2, then a few in every power of ten, down to what so many comparisons can carry. */
function shares(count: number): readonly number[] {
  const least = errorsPerPoint / count
  const found = [0.5]
  for (let at = 1; ; at++) {
    const share = 0.5 * 10 ** (-at / pointsPerDecade)
    if (share <= least * 1.001) break
    found.push(share)
  }
  return least < 0.5 ? [...found, least] : found
}

/** Six digits are far more than a count of comparisons carries, and can be read. */
function pointOf(distance: number, share: number): CurvePoint {
  return { distance: Number(distance.toPrecision(6)), share: Number(share.toPrecision(6)) }
}

/** The largest distance that `share` of the sorted comparisons do not exceed. */
function below(sorted: Float64Array, share: number): number {
  const count = Math.max(1, Math.floor(share * sorted.length + 1e-9))
  const inside = sorted[count - 1] ?? 0
  const next = sorted[count] ?? inside
  return (inside + next) / 2
}

function above(sorted: Float64Array, share: number): number {
  const count = Math.max(1, Math.floor(share * sorted.length + 1e-9))
  const outside = sorted[sorted.length - count] ?? 0
  const previous = sorted[sorted.length - count - 1] ?? outside
  return (outside + previous) / 2
}

/**
 * Newton's method on the log-likelihood, both kinds weighing the same, with a slight pull of the slope
 * towards 0: two kinds that a distance parts perfectly would otherwise be as sure as one likes.
 */
function fitLogistic(genuine: Float64Array, impostors: Float64Array): FaceCurves['logistic'] {
  const centre = (mean(genuine) + mean(impostors)) / 2
  const spread = Math.max(1e-9, Math.abs(mean(impostors) - mean(genuine)))
  let slope = 0
  let offset = 0
  const pull = 1e-6
  for (let round = 0; round < 50; round++) {
    const sums = { offset: 0, slope: pull * slope, oo: 1e-12, os: 0, ss: pull }
    for (const [distances, target] of [
      [genuine, 1],
      [impostors, 0],
    ] as const) {
      for (const distance of distances) {
        const x = (centre - distance) / spread
        const said = 1 / (1 + Math.exp(-(offset + slope * x)))
        const weight = (said * (1 - said)) / distances.length
        const error = (said - target) / distances.length
        sums.offset += error
        sums.slope += error * x
        sums.oo += weight
        sums.os += weight * x
        sums.ss += weight * x * x
      }
    }
    const determinant = sums.oo * sums.ss - sums.os * sums.os
    const stepOffset = (sums.ss * sums.offset - sums.os * sums.slope) / determinant
    const stepSlope = (sums.oo * sums.slope - sums.os * sums.offset) / determinant
    // Half of a step that leads too far, so that it cannot swing.
    const damped = Math.min(1, 4 / Math.max(Math.abs(stepOffset), Math.abs(stepSlope), 1e-12))
    offset -= stepOffset * damped
    slope -= stepSlope * damped
    if (Math.abs(stepOffset) + Math.abs(stepSlope) < 1e-9) break
  }
  const [turned, moved] = [slope / spread, offset + (slope * centre) / spread]
  return { slope: Number(turned.toPrecision(6)), offset: Number(moved.toPrecision(6)) }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/**
 * That two pictures show one person, 0 to 1, where that is as likely as not before looking. Never surer
 * than the number of comparisons of one person carries: no curve knows what lies beyond its points.
 */
export function probabilitySame({ logistic, genuine }: FaceCurves, distance: number): number {
  const said = 1 / (1 + Math.exp(logistic.slope * distance - logistic.offset))
  const least = 1 / (genuine + 2)
  return Math.min(1 - least, Math.max(least, said))
}

export type Threshold =
  | { readonly kind: 'threshold'; readonly distance: number }
  | {
      readonly kind: 'beyond'
      /** The smallest share that the calibration can state. */
      readonly leastShare: number
    }

/** The distance at which `share` of strangers would match; `beyond` where too few were compared to know. */
export function distanceAtFalseMatchRate({ falseMatch }: FaceCurves, share: number): Threshold {
  return distanceAt(falseMatch, share)
}

/** The distance beyond which `share` of the pictures of one person lie. */
export function distanceAtFalseNonMatchRate(
  { falseNonMatch }: FaceCurves,
  share: number,
): Threshold {
  return distanceAt(falseNonMatch, share)
}

function distanceAt(curve: readonly CurvePoint[], share: number): Threshold {
  const last = curve.at(-1)
  const [first] = curve
  if (first === undefined || last === undefined) return { kind: 'beyond', leastShare: 1 }
  if (share >= first.share) return { kind: 'threshold', distance: first.distance }
  // A share that was asked for as 30 of n is met by the last point, whatever rounding did to it.
  if (share < last.share * (1 - 1e-9)) return { kind: 'beyond', leastShare: last.share }
  const index = curve.findIndex((point) => point.share <= share * (1 + 1e-9))
  const after = curve[index] ?? last
  const before = curve[index - 1] ?? first
  const [high, low] = [Math.log(before.share), Math.log(after.share)]
  const along = high === low ? 0 : (high - Math.log(share)) / (high - low)
  const distance = before.distance + (after.distance - before.distance) * Math.min(1, along)
  return { kind: 'threshold', distance }
}
