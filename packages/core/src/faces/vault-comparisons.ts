/** Distances of confirmed pictures, counted: what a calibration is fitted on, and what is said of each group. */

import type { CrossValidated } from '../face-calibration-document.ts'
import {
  defaultThresholds,
  type FaceCurves,
  type FaceThresholds,
  fitCurves,
  type KnownDistances,
} from '../face-calibration.ts'
import { crossValidate, type Fold } from '../face-cross-validation.ts'
import { linesForPair } from '../face-verdict.ts'
import {
  type ConfirmedCapture,
  neverNarrower,
  photographsOf,
  type SaidRate,
  sayRate,
  surelyTwo,
  vaultCalibrationLimits,
} from './vault-calibration.ts'

/** The rates at which thresholds may be chosen; the defaults where somebody names none. */
export function thresholdsFrom(asked: Partial<FaceThresholds>): FaceThresholds {
  return { ...defaultThresholds, ...asked }
}

/** One comparison with a known answer. */
type Comparison = {
  readonly same: boolean
  readonly capture: ConfirmedCapture
  /** Whose photograph it is compared with. */
  readonly other: ConfirmedCapture
}

/** Every comparison of one capture, of which the photographs are those of `photographsOf`. */
export function comparisonsOf(
  capture: ConfirmedCapture,
  photographs: readonly ConfirmedCapture[],
): readonly Comparison[] {
  return [
    { same: true, capture, other: capture },
    ...photographs
      .filter((other) => surelyTwo(capture, other))
      .map((other) => ({ same: false, capture, other })),
  ]
}

export type Measured = Comparison & { readonly distance: number }

type FittedFromVault =
  | {
      readonly kind: 'fitted'
      readonly curves: FaceCurves
      readonly crossValidated: CrossValidated | null
      readonly line: number
    }
  | { readonly kind: 'too_few' }

/** Curves and their check on people who were not fitted on; `before` is the calibration in service. */
export function fitVault(
  measured: readonly Measured[],
  thresholds: FaceThresholds,
  before: FaceCurves | null,
): FittedFromVault {
  const fitted = fitCurves(distancesOf(measured))
  if (fitted.kind === 'refused') return { kind: 'too_few' }
  const curves = neverNarrower(fitted.curves, before)
  const lines = linesForPair(curves, thresholds)
  if (lines.kind === 'refused') return { kind: 'too_few' }
  const crossValidated = crossValidate(foldsOf(measured), thresholds)
  return { kind: 'fitted', curves, crossValidated, line: lines.lines.match }
}

function distancesOf(measured: readonly Measured[]): KnownDistances {
  const of = (same: boolean) =>
    Float64Array.from(measured.filter((one) => one.same === same).map(({ distance }) => distance))
  return { genuine: of(true), impostors: of(false) }
}

/** Parts whose people occur in no other; a comparison across two parts is in neither. */
function foldsOf(measured: readonly Measured[]): readonly Fold[] {
  const identities = photographsOf(measured.map(({ capture }) => capture)).map(
    ({ identity }) => identity,
  )
  const place = new Map(
    identities.toSorted().map((identity, at) => [identity, at % vaultCalibrationLimits.folds]),
  )
  return Array.from({ length: vaultCalibrationLimits.folds }, (_, fold) => ({
    ...distancesOf(
      measured.filter(
        ({ capture, other }) =>
          place.get(capture.identity) === fold && place.get(other.identity) === fold,
      ),
    ),
    pairs: [],
  }))
}

export type RatesAtLine = {
  /** Photographs of others that were taken for the person. */
  readonly falseMatch: SaidRate
  /** Confirmed people who would not be a match. Of those whom the machine missed nobody knows. */
  readonly falseNonMatch: SaidRate
}

/** What happens at a line (distance), of all and of each group. Strangers count for a group both are of. */
export function ratesAtLine(
  measured: readonly Measured[],
  line: number,
  { falseMatchRate, falseNonMatchRate }: FaceThresholds,
): RatesAtLine & { readonly groups: readonly (RatesAtLine & { readonly group: string })[] } {
  const rates = (of: readonly Measured[]): RatesAtLine => {
    const genuine = of.filter(({ same }) => same)
    const others = of.filter(({ same }) => !same)
    const [matched, missed] = [
      others.filter(({ distance }) => distance <= line).length,
      genuine.filter(({ distance }) => distance > line).length,
    ]
    return {
      falseMatch: sayRate(matched, others.length, falseMatchRate),
      falseNonMatch: sayRate(missed, genuine.length, falseNonMatchRate),
    }
  }
  const groups = [...new Set(measured.flatMap(({ capture }) => capture.groups))].toSorted()
  return {
    ...rates(measured),
    groups: groups.map((group) => ({
      group,
      ...rates(
        measured.filter(
          ({ capture, other }) => capture.groups.includes(group) && other.groups.includes(group),
        ),
      ),
    })),
  }
}
