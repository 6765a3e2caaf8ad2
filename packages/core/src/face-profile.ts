/** Whether faces may be matched at all, with this model and this calibration. */

import type { FaceCalibration } from './face-calibration-document.ts'

/** `production` decides about people; `evaluation` tries out. */
export type FaceProfile = 'evaluation' | 'production'

export type OfferedCalibration = {
  readonly calibration: FaceCalibration
  /** Whether somebody whom the operator trusts has signed it. */
  readonly signed: boolean
}

export type MatchingDecision =
  | { readonly kind: 'allowed'; readonly calibration: FaceCalibration }
  | {
      readonly kind: 'refused'
      readonly code:
        | 'evaluation_model'
        | 'no_calibration'
        | 'unsigned_calibration'
        | 'calibration_of_other_model'
        | 'calibration_of_other_camera'
      readonly detail: string
    }

/** Decides before the first face is compared. `cameraClass` is null where any class will do. */
export function decideMatching(
  profile: FaceProfile,
  model: { readonly identity: string; readonly evaluation: boolean },
  offered: OfferedCalibration | null,
  cameraClass: string | null,
): MatchingDecision {
  if (profile === 'production' && model.evaluation) {
    return refuse(
      'evaluation_model',
      `${model.identity} is an evaluation model: in production bring a model of your own (docs/faces.md).`,
    )
  }
  if (offered === null) {
    return refuse(
      'no_calibration',
      `There is no calibration for ${model.identity}: make one with "sallyport calibrate" on pictures of your own cameras. A threshold copied from elsewhere is wrong here.`,
    )
  }
  const { calibration, signed } = offered
  if (profile === 'production' && !signed) {
    return refuse(
      'unsigned_calibration',
      'In production a calibration counts only with a signature that you trust: give its key with --vkey.',
    )
  }
  if (calibration.model !== model.identity) {
    return refuse(
      'calibration_of_other_model',
      `The calibration is for ${calibration.model}, not for ${model.identity}: calibrate again.`,
    )
  }
  if (cameraClass !== null && calibration.camera_class !== cameraClass) {
    return refuse(
      'calibration_of_other_camera',
      `The calibration is for cameras of class ${calibration.camera_class}, not ${cameraClass}: calibrate that class.`,
    )
  }
  return { kind: 'allowed', calibration }
}

function refuse(
  code: Extract<MatchingDecision, { kind: 'refused' }>['code'],
  detail: string,
): MatchingDecision {
  return { kind: 'refused', code, detail }
}
