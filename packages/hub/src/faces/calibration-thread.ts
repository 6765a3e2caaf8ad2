/** The thread that compares confirmed faces with photographs: seconds of arithmetic while crossings come in. */

import type { FaceCurves, FaceThresholds } from '@sallyport/core/face-calibration'
import type { CrossValidated } from '@sallyport/core/face-calibration-document'
import { linesForPair } from '@sallyport/core/face-verdict'
import { type ConfirmedCapture, photographsOf } from '@sallyport/core/faces/vault-calibration'
import {
  comparisonsOf,
  fitVault,
  type Measured,
  type RatesAtLine,
  ratesAtLine,
} from '@sallyport/core/faces/vault-comparisons'
import { vectorDistance } from '@sallyport/vision/face/template'

import { answerTasks } from '../task-answers.ts'

/** A picture and the photograph that it was confirmed by, as numbers. */
export type OpenedFace = {
  readonly capture: ConfirmedCapture
  readonly live: Float32Array
  readonly photo: Float32Array
}

export type CalibrationTask = {
  readonly faces: readonly OpenedFace[]
  readonly thresholds: FaceThresholds
  /** Of the calibration in service; null where none is. */
  readonly before: FaceCurves | null
  /** Fit anew, or look at the one in service. */
  readonly fit: boolean
}

type Rates = {
  readonly rates: RatesAtLine
  readonly groups: ReturnType<typeof ratesAtLine>['groups']
}

export type CalibrationAnswer =
  | ({
      readonly kind: 'fitted'
      readonly curves: FaceCurves
      readonly crossValidated: CrossValidated | null
    } & Rates)
  | ({ readonly kind: 'looked_at' } & Rates)
  | { readonly kind: 'too_few' }
  | { readonly kind: 'no_line' }
  | { readonly kind: 'refused'; readonly detail: string }

function answerTo({ faces, thresholds, before, fit }: CalibrationTask): CalibrationAnswer {
  const measured = measure(faces)
  if (fit) {
    const fitted = fitVault(measured, thresholds, before)
    if (fitted.kind === 'too_few') return fitted
    const { curves, crossValidated, line } = fitted
    return { kind: 'fitted', curves, crossValidated, ...ratesOf(measured, line, thresholds) }
  }
  const lines = before === null ? null : linesForPair(before, thresholds)
  return lines?.kind === 'lines'
    ? { kind: 'looked_at', ...ratesOf(measured, lines.lines.match, thresholds) }
    : { kind: 'no_line' }
}

function ratesOf(measured: readonly Measured[], line: number, thresholds: FaceThresholds): Rates {
  const { groups, ...rates } = ratesAtLine(measured, line, thresholds)
  return { rates, groups }
}

function measure(faces: readonly OpenedFace[]): readonly Measured[] {
  const byCapture = new Map(faces.map((one) => [one.capture.capture, one]))
  const photographs = photographsOf(faces.map(({ capture }) => capture))
  const measured: Measured[] = []
  for (const { capture, live } of faces)
    for (const one of comparisonsOf(capture, photographs)) {
      const photo = byCapture.get(one.other.capture)?.photo
      if (photo === undefined) throw new Error('every capture came with a photograph')
      measured.push({ ...one, distance: vectorDistance(live, photo) })
    }
  for (const { live, photo } of faces) {
    live.fill(0)
    photo.fill(0)
  }
  return measured
}

answerTasks(
  async (task: CalibrationTask) => answerTo(task),
  (detail): CalibrationAnswer => ({ kind: 'refused', detail }),
)
