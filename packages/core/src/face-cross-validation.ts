/** What a calibration is worth: fitted on some people, measured on others. */

import type { CrossValidated } from './face-calibration-document.ts'
import {
  distanceAtFalseMatchRate,
  type FaceThresholds,
  fitCurves,
  type KnownDistances,
} from './face-calibration.ts'
import type { Trial } from './face-metrics.ts'

/** One part of the set: its people occur in no other. */
export type Fold = KnownDistances & {
  /** The part's own list of pairs, on which accuracy is counted. */
  readonly pairs: readonly Trial[]
}

/** Fits on all folds but one and measures on that one, for each. Null where the others are too few to fit. */
export function crossValidate(
  folds: readonly Fold[],
  thresholds: FaceThresholds,
): CrossValidated | null {
  if (folds.length < 2) return null
  const accuracies: number[] = []
  const sums = { right: 0, falseMatches: 0, impostors: 0, falseNonMatches: 0, genuine: 0 }
  for (const [index, fold] of folds.entries()) {
    const fitted = fitCurves(joined(folds.filter((_, other) => other !== index)))
    if (fitted.kind === 'refused') return null
    const match = distanceAtFalseMatchRate(fitted.curves, thresholds.falseMatchRate)
    if (match.kind === 'beyond') return null
    const { slope, offset } = fitted.curves.logistic
    const right = rightOf(fold.pairs, offset / slope)
    accuracies.push(fold.pairs.length === 0 ? 0 : right / fold.pairs.length)
    sums.right += right
    sums.falseMatches += fold.impostors.filter((one) => one <= match.distance).length
    sums.impostors += fold.impostors.length
    sums.falseNonMatches += fold.genuine.filter((one) => one > match.distance).length
    sums.genuine += fold.genuine.length
  }
  return {
    folds: folds.length,
    pairs: folds.reduce((sum, { pairs }) => sum + pairs.length, 0),
    right: sums.right,
    accuracy_by_fold: accuracies,
    false_matches: sums.falseMatches,
    impostors: sums.impostors,
    false_non_matches: sums.falseNonMatches,
    genuine: sums.genuine,
  }
}

/** The comparisons of several folds as one set. */
export function joined(folds: readonly KnownDistances[]): KnownDistances {
  const all = (of: (fold: KnownDistances) => Float64Array): Float64Array => {
    const together = new Float64Array(folds.reduce((sum, fold) => sum + of(fold).length, 0))
    let at = 0
    for (const fold of folds) {
      together.set(of(fold), at)
      at += of(fold).length
    }
    return together
  }
  return { genuine: all(({ genuine }) => genuine), impostors: all(({ impostors }) => impostors) }
}

/** Pairs answered rightly; one that could not be compared is answered "two people". */
function rightOf(pairs: readonly Trial[], threshold: number): number {
  return pairs.filter(({ same, distance }) => same === (distance !== null && distance <= threshold))
    .length
}
