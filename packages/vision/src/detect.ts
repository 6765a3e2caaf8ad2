/** Finds plates in a picture: the centre detector's maps turned into corners. */

import type { Corners } from '@sallyport/core/plate'
import * as ort from 'onnxruntime-node'

import { rawImage } from './encode.ts'
import { boxOf, overlap } from './geometry.ts'
import { limits } from './limits.ts'
import type { LoadedModel, PlateDetectorCard } from './models.ts'
import type { Picture } from './picture.ts'
import { fillPlanes, fillPlanesShrunk, type Planes } from './planes.ts'

export type DetectedPlate = {
  readonly corners: Corners
  readonly score: number
  /** Below the detector's own cut: worth reading, but only the reading can make it a plate. */
  readonly weak: boolean
}

/** Finds what may be plates, best first, in pixels of the picture. */
export type PlateDetector = (picture: Picture) => Promise<readonly DetectedPlate[]>

/**
 * The detector of a loaded model; several pictures may be asked for at once. A picture much taller than
 * the input, which as a whole would have to be made very small, is looked at in strips as well.
 */
export function plateDetector(model: LoadedModel<PlateDetectorCard>): PlateDetector {
  const look = lookOnce(model)
  return async (picture) => {
    const near: DetectedPlate[] = []
    for (const { top, bottom } of stripsOf(picture, model.card.input)) {
      const { width, data } = picture
      const strip = {
        width,
        height: bottom - top,
        data: data.subarray(top * width * 3, bottom * width * 3),
      }
      for (const plate of await look(strip)) {
        const lowered = { ...plate, corners: movedDown(plate.corners, top) }
        if (!isCut(lowered, top, bottom, picture.height)) near.push(lowered)
      }
    }
    // The strips are finer than the whole: where both find a plate, theirs is kept.
    const found = [...near.toSorted((a, b) => b.score - a.score), ...(await look(picture))]
    return keepSeparate(found)
      .toSorted((a, b) => b.score - a.score)
      .slice(0, limits.platesPerPictureMax)
  }
}

/** What one run of the network finds, best first. */
function lookOnce({ card, session }: LoadedModel<PlateDetectorCard>): PlateDetector {
  const { width, height } = card.input
  // Filling 3 MB of fresh memory for every frame costs as much as halving the frame.
  const spare: Float32Array[] = []
  return async (picture) => {
    const data = spare.pop() ?? new Float32Array(width * height * 3)
    const scale = await letterbox(picture, { data, width, height })
    const image = new ort.Tensor('float32', data, [1, 3, height, width])
    const { score, corners } = mapsOf(await session.run({ image }))
    spare.push(data)
    return peaks(score, card.scoreCut * limits.weakScoreShare).map((at) => {
      const said = score.data[at] ?? 0
      return { score: said, corners: cornersAt(corners, at, scale), weak: said < card.scoreCut }
    })
  }
}

type Size = { readonly width: number; readonly height: number }
type Strip = { readonly top: number; readonly bottom: number }

/** Overlapping strips of the input's shape for a picture that is square or taller; none for others. */
function stripsOf({ width, height }: Picture, input: Size): readonly Strip[] {
  const high = Math.round((width * input.height) / input.width)
  // What two strips share must hold a plate, or it would be whole in neither.
  const step = Math.round(high * 0.8)
  const count = Math.ceil((height - high) / step) + 1
  if (height < width * 0.8 || width < input.width || count > limits.stripsMax) return []
  return Array.from({ length: count }, (_, index) => {
    const top = Math.round(((height - high) * index) / (count - 1))
    return { top, bottom: top + high }
  })
}

function movedDown([a, b, c, d]: Corners, by: number): Corners {
  const moved = ({ x, y }: Corners[0]) => ({ x, y: y + by })
  return [moved(a), moved(b), moved(c), moved(d)]
}

/** Whether a plate reaches to an edge of its strip that is none of the picture. */
function isCut({ corners }: DetectedPlate, top: number, bottom: number, height: number): boolean {
  const { y, height: high } = boxOf(corners)
  const room = high / 8
  return (top > 0 && y < top + room) || (bottom < height && y + high > bottom - room)
}

type FeatureMap = { readonly data: Float32Array; readonly width: number; readonly height: number }

function mapsOf(outputs: ort.InferenceSession.OnnxValueMapType): {
  readonly score: FeatureMap
  readonly corners: FeatureMap
} {
  return { score: mapOf(outputs['score']), corners: mapOf(outputs['corners']) }
}

function mapOf(tensor: ort.OnnxValue | undefined): FeatureMap {
  if (tensor === undefined || !(tensor.data instanceof Float32Array)) {
    throw new Error('The detector has other outputs than its card promises.')
  }
  return { data: tensor.data, width: tensor.dims[3] ?? 0, height: tensor.dims[2] ?? 0 }
}

/** The picture scaled into the top left of the network's input, the rest grey. */
async function letterbox(picture: Picture, planes: Planes): Promise<number> {
  // Small pictures are not blown up: a plate would become larger than any the detector knows.
  const needed = Math.max(1, picture.width / planes.width, picture.height / planes.height)
  const factor = Math.ceil(needed - 1e-9)
  // Cameras' sizes are often whole multiples of the input: those need no second picture.
  const whole = factor <= needed * 1.02
  const scale = whole ? 1 / factor : 1 / needed
  const sized = whole ? null : await resized(picture, scale)
  const width = sized?.width ?? Math.floor(picture.width / factor)
  const height = sized?.height ?? Math.floor(picture.height / factor)
  padAround(planes, width, height)
  if (sized === null) fillPlanesShrunk(picture, factor, planes)
  else fillPlanes(sized, planes)
  return scale
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

const padding = 114 / 255

/** Pads what a picture of this size leaves free; what an earlier picture left there is overwritten. */
function padAround(
  { data, width: wide, height: high }: Planes,
  width: number,
  height: number,
): void {
  const plane = wide * high
  for (let channel = 0; channel < 3; channel++) {
    const from = channel * plane
    if (width < wide) {
      for (let row = 0; row < height; row++) {
        data.fill(padding, from + row * wide + width, from + (row + 1) * wide)
      }
    }
    data.fill(padding, from + height * wide, from + plane)
  }
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
