/** What a contractor is shown by default: the plate, cut out, and nothing beside it. */

import type { Corners } from '@sallyport/core/plate'
import { encodeJpeg } from '@sallyport/vision/encode'
import { decodePicture, type Picture } from '@sallyport/vision/picture'

import type { ReaderDesk } from '../reader/desk.ts'

export type PlateAlone =
  | { readonly kind: 'shown'; readonly picture: Uint8Array }
  | {
      readonly kind: 'refused'
      readonly code: 'no_plate_found' | 'picture_not_openable' | 'busy'
      readonly detail: string
    }

const quality = 90
/** Of the plate's height, around it: its frame stays visible, a face above it does not. */
const margin = 0.12

/**
 * The picture's surest plate cut out of it, everything outside of the plate black. A picture in
 * which no plate is found shows nothing: what cannot be masked surely is not shown.
 */
export async function plateAlone(
  jpeg: Uint8Array,
  desk: Pick<ReaderDesk, 'read'>,
): Promise<PlateAlone> {
  const read = await desk.read(jpeg)
  if (read.kind === 'busy')
    return {
      kind: 'refused',
      code: 'busy',
      detail: 'Too many plates are being looked for. Ask again shortly.',
    }
  if (read.kind === 'refused')
    return { kind: 'refused', code: 'picture_not_openable', detail: read.detail }
  const plate = read.looks.toSorted((a, b) => b.detection - a.detection)[0]
  if (plate === undefined) {
    return {
      kind: 'refused',
      code: 'no_plate_found',
      detail:
        'No plate was found to cut out. Ask for the original: it needs a person of the agency beside you.',
    }
  }
  const decoded = await decodePicture(jpeg)
  if (decoded.kind === 'refused')
    return { kind: 'refused', code: 'picture_not_openable', detail: decoded.detail }
  return {
    kind: 'shown',
    picture: await encodeJpeg(cutOut(decoded.picture, plate.corners), quality),
  }
}

/** The upright box around the four corners, grown by the margin; pixels outside of them are black. */
export function cutOut(picture: Picture, corners: Corners): Picture {
  const grown = grow(corners)
  const xs = grown.map(({ x }) => x)
  const ys = grown.map(({ y }) => y)
  const left = clamp(Math.floor(Math.min(...xs)), picture.width - 1)
  const top = clamp(Math.floor(Math.min(...ys)), picture.height - 1)
  const width = Math.max(1, clamp(Math.ceil(Math.max(...xs)), picture.width) - left)
  const height = Math.max(1, clamp(Math.ceil(Math.max(...ys)), picture.height) - top)
  const data = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!inside(grown, left + column + 0.5, top + row + 0.5)) continue
      const from = ((top + row) * picture.width + left + column) * 3
      data.set(picture.data.subarray(from, from + 3), (row * width + column) * 3)
    }
  }
  return { width, height, data }
}

type Point = Corners[number]

function grow(corners: Corners): readonly Point[] {
  const centre = {
    x: corners.reduce((sum, { x }) => sum + x, 0) / 4,
    y: corners.reduce((sum, { y }) => sum + y, 0) / 4,
  }
  const height = (distance(corners[0], corners[3]) + distance(corners[1], corners[2])) / 2
  return corners.map(({ x, y }) => {
    const far = Math.max(1, Math.hypot(x - centre.x, y - centre.y))
    const factor = 1 + (margin * height * Math.SQRT2) / far
    return { x: centre.x + (x - centre.x) * factor, y: centre.y + (y - centre.y) * factor }
  })
}

/** Whether a point is on the same side of all four edges. */
function inside(corners: readonly Point[], x: number, y: number): boolean {
  let sign = 0
  for (const [index, from] of corners.entries()) {
    const to = corners[(index + 1) % corners.length]
    if (to === undefined) return false
    const cross = (to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x)
    if (cross === 0) continue
    if (sign === 0) sign = Math.sign(cross)
    else if (Math.sign(cross) !== sign) return false
  }
  return true
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function clamp(value: number, max: number): number {
  return Math.min(max, Math.max(0, value))
}
