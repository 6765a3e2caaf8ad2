/** A face as numbers: aligned, described, and where the model wants it averaged with its mirror image. */

import type { Point } from '@sallyport/core/plate'
import * as ort from 'onnxruntime-node'

import { floatsOf } from '../models.ts'
import type { Picture } from '../picture.ts'
import { similarityBetween } from './alignment.ts'
import { mirrorPlanes, type Normalisation, samplePlanes } from './sample.ts'
import { toUnitLength } from './template.ts'

/** What a description network wants to see, and what it gives. */
export type Describing = {
  readonly input: { readonly name: string; readonly width: number; readonly height: number }
  readonly output: string
  readonly dimensions: number
  readonly normalisation: Normalisation
  readonly outside: number
  readonly mirror: boolean
  /** Where the chosen points of a face must stand, input pixels. */
  readonly alignment: readonly Point[]
}

/** A description network with what it wants to see. */
export type Describer = Describing & { readonly session: ort.InferenceSession }

/** The description of the face whose points are `points`, of length 1; null when they are all one point. */
export async function describeFace(
  describer: Describer,
  picture: Picture,
  points: readonly Point[],
): Promise<Float32Array | null> {
  const { session, input, output } = describer
  const data = alignedPlanes(describer, picture, points)
  if (data === null) return null
  const image = new ort.Tensor('float32', data, [
    picturesOf(describer),
    3,
    input.height,
    input.width,
  ])
  const all = floatsOf(await session.run({ [input.name]: image }), output)
  // The planes are a likeness of the face: they are not left for whoever gets this memory next.
  data.fill(0)
  return descriptionOf(describer, all)
}

/** How many pictures of one face the network takes at once: 2 with the one in the mirror. */
export function picturesOf({ mirror }: Pick<Describing, 'mirror'>): 1 | 2 {
  return mirror ? 2 : 1
}

/** The face as the network wants it, with its mirror image behind; null when its points are all one. */
export function alignedPlanes(
  { alignment, input, normalisation, outside, mirror }: Describing,
  picture: Picture,
  points: readonly Point[],
): Float32Array | null {
  const where = similarityBetween(alignment, points)
  if (where === null || Math.hypot(where.a, where.b) === 0) return null
  const { width, height } = input
  const data = new Float32Array(picturesOf({ mirror }) * 3 * width * height)
  samplePlanes(picture, where, { width, height, data, normalisation, outside })
  if (mirror) mirrorPlanes(data, width, height)
  return data
}

/** The description of length 1 from what the network gave. Throws when these are no usable numbers. */
export function descriptionOf(
  { dimensions, mirror }: Pick<Describing, 'dimensions' | 'mirror'>,
  all: Float32Array,
): Float32Array {
  const first = toUnitLength(all.slice(0, dimensions))
  if (!mirror) return first
  const second = toUnitLength(all.slice(dimensions, 2 * dimensions))
  return toUnitLength(first.map((value, at) => value + (second[at] as number)))
}
