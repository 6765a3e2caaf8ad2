/** What a calibration says in shares, without a distance: for people who judge whether it is good enough. */

import type { FaceCalibration } from '../face-calibration-document.ts'
import type { CurvePoint, FaceCurves } from '../face-calibration.ts'
import { type Rate, rateOf } from '../face-rates.ts'
import { type Lines, linesForGallery, linesForPair, sizeMaxOf } from '../face-verdict.ts'

/** A share of comparisons as a fitted curve has it, with the interval that so many comparisons leave open. */
export type CurveShare =
  | { readonly kind: 'share'; readonly value: number; readonly low: number; readonly high: number }
  /** The curve ends here: at most, or at least, so many. */
  | { readonly kind: 'at_most' | 'at_least'; readonly value: number }

export type ErrorTradeOff = { readonly falseMatch: CurveShare; readonly falseNonMatch: CurveShare }

export type SearchFigures =
  | {
      readonly kind: 'promised'
      readonly people: number
      /** Pictures of somebody who is expected that are no match: a person looks. */
      readonly falseNonMatch: CurveShare
    }
  /** Strangers enough to promise the rate of searches were not compared. */
  | { readonly kind: 'too_few'; readonly people: number }

export type CalibrationFigures = {
  /** One false match rate after the other, the largest first. */
  readonly tradeOff: readonly ErrorTradeOff[]
  /** At the line that the chosen false match rate draws; null where too few strangers were compared. */
  readonly atLine: ErrorTradeOff | null
  /** Measured at such a line on people whom the fit had not seen; null where the set had no parts. */
  readonly onOthers: { readonly falseMatch: Rate; readonly falseNonMatch: Rate } | null
  readonly failureToAcquire: Rate
  readonly searches: readonly SearchFigures[]
  /** Templates up to which the rate of a search can be promised. */
  readonly peopleMax: number
}

/** Sizes of galleries for which the rates of searches are told. */
const searchSizes = [10, 32, 100, 300, 1_000, 10_000] as const

/** Everything that is told of a calibration; no distance is among it. */
export function calibrationFigures(calibration: FaceCalibration): CalibrationFigures {
  const { curves, thresholds, cross_validated: validated, made_from: from } = calibration
  const line = linesForPair(curves, thresholds)
  const peopleMax = sizeMaxOf(curves, thresholds)
  return {
    tradeOff: curves.falseMatch.map(({ distance, share }) => ({
      falseMatch: within(share, curves.impostors),
      falseNonMatch: missedAt(curves, distance),
    })),
    atLine:
      line.kind === 'refused'
        ? null
        : {
            falseMatch: within(thresholds.falseMatchRate, curves.impostors),
            falseNonMatch: missedAt(curves, line.lines.match),
          },
    onOthers:
      validated === null
        ? null
        : {
            falseMatch: rateOf(validated.false_matches, validated.impostors),
            falseNonMatch: rateOf(validated.false_non_matches, validated.genuine),
          },
    failureToAcquire: rateOf(from.pictures_without_face, from.pictures),
    searches: searchSizes.map((people) => searchOf(calibration, people)),
    peopleMax,
  }
}

function searchOf({ curves, thresholds }: FaceCalibration, people: number): SearchFigures {
  const found = linesForGallery(curves, thresholds, people)
  if (found.kind === 'refused') return { kind: 'too_few', people }
  return { kind: 'promised', people, falseNonMatch: missedAt(curves, found.lines.match) }
}

/** Pictures of one person that are less alike than the line, as the curve has them. */
function missedAt({ falseNonMatch, genuine }: FaceCurves, line: Lines['match']): CurveShare {
  const [first] = falseNonMatch
  const last = falseNonMatch.at(-1)
  if (first === undefined || last === undefined) return { kind: 'at_most', value: 1 }
  if (line < first.distance) return { kind: 'at_least', value: first.share }
  if (line > last.distance) return { kind: 'at_most', value: last.share }
  const after = falseNonMatch.findIndex(({ distance }) => distance >= line)
  return within(
    shareBetween(falseNonMatch[after - 1] ?? first, falseNonMatch[after] ?? last, line),
    genuine,
  )
}

/** Between two points shares go by powers of ten, as where thresholds are read off the curve. */
function shareBetween(before: CurvePoint, after: CurvePoint, distance: number): number {
  const wide = after.distance - before.distance
  const along = wide === 0 ? 1 : (distance - before.distance) / wide
  return Math.exp(Math.log(before.share) * (1 - along) + Math.log(after.share) * along)
}

function within(share: number, comparisons: number): CurveShare {
  const rate = rateOf(Math.round(share * comparisons), comparisons)
  return { kind: 'share', value: share, low: rate.kind === 'rate' ? rate.low : 0, high: rate.high }
}
