/** Finds plates in a picture: the centre detector's maps turned into corners. */

import type { Corners } from '@sallyport/core/plate'
import * as ort from 'onnxruntime-node'

import { rawImage } from './encode.ts'
import { boxOf, overlap } from './geometry.ts'
import { limits } from './limits.ts'
import type { LoadedModel, PlateDetectorCard } from './models.ts'
import type { Picture } from './picture.ts'

export type DetectedPlate = { readonly corners: Corners; readonly score: number }

/** Plates above the detector's own score cut, best first, in pixels of `picture`. */
export async function detectPlates(
  { card, session }: LoadedModel<PlateDetectorCard>,
  picture: Picture,
): Promise<readonly DetectedPlate[]> {
  const { tensor, scale } = await letterbox(picture, card.input)
  const outputs = await session.run({ image: tensor })
  const score = mapOf(outputs['score'])
  const corners = mapOf(outputs['corners'])
  const found = peaks(score, card.scoreCut).map((at) => ({
    score: score.data[at] ?? 0,
    corners: cornersAt(corners, at, scale),
  }))
  return keepSeparate(found).slice(0, limits.platesPerPictureMax)
}

type FeatureMap = { readonly data: Float32Array; readonly width: number; readonly height: number }

function mapOf(tensor: ort.Tensor | undefined): FeatureMap {
  if (tensor === undefined || !(tensor.data instanceof Float32Array)) {
    throw new Error('The detector has other outputs than its card promises.')
  }
  return { data: tensor.data, width: tensor.dims[3] ?? 0, height: tensor.dims[2] ?? 0 }
}

/** The picture scaled into the top left of the network's input, the rest grey, planes 0 to 1. */
async function letterbox(
  picture: Picture,
  input: { readonly width: number; readonly height: number },
): Promise<{ tensor: ort.Tensor; scale: number }> {
  // Small pictures are not blown up: a plate would become larger than any the detector knows.
  const scale = Math.min(1, input.width / picture.width, input.height / picture.height)
  const width = Math.max(1, Math.round(picture.width * scale))
  const height = Math.max(1, Math.round(picture.height * scale))
  const pixels = await rawImage(picture)
    .resize({ width, height, fit: 'fill', kernel: scale < 1 ? 'linear' : 'cubic' })
    .raw()
    .toBuffer()
  const plane = input.width * input.height
  const data = new Float32Array(plane * 3).fill(114 / 255)
  for (let row = 0; row < height; row++) {
    let from = row * width * 3
    let to = row * input.width
    for (let column = 0; column < width; column++, from += 3, to++) {
      data[to] = (pixels[from] ?? 0) / 255
      data[to + plane] = (pixels[from + 1] ?? 0) / 255
      data[to + 2 * plane] = (pixels[from + 2] ?? 0) / 255
    }
  }
  return { tensor: new ort.Tensor('float32', data, [1, 3, input.height, input.width]), scale }
}

/** Cells at or above the cut that no neighbour beats, best first. */
function peaks({ data, width, height }: FeatureMap, cut: number): readonly number[] {
  const found: number[] = []
  for (let at = 0; at < width * height; at++) {
    const score = data[at] ?? 0
    if (score < cut) continue
    const column = at % width
    const row = (at - column) / width
    let highest = true
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
        if ((data[y * width + x] ?? 0) > score) highest = false
      }
    }
    if (highest) found.push(at)
  }
  return found
    .sort((a, b) => (data[b] ?? 0) - (data[a] ?? 0))
    .slice(0, limits.platesPerPictureMax * 8)
}

function cornersAt({ data, width, height }: FeatureMap, at: number, scale: number): Corners {
  const plane = width * height
  const corner = (index: number) => ({
    x: (data[2 * index * plane + at] ?? 0) / scale,
    y: (data[(2 * index + 1) * plane + at] ?? 0) / scale,
  })
  return [corner(0), corner(1), corner(2), corner(3)]
}

/** Non-maximum suppression: of detections that overlap, the best stays. */
function keepSeparate(found: readonly DetectedPlate[]): readonly DetectedPlate[] {
  const kept: DetectedPlate[] = []
  for (const plate of found) {
    const box = boxOf(plate.corners)
    if (kept.every((other) => overlap(box, boxOf(other.corners)) < 0.3)) kept.push(plate)
  }
  return kept
}
