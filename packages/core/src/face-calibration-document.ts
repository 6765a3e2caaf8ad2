/** A calibration as a file: for one model and one class of camera, read back as it was written. */

import type { CurvePoint, FaceCurves, FaceThresholds } from './face-calibration.ts'

export const faceCalibrationFormat = 'sallyport-face-calibration/1'

export type FaceCalibration = {
  readonly format: typeof faceCalibrationFormat
  /** The model's identity: templates of another are not judged by it. */
  readonly model: string
  /** What the pictures were taken with, such as `gate` or `document`: another class needs another calibration. */
  readonly camera_class: string
  /** UTC instant. */
  readonly made: string
  readonly made_from: {
    /** What the pictures were, in words. */
    readonly name: string
    readonly people: number
    readonly pictures: number
    /** Pictures in which no face was found. */
    readonly pictures_without_face: number
  }
  readonly thresholds: FaceThresholds
  readonly curves: FaceCurves
  /** Measured on people that a fit did not see, one part after the other; null where the set has no parts. */
  readonly cross_validated: CrossValidated | null
}

export type CrossValidated = {
  readonly folds: number
  /** Pairs of the folds, and how many were answered rightly at the threshold of the other folds. */
  readonly pairs: number
  readonly right: number
  readonly accuracy_by_fold: readonly number[]
  /** At the threshold for the chosen false match rate: what the other folds promised, and what happened. */
  readonly false_matches: number
  readonly impostors: number
  readonly false_non_matches: number
  readonly genuine: number
}

export type CalibrationRefusal = {
  readonly kind: 'refused'
  readonly code: 'malformed_calibration'
  readonly detail: string
}

const textBytesMax = 256 * 1024
const curvePointsMax = 100

/** Reads a calibration; refused with the first thing that is wrong. */
export function parseFaceCalibration(
  text: string,
): { readonly kind: 'calibration'; readonly calibration: FaceCalibration } | CalibrationRefusal {
  const problem = text.length > textBytesMax ? 'it is too long' : null
  let value: unknown = null
  try {
    if (problem === null) value = JSON.parse(text)
  } catch {
    return malformed('it is not JSON')
  }
  const found = problem ?? problemOf(value)
  // Every field has been checked, so the value is one.
  return found === null
    ? { kind: 'calibration', calibration: value as FaceCalibration }
    : malformed(found)
}

function malformed(why: string): CalibrationRefusal {
  return {
    kind: 'refused',
    code: 'malformed_calibration',
    detail: `The calibration cannot be used: ${why}. Make it again with "sallyport calibrate".`,
  }
}

function problemOf(value: unknown): string | null {
  if (!isObject(value)) return 'it is no object'
  if (value['format'] !== faceCalibrationFormat) return `format is not ${faceCalibrationFormat}`
  for (const name of ['model', 'camera_class', 'made']) {
    const text = value[name]
    if (typeof text !== 'string' || text === '' || text.length > 200) return `${name} is no text`
  }
  const from = value['made_from']
  if (!isObject(from) || typeof from['name'] !== 'string') return 'made_from is missing'
  if (!['people', 'pictures', 'pictures_without_face'].every((name) => isCount(from[name])))
    return 'made_from has no counts'
  const thresholds = value['thresholds']
  const names = ['falseMatchRate', 'falsePositiveIdentificationRate', 'falseNonMatchRate']
  if (!isObject(thresholds) || !names.every((name) => isShare(thresholds[name])))
    return 'thresholds are not shares between 0 and 1'
  const curves = curvesProblem(value['curves'])
  if (curves !== null) return curves
  return isObject(value['cross_validated']) || value['cross_validated'] === null
    ? null
    : 'cross_validated is neither null nor an object'
}

function curvesProblem(value: unknown): string | null {
  if (!isObject(value)) return 'curves are missing'
  if (!isCount(value['impostors']) || !isCount(value['genuine'])) return 'curves have no counts'
  const logistic = value['logistic']
  if (!isObject(logistic) || !isNumber(logistic['slope']) || !isNumber(logistic['offset']))
    return 'the logistic is not two numbers'
  if (logistic['slope'] < 0) return 'alike faces would be less likely the same'
  // Strangers thin out towards small distances, pictures of one person towards large ones.
  if (!isCurve(value['falseMatch'], -1)) return 'the curve of false matches does not fall'
  if (!isCurve(value['falseNonMatch'], 1)) return 'the curve of false non-matches does not fall'
  return null
}

function isCurve(value: unknown, direction: 1 | -1): boolean {
  if (!Array.isArray(value) || value.length === 0 || value.length > curvePointsMax) return false
  let before: CurvePoint | null = null
  for (const point of value as readonly unknown[]) {
    if (!isObject(point)) return false
    const { distance, share } = point
    if (!isNumber(distance) || distance < 0 || !isShare(share)) return false
    if (before !== null && (share >= before.share || (distance - before.distance) * direction < 0))
      return false
    before = { distance, share }
  }
  return true
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isCount(value: unknown): value is number {
  return isNumber(value) && Number.isInteger(value) && value >= 0
}

function isShare(value: unknown): value is number {
  return isNumber(value) && value > 0 && value < 1
}
