/** Finds faces in a picture: the detector's boxes, without those that overlap. */

import type { Box } from '@sallyport/core/plate'
import * as ort from 'onnxruntime-node'

import { rawImage } from '../encode.ts'
import { overlap } from '../geometry.ts'
import { floatsOf } from '../models.ts'
import type { Picture } from '../picture.ts'
import { anchorGrids } from './anchors.ts'
import { faceLimits } from './face-limits.ts'
import { type Normalisation, samplePlanes } from './sample.ts'

export type DetectedFace = {
  /** Pixels of the picture; may reach beyond it. */
  readonly box: Box
  /** How sure the detector is, 0 to 1. It is no probability. */
  readonly score: number
}

/** Sizes at which a picture is looked at: its longer side in detector pixels, and the border around it. */
type Pass = { readonly side: number; readonly border: number }

/**
 * The detector misses faces that fill the frame. Seen small, inside a border, it finds nearly all of
 * them (docs/performance.md); the far ones of a large frame need a second look at more pixels.
 */
const nearPass: Pass = { side: 256, border: 16 }
const farPass: Pass = { side: 640, border: 0 }

const normalisation: Normalisation = {
  mean: [127.5, 127.5, 127.5],
  scale: [1 / 127.5, 1 / 127.5, 1 / 127.5],
  order: 'rgb',
}
const grey = 127.5
const cell = 32
const overlapMax = 0.4

/** Faces, the surest first. */
export async function detectFaces(
  session: ort.InferenceSession,
  picture: Picture,
  scoreCut: number,
  near: Pass = nearPass,
): Promise<readonly DetectedFace[]> {
  const found = await detectAt(session, picture, near, scoreCut)
  const isLarge = Math.max(picture.width, picture.height) > near.side * 1.5
  const far = isLarge ? await detectAt(session, picture, farPass, scoreCut) : []
  return keepSeparate([...found, ...far])
}

async function detectAt(
  session: ort.InferenceSession,
  picture: Picture,
  { side, border }: Pass,
  scoreCut: number,
): Promise<readonly DetectedFace[]> {
  const longer = Math.max(picture.width, picture.height)
  // Blowing up adds pixels but no detail; a size that is nearly right is left alone.
  const scale = longer <= side ? 1 : side / longer
  const sized = scale > 0.9 ? picture : await resized(picture, scale)
  const width = roundedUp(sized.width + 2 * border)
  const height = roundedUp(sized.height + 2 * border)
  const left = Math.floor((width - sized.width) / 2)
  const top = Math.floor((height - sized.height) / 2)
  const data = new Float32Array(3 * width * height)
  const where = { a: 1, b: 0, tx: -left, ty: -top }
  samplePlanes(sized, where, { width, height, data, normalisation, outside: grey })
  const image = new ort.Tensor('float32', data, [1, 3, height, width])
  const outputs = await session.run({ image })
  const toPicture = picture.width / sized.width
  return decode(
    floatsOf(outputs, 'boxes'),
    floatsOf(outputs, 'scores'),
    width,
    height,
    scoreCut,
  ).map(({ box, score }) => ({
    score,
    box: {
      x: (box.x - left) * toPicture,
      y: (box.y - top) * toPicture,
      width: box.width * toPicture,
      height: box.height * toPicture,
    },
  }))
}

function roundedUp(size: number): number {
  return Math.ceil(size / cell) * cell
}

async function resized(picture: Picture, scale: number): Promise<Picture> {
  const width = Math.max(1, Math.round(picture.width * scale))
  const height = Math.max(1, Math.round(picture.height * scale))
  const data = await rawImage(picture)
    .resize({ width, height, fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer()
  return { width, height, data }
}

/** Boxes of the cells whose score reaches the cut, in detector pixels. */
function decode(
  boxes: Float32Array,
  logits: Float32Array,
  width: number,
  height: number,
  scoreCut: number,
): readonly DetectedFace[] {
  const logitCut = Math.log(scoreCut / (1 - scoreCut))
  const found: DetectedFace[] = []
  let first = 0
  let columns = width / 16
  let rows = height / 16
  for (const { stride, sizes } of anchorGrids) {
    for (let at = 0; at < rows * columns * sizes.length; at++) {
      const logit = logits[first + at] as number
      if (logit < logitCut) continue
      const place = Math.floor(at / sizes.length)
      const [tall = 0, wide = 0] = sizes[at % sizes.length] ?? []
      const coded = boxes.subarray((first + at) * 4, (first + at) * 4 + 4)
      const [dy = 0, dx = 0, logHeight = 0, logWidth = 0] = coded
      const y = (Math.floor(place / columns) + 0.5) * stride + (dy / 10) * tall
      const x = ((place % columns) + 0.5) * stride + (dx / 10) * wide
      const boxHeight = Math.exp(logHeight / 5) * tall
      const boxWidth = Math.exp(logWidth / 5) * wide
      found.push({
        score: 1 / (1 + Math.exp(-logit)),
        box: { x: x - boxWidth / 2, y: y - boxHeight / 2, width: boxWidth, height: boxHeight },
      })
    }
    first += rows * columns * sizes.length
    columns = Math.ceil(columns / 2)
    rows = Math.ceil(rows / 2)
  }
  return found
}

/** Non-maximum suppression: of boxes that overlap, the surest stays. */
export function keepSeparate<One extends DetectedFace>(found: readonly One[]): readonly One[] {
  const kept: One[] = []
  for (const face of found.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(face.box, other.box) < overlapMax)) kept.push(face)
    if (kept.length === faceLimits.facesPerPictureMax) break
  }
  return kept
}
