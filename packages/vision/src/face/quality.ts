/** Measures what `core/face-quality` judges: size, pose, sharpness and exposure of one face. */

import { type FaceQuality, faceQualityAlgorithm } from '@sallyport/core/face-quality'

import type { Picture } from '../picture.ts'
import { similarityBetween } from './alignment.ts'
import type { FivePoints } from './landmarks.ts'
import { samplePlanes } from './sample.ts'

const side = 96
/** Where the five points of an upright face stand in the measured square; about its middle half is skin. */
const upright = [
  { x: 0.32, y: 0.36 },
  { x: 0.68, y: 0.36 },
  { x: 0.5, y: 0.58 },
  { x: 0.36, y: 0.76 },
  { x: 0.64, y: 0.76 },
].map(({ x, y }) => ({ x: x * side, y: y * side }))
const luma = {
  mean: [0, 0, 0],
  scale: [0.2126, 0.7152, 0.0722],
  order: 'rgb',
} as const

/** The tip of a nose stands about so many eye distances before the eyes. */
const noseDepth = 0.6
/** Share of the way from the eyes to the mouth at which it is seen from the front. */
const noseHeight = 0.58

export function measureQuality(picture: Picture, points: FivePoints): FaceQuality {
  const [left, right] = points
  const distance = Math.hypot(right.x - left.x, right.y - left.y)
  const face = lumaOf(picture, points)
  const sorted = face.toSorted()
  const share = (from: number, to: number): number =>
    face.reduce((count, value) => count + (value >= from && value < to ? 1 : 0), 0) / face.length
  const spread =
    (sorted[Math.floor(face.length * 0.98)] ?? 0) - (sorted[Math.floor(face.length * 0.02)] ?? 0)
  return {
    algorithm: faceQualityAlgorithm,
    inter_eye_distance: rounded(distance, 1),
    sharpness: rounded(sharpnessOf(face), 0),
    ...poseOf(points),
    luminance_mean: rounded(face.reduce((sum, value) => sum + value, 0) / face.length, 0),
    under_exposure_prevention: rounded(100 * (1 - share(0, 25)), 0),
    over_exposure_prevention: rounded(100 * (1 - share(247, 256)), 0),
    dynamic_range: rounded(Math.min(100, (spread / 160) * 100), 0),
  }
}

function lumaOf(picture: Picture, points: FivePoints): Float32Array {
  const data = new Float32Array(side * side * 3)
  const where = similarityBetween(upright, points)
  if (where === null) return data.subarray(0, side * side)
  const target = { width: side, height: side, data, normalisation: luma, outside: 0 }
  samplePlanes(picture, where, target)
  return Float32Array.from(
    { length: side * side },
    (_, at) => (data[at] ?? 0) + (data[at + side * side] ?? 0) + (data[at + 2 * side * side] ?? 0),
  )
}

/**
 * Variance of the Laplacian over the middle of the face against that of its brightness, so that a dark
 * face is not called blurred; noise of a sensor counts as detail, as in every such measure.
 */
function sharpnessOf(face: Float32Array): number {
  let [sum, squares, values, valueSquares, count] = [0, 0, 0, 0, 0]
  for (let row = side * 0.2; row < side * 0.9; row++) {
    for (let column = side * 0.15; column < side * 0.85; column++) {
      const at = Math.floor(row) * side + Math.floor(column)
      const value = face[at] ?? 0
      const around =
        (face[at - 1] ?? 0) + (face[at + 1] ?? 0) + (face[at - side] ?? 0) + (face[at + side] ?? 0)
      const edge = around - 4 * value
      sum += edge
      squares += edge * edge
      values += value
      valueSquares += value * value
      count += 1
    }
  }
  const edges = squares / count - (sum / count) ** 2
  const contrast = Math.max(25, valueSquares / count - (values / count) ** 2)
  return 100 * (1 - Math.exp((-edges / contrast) * 10))
}

function poseOf([left, right, nose, mouthLeft, mouthRight]: FivePoints) {
  const roll = Math.atan2(right.y - left.y, right.x - left.x)
  // Along and across the line of the eyes, in distances between them.
  const distance = Math.max(1e-6, Math.hypot(right.x - left.x, right.y - left.y))
  const seen = (point: { readonly x: number; readonly y: number }) => {
    const x = point.x - (left.x + right.x) / 2
    const y = point.y - (left.y + right.y) / 2
    return {
      x: (x * Math.cos(roll) + y * Math.sin(roll)) / distance,
      y: (y * Math.cos(roll) - x * Math.sin(roll)) / distance,
    }
  }
  const tip = seen(nose)
  const mouth = seen({ x: (mouthLeft.x + mouthRight.x) / 2, y: (mouthLeft.y + mouthRight.y) / 2 })
  const yaw = Math.atan((tip.x - mouth.x / 2) / noseDepth)
  const pitch = Math.atan((noseHeight * mouth.y - tip.y) / noseDepth)
  return {
    head_pose_yaw: degrees(yaw),
    head_pose_pitch: degrees(pitch),
    head_pose_roll: degrees(roll),
  }
}

function degrees(angle: number): number {
  return rounded((angle * 180) / Math.PI, 0)
}

function rounded(value: number, digits: number): number {
  // Adding 0 turns a negative zero into a plain one.
  return Number(value.toFixed(digits)) + 0
}
