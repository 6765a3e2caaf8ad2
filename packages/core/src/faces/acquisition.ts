/** Whether a face seen in passing is good enough to be compared: less than a picture for a gallery needs. */

import { type EnrolmentFault, type FaceQuality, faultsBelow } from '../face-quality.ts'

const acquisitionLimits = {
  interEyeDistanceMin: 30,
  sharpnessMin: 10,
  yawMax: 45,
  pitchMax: 40,
  rollMax: 45,
  exposureMin: 40,
  dynamicRangeMin: 12,
} as const

export const acquisitionFaults = [
  'too_small',
  'blurred',
  'turned_away',
  'tilted',
  'too_dark',
  'too_bright',
  'flat',
  /** The lane describes faces with another model than the hub compares with. */
  'other_model',
  /** What the lane sent does not open, or is no template. */
  'template_not_opened',
] as const
export type AcquisitionFault = (typeof acquisitionFaults)[number]

/** The first reason why this face is not compared; null when it is. */
export function acquisitionFault(quality: FaceQuality): AcquisitionFault | null {
  const [first] = faultsBelow(acquisitionLimits, quality)
  return first === undefined ? null : named(first)
}

function named(fault: EnrolmentFault): AcquisitionFault {
  return fault === 'eyes_too_close' ? 'too_small' : fault
}

/**
 * Which of two pictures of one face says more, 0 to 1: size, sharpness and a face that looks ahead, the
 * worst of them counting most.
 */
export function acquisitionRank(quality: FaceQuality): number {
  const size = Math.min(1, quality.inter_eye_distance / 90)
  const sharp = quality.sharpness / 100
  const turned = Math.max(Math.abs(quality.head_pose_yaw), Math.abs(quality.head_pose_pitch))
  const ahead = Math.max(0, 1 - turned / 60)
  const lit = Math.min(quality.under_exposure_prevention, quality.over_exposure_prevention) / 100
  return (size * sharp * ahead * lit) ** 0.25
}
