/** The 68 points of a face (the numbering of iBUG 300-W, section 2). */

import type { Box, Point } from '@sallyport/core/plate'
import * as ort from 'onnxruntime-node'

import { floatsOf } from '../models.ts'
import type { Picture } from '../picture.ts'
import { type Normalisation, samplePlanes } from './sample.ts'

/** 68 points in pixels of the picture: 0 to 16 jaw, 27 to 35 nose, 36 to 47 eyes, 48 to 67 mouth. */
export type Landmarks = readonly Point[]

const side = 112

const normalisation: Normalisation = {
  mean: [122.782, 117.001, 104.298],
  scale: [1 / 255, 1 / 255, 1 / 255],
  order: 'rgb',
}

/** The points of the face in `box`, which is made square around its middle. */
export async function findLandmarks(
  session: ort.InferenceSession,
  picture: Picture,
  { x, y, width, height }: Box,
): Promise<Landmarks> {
  const square = Math.max(width, height)
  const left = x + (width - square) / 2
  const top = y + (height - square) / 2
  const scale = square / side
  const data = new Float32Array(3 * side * side)
  const where = { a: scale, b: 0, tx: left, ty: top }
  samplePlanes(picture, where, { width: side, height: side, data, normalisation, outside: 0 })
  const image = new ort.Tensor('float32', data, [1, 3, side, side])
  const points = floatsOf(await session.run({ image }), 'points')
  return Array.from({ length: 68 }, (_, at) => ({
    x: left + (points[2 * at] ?? 0) * square,
    y: top + (points[2 * at + 1] ?? 0) * square,
  }))
}

/** The middle of the points from `from` to `to`, both included. */
function middleOf(points: Landmarks, from: number, to: number): Point {
  const chosen = points.slice(from, to + 1)
  return {
    x: chosen.reduce((sum, one) => sum + one.x, 0) / chosen.length,
    y: chosen.reduce((sum, one) => sum + one.y, 0) / chosen.length,
  }
}

/** Middle of the left eye as seen, of the right one, tip of the nose, left and right corner of the mouth. */
export type FivePoints = readonly [Point, Point, Point, Point, Point]

export function fiveOf(points: Landmarks): FivePoints {
  const at = (index: number): Point => points[index] ?? { x: 0, y: 0 }
  return [middleOf(points, 36, 41), middleOf(points, 42, 47), at(30), at(48), at(54)]
}
