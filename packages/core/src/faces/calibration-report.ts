/** What a hub tells of a calibration from what it holds: totals of each class of camera, nothing of a person. */

import type { LaneKind } from '../crossing.ts'
import type { Counts } from './vault-calibration.ts'
import type { RatesAtLine } from './vault-comparisons.ts'

export type ClassReport =
  | {
      readonly kind: 'too_few'
      readonly camera_class: LaneKind
      readonly counts: Counts
      /** The least of each. */
      readonly needed: Counts
    }
  /** Nothing is in service for this class that could be looked at. */
  | { readonly kind: 'no_calibration'; readonly camera_class: LaneKind }
  | {
      readonly kind: 'measured'
      readonly camera_class: LaneKind
      readonly counts: Counts
      /** Pictures whose template did not open: their key went meanwhile. */
      readonly not_opened: number
      /** The rate that the line promises at which the rates were counted. */
      readonly promised: number
      readonly rates: RatesAtLine
      readonly groups: readonly (RatesAtLine & { readonly group: string })[]
      /** The calibration as a signed note; null where one in service was looked at. */
      readonly calibration: string | null
    }

export type CalibrationReport = {
  readonly classes: readonly ClassReport[]
  /** Whose signature the calibrations bear, `NAME+ID+KEY`. */
  readonly vkey: string | null
}
