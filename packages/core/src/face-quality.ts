/** Whether a picture of a face is good enough, and for what. Names follow ISO/IEC 29794-5 (OFIQ). */

/** Which computation the numbers come from; numbers of different ones are not compared. */
export const faceQualityAlgorithm = 'sallyport-face-quality/1'

/** What was measured. The components from 0 to 100 are the better the larger; they are ours, not OFIQ's. */
export type FaceQuality = {
  readonly algorithm: string
  /** Pixels of the picture between the middles of the eyes. */
  readonly inter_eye_distance: number
  readonly sharpness: number
  /** Degrees, estimated from five points: to the person's left, up and clockwise are positive. */
  readonly head_pose_yaw: number
  readonly head_pose_pitch: number
  readonly head_pose_roll: number
  /** Mean brightness of the face, 0 to 255. */
  readonly luminance_mean: number
  readonly under_exposure_prevention: number
  readonly over_exposure_prevention: number
  readonly dynamic_range: number
}

/** What a picture must have to become part of a gallery: a bad one draws strangers for years. */
export const enrolmentLimits = {
  interEyeDistanceMin: 60,
  sharpnessMin: 25,
  yawMax: 30,
  pitchMax: 30,
  rollMax: 30,
  exposureMin: 60,
  dynamicRangeMin: 25,
} as const

export type EnrolmentFault =
  | 'eyes_too_close'
  | 'blurred'
  | 'turned_away'
  | 'tilted'
  | 'too_dark'
  | 'too_bright'
  | 'flat'

/** What is wrong with each fault, for the person who takes the picture. */
export const enrolmentAdvice: Readonly<Record<EnrolmentFault, string>> = {
  eyes_too_close: 'Come nearer or take a larger picture: the eyes must be 60 pixels apart.',
  blurred: 'Hold still or clean the lens: the face is blurred.',
  turned_away: 'Look into the camera.',
  tilted: 'Hold the head upright.',
  too_dark: 'Put more light on the face.',
  too_bright: 'Take light away from the face: parts of it are white.',
  flat: 'The face has too little contrast: no glare, fog or glass in front of it.',
}

/** Why this picture is not enrolled; empty when it may be. */
export function enrolmentFaults(quality: FaceQuality): readonly EnrolmentFault[] {
  return faultsBelow(enrolmentLimits, quality)
}

/** What of a face misses limits such as `enrolmentLimits`, what matters most first. */
export function faultsBelow(
  limits: Readonly<Record<keyof typeof enrolmentLimits, number>>,
  quality: FaceQuality,
): readonly EnrolmentFault[] {
  const faults: EnrolmentFault[] = []
  if (quality.inter_eye_distance < limits.interEyeDistanceMin) faults.push('eyes_too_close')
  if (quality.sharpness < limits.sharpnessMin) faults.push('blurred')
  if (
    Math.abs(quality.head_pose_yaw) > limits.yawMax ||
    Math.abs(quality.head_pose_pitch) > limits.pitchMax
  )
    faults.push('turned_away')
  if (Math.abs(quality.head_pose_roll) > limits.rollMax) faults.push('tilted')
  if (quality.under_exposure_prevention < limits.exposureMin) faults.push('too_dark')
  if (quality.over_exposure_prevention < limits.exposureMin) faults.push('too_bright')
  if (quality.dynamic_range < limits.dynamicRangeMin) faults.push('flat')
  return faults
}
