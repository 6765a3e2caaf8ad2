/** A face as numbers: aligned, described, and where the model wants it averaged with its mirror image. */

import type { Point } from '@sallyport/core/plate'
import * as ort from 'onnxruntime-node'

import { floatsOf } from '../models.ts'
import type { Picture } from '../picture.ts'
import { similarityBetween } from './alignment.ts'
import { mirrorPlanes, type Normalisation, samplePlanes } from './sample.ts'
import { toUnitLength } from './template.ts'

/** A description network and what it wants to see. */
export type Describer = {
  readonly session: ort.InferenceSession
  readonly input: { readonly name: string; readonly width: number; readonly height: number }
  readonly output: string
  readonly dimensions: number
  readonly normalisation: Normalisation
  readonly outside: number
  readonly mirror: boolean
  /** Where the chosen points of a face must stand, input pixels. */
  readonly alignment: readonly Point[]
}

/** The description of the face whose points are `points`, of length 1; null when they are all one point. */
export async function describeFace(
  describer: Describer,
  picture: Picture,
  points: readonly Point[],
): Promise<Float32Array | null> {
  const { session, input, output, dimensions, normalisation, outside, mirror } = describer
  const where = similarityBetween(describer.alignment, points)
  if (where === null || Math.hypot(where.a, where.b) === 0) return null
  const { width, height } = input
  const pictures = mirror ? 2 : 1
  const data = new Float32Array(pictures * 3 * width * height)
  samplePlanes(picture, where, { width, height, data, normalisation, outside })
  if (mirror) mirrorPlanes(data, width, height)
  const image = new ort.Tensor('float32', data, [pictures, 3, height, width])
  const all = floatsOf(await session.run({ [input.name]: image }), output)
  // The planes are a likeness of the face: they are not left for whoever gets this memory next.
  data.fill(0)
  const first = toUnitLength(all.slice(0, dimensions))
  if (!mirror) return first
  const second = toUnitLength(all.slice(dimensions, 2 * dimensions))
  return toUnitLength(first.map((value, at) => value + (second[at] as number)))
}
