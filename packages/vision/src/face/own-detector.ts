/** Detection networks that people bring: one list of boxes, with or without five points. */

import type { Point } from '@sallyport/core/plate'
import * as ort from 'onnxruntime-node'

import { floatsOf } from '../models.ts'
import type { Picture } from '../picture.ts'
import { type DetectedFace, keepSeparate } from './detect-faces.ts'
import type { DetectorCard } from './face-card.ts'
import type { FivePoints } from './landmarks.ts'
import { samplePlanes } from './sample.ts'

export type OwnDetection = DetectedFace & { readonly points?: FivePoints }

const boxFields = 5
const allFields = 15

/** Faces, the surest first. Throws when the network's answer has another shape than the card promises. */
export async function detectWithOwn(
  session: ort.InferenceSession,
  { input, normalisation, output, scoreCut }: DetectorCard,
  picture: Picture,
): Promise<readonly OwnDetection[]> {
  const { width, height } = input
  const scale = Math.max(picture.width / width, picture.height / height)
  const data = new Float32Array(3 * width * height)
  const where = { a: scale, b: 0, tx: 0, ty: 0 }
  samplePlanes(picture, where, { width, height, data, normalisation, outside: 127 })
  const image = new ort.Tensor('float32', data, [1, 3, height, width])
  const outputs = await session.run({ [input.name]: image })
  const rows = floatsOf(outputs, output)
  const fields = outputs[output]?.dims.at(-1) ?? 0
  if (fields !== boxFields && fields !== allFields)
    throw new Error(`The face detector gives ${fields} numbers a face instead of 5 or 15.`)
  const found: OwnDetection[] = []
  for (let at = 0; at + fields <= rows.length; at += fields) {
    const [left = 0, top = 0, right = 0, bottom = 0, score = 0] = rows.subarray(at, at + boxFields)
    // Not "score < cut": a network that gives no number finds no face.
    if (!(score >= scoreCut) || !(right > left) || !(bottom > top)) continue
    const point = (index: number): Point => ({
      x: (rows[at + boxFields + 2 * index] ?? 0) * scale,
      y: (rows[at + boxFields + 2 * index + 1] ?? 0) * scale,
    })
    const box = {
      x: left * scale,
      y: top * scale,
      width: (right - left) * scale,
      height: (bottom - top) * scale,
    }
    const seen = { box, score: Math.min(1, score) }
    found.push(
      fields === boxFields
        ? seen
        : { ...seen, points: [point(0), point(1), point(2), point(3), point(4)] },
    )
  }
  return keepSeparate(found)
}
