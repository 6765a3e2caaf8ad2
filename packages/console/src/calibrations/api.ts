/** What the page of calibrations reads. */

import type { LaneKind } from '@sallyport/core/crossing'
import { queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'

/** A share as a fitted curve has it; a bound where what was compared reaches no further. */
export type CurveShare =
  | { readonly kind: 'share'; readonly value: number; readonly low: number; readonly high: number }
  | { readonly kind: 'at_most' | 'at_least'; readonly value: number }

export type TradeOff = { readonly false_match: CurveShare; readonly false_non_match: CurveShare }

/** Null: nothing of the kind was compared. */
export type MeasuredRate = {
  readonly errors: number
  readonly trials: number
  readonly value: number
  readonly low: number
  readonly high: number
} | null

export type CalibrationInService = {
  readonly camera_class: string
  readonly sha256: string
  readonly made: string
  readonly made_from: {
    readonly name: string
    readonly people: number
    readonly pictures: number
    readonly pictures_without_face: number
    readonly impostors: number
    readonly genuine: number
  }
  readonly signers: readonly string[]
  readonly production: { readonly code: string; readonly detail: string } | null
  readonly false_match_rate: number
  readonly false_positive_identification_rate: number
  readonly false_non_match_rate: number
  readonly trade_off: readonly TradeOff[]
  readonly at_line: TradeOff | null
  readonly on_others: {
    readonly false_match: MeasuredRate
    readonly false_non_match: MeasuredRate
  } | null
  readonly failure_to_acquire: MeasuredRate
  readonly searches: readonly (
    | { readonly kind: 'promised'; readonly people: number; readonly false_non_match: CurveShare }
    | { readonly kind: 'too_few'; readonly people: number }
  )[]
  readonly people_max: number
}

export type CalibrationsInService = {
  readonly profile: 'evaluation' | 'production'
  readonly model: {
    readonly identity: string
    readonly label: string
    readonly evaluation: boolean
  }
  readonly lanes: readonly { readonly kind: LaneKind; readonly sha256: string | null }[]
  readonly calibrations: readonly CalibrationInService[]
}

type SaidRate =
  | {
      readonly kind: 'rate'
      readonly errors: number
      readonly trials: number
      readonly value: number
      readonly low: number
      readonly high: number
    }
  | { readonly kind: 'too_few'; readonly trials: number; readonly needed: number }
export type RatePair = { readonly false_match: SaidRate; readonly false_non_match: SaidRate }

type Counts = { readonly people: number; readonly genuine: number; readonly impostors: number }

export type MeasuredClass = RatePair & {
  readonly kind: 'measured'
  readonly camera_class: LaneKind
  readonly counts: Counts
  readonly not_opened: number
  readonly promised: number
  readonly groups: readonly (RatePair & { readonly group: string })[]
  readonly sha256: string | null
}

export type MadeCalibration = {
  readonly id: string
  readonly at: string
  readonly by: { readonly name: string }
  readonly purpose: 'evaluation' | 'audit'
  readonly model: string
  readonly captures: number
  readonly people: number
  /** Null: it was begun and did not end. */
  readonly classes:
    | readonly (
        | MeasuredClass
        | {
            readonly kind: 'too_few'
            readonly camera_class: LaneKind
            readonly counts: Counts
            readonly needed: Counts
          }
        | { readonly kind: 'no_calibration'; readonly camera_class: LaneKind }
      )[]
    | null
  readonly vkey: string | null
  readonly log_index: number | null
  readonly report_log_index: number | null
}

export const inServiceQuery = queryOptions({
  queryKey: ['face-calibrations', 'in-service'],
  queryFn: ({ signal }) =>
    request<{ matching: CalibrationsInService | null }>('/v1/face-calibrations/in-service', {
      signal,
    }),
})

export const madeQuery = queryOptions({
  queryKey: ['face-calibrations', 'made'],
  queryFn: ({ signal }) =>
    request<{ calibrations: readonly MadeCalibration[] }>('/v1/face-calibrations', { signal }),
})
