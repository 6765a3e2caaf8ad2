/** Plane geometry of plates: boxes, overlaps, homographies and rectified crops. */

import type { Box, Corners, Point } from '@sallyport/core/plate'

import type { Picture } from './picture.ts'

export function boxOf(corners: Corners): Box {
  const xs = corners.map((corner) => corner.x)
  const ys = corners.map((corner) => corner.y)
  const x = Math.min(...xs)
  const y = Math.min(...ys)
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}

/** Intersection over union, 0 to 1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const both = width * height
  return both / (a.width * a.height + b.width * b.height - both)
}

/** Mean length of the top and bottom edge, pixels. */
export function widthOf([topLeft, topRight, bottomRight, bottomLeft]: Corners): number {
  return (distance(topLeft, topRight) + distance(bottomLeft, bottomRight)) / 2
}

export function heightOf([topLeft, topRight, bottomRight, bottomLeft]: Corners): number {
  return (distance(topLeft, bottomLeft) + distance(topRight, bottomRight)) / 2
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** Moves every corner away from the centre by `margin` of the plate's own size. */
export function growCorners(corners: Corners, marginX: number, marginY = marginX): Corners {
  const [topLeft, topRight, bottomRight, bottomLeft] = corners
  const grow = (corner: Point, across: Point, along: Point): Point => ({
    x: corner.x + (corner.x - across.x) * marginX + (corner.x - along.x) * marginY,
    y: corner.y + (corner.y - across.y) * marginX + (corner.y - along.y) * marginY,
  })
  return [
    grow(topLeft, topRight, bottomLeft),
    grow(topRight, topLeft, bottomRight),
    grow(bottomRight, bottomLeft, topRight),
    grow(bottomLeft, bottomRight, topLeft),
  ]
}

/** Row-major 3×3 matrix without its last element, which is 1. */
export type Homography = readonly [number, number, number, number, number, number, number, number]

/**
 * The homography that takes the unit square (0,0)-(1,1) to the four corners
 * (Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3).
 */
export function squareToCorners([p0, p1, p2, p3]: Corners): Homography {
  const sumX = p0.x - p1.x + p2.x - p3.x
  const sumY = p0.y - p1.y + p2.y - p3.y
  const dx1 = p1.x - p2.x
  const dx2 = p3.x - p2.x
  const dy1 = p1.y - p2.y
  const dy2 = p3.y - p2.y
  const area = dx1 * dy2 - dx2 * dy1
  // Three corners on one line enclose nothing: the parallelogram is the best that can be said.
  const g = Math.abs(area) < 1e-9 ? 0 : (sumX * dy2 - dx2 * sumY) / area
  const h = Math.abs(area) < 1e-9 ? 0 : (dx1 * sumY - sumX * dy1) / area
  return [
    p1.x - p0.x + g * p1.x,
    p3.x - p0.x + h * p3.x,
    p0.x,
    p1.y - p0.y + g * p1.y,
    p3.y - p0.y + h * p3.y,
    p0.y,
    g,
    h,
  ]
}

/**
 * The plate seen from the front: `width` × `height` RGB, sampled bilinearly and averaged over as many
 * samples as a target pixel covers, so that large plates do not alias. Outside the picture the edge
 * is repeated.
 */
export function rectify(
  picture: Picture,
  corners: Corners,
  width: number,
  height: number,
): Picture {
  const [a, b, c, d, e, f, g, h] = squareToCorners(corners)
  const crop = new Uint8Array(width * height * 3)
  const steps = Math.min(
    4,
    Math.max(1, Math.round(Math.max(widthOf(corners) / width, heightOf(corners) / height))),
  )
  const samples = steps * steps
  const { data } = picture
  const lastColumn = picture.width - 1
  const lastRow = picture.height - 1
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at += 3) {
      let red = 0
      let green = 0
      let blue = 0
      for (let sample = 0; sample < samples; sample++) {
        const u = (column + ((sample % steps) + 0.5) / steps) / width
        const v = (row + (Math.floor(sample / steps) + 0.5) / steps) / height
        const w = g * u + h * v + 1
        // Pixel centres lie at half integers.
        const x = Math.min(lastColumn, Math.max(0, (a * u + b * v + c) / w - 0.5))
        const y = Math.min(lastRow, Math.max(0, (d * u + e * v + f) / w - 0.5))
        const x0 = Math.floor(x)
        const y0 = Math.floor(y)
        const fx = x - x0
        const fy = y - y0
        const upper = (y0 * picture.width + x0) * 3
        const right = x0 < lastColumn ? 3 : 0
        const lower = y0 < lastRow ? upper + picture.width * 3 : upper
        const p00 = (1 - fx) * (1 - fy)
        const p10 = fx * (1 - fy)
        const p01 = (1 - fx) * fy
        const p11 = fx * fy
        // Written out: this is the innermost loop, and a loop over three channels doubles its time.
        red +=
          p00 * (data[upper] as number) +
          p10 * (data[upper + right] as number) +
          p01 * (data[lower] as number) +
          p11 * (data[lower + right] as number)
        green +=
          p00 * (data[upper + 1] as number) +
          p10 * (data[upper + right + 1] as number) +
          p01 * (data[lower + 1] as number) +
          p11 * (data[lower + right + 1] as number)
        blue +=
          p00 * (data[upper + 2] as number) +
          p10 * (data[upper + right + 2] as number) +
          p01 * (data[lower + 2] as number) +
          p11 * (data[lower + right + 2] as number)
      }
      crop[at] = red / samples + 0.5
      crop[at + 1] = green / samples + 0.5
      crop[at + 2] = blue / samples + 0.5
    }
  }
  return { width, height, data: crop }
}
