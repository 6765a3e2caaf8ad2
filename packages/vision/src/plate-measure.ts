/** How a plate stands in its picture, and how its light falls. No character of it is looked at. */

import type { Corners, Point } from '@sallyport/core/plate'

import { rectify } from './geometry.ts'
import type { Picture } from './picture.ts'

/** The upright plate on which light is counted, pixels. */
const upright = { width: 96, height: 48 } as const
/** From here on a sensor of 8 bits says "white" or "black" and no more. */
const clippedAt = { light: 250, dark: 5 } as const

export type PlateLight = {
  /** From the dark to the light parts (5th to 95th percentile), as a share of all the sensor can tell, 0 to 1. */
  readonly contrast: number
  /** Shares of the plate that are white or black without detail, 0 to 1. */
  readonly clippedLight: number
  readonly clippedDark: number
}

export function lightOf(picture: Picture, corners: Corners): PlateLight {
  const { width, height } = upright
  const { data } = rectify(picture, corners, width, height)
  const counts = new Uint32Array(256)
  for (let at = 0; at < data.length; at += 3) {
    // Rec. 601 luma.
    const grey = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)
    const step = Math.round(grey)
    counts[step] = (counts[step] ?? 0) + 1
  }
  const pixels = width * height
  const share = (from: number, to: number): number =>
    counts.subarray(from, to + 1).reduce((sum, one) => sum + one, 0) / pixels
  return {
    contrast: (percentile(counts, 0.95 * pixels) - percentile(counts, 0.05 * pixels)) / 255,
    clippedLight: share(clippedAt.light, 255),
    clippedDark: share(0, clippedAt.dark),
  }
}

function percentile(counts: Uint32Array, pixels: number): number {
  let below = 0
  for (const [step, count] of counts.entries()) {
    below += count
    if (below >= pixels) return step
  }
  return 255
}

/** Degrees by which the plate's text runs downhill; negative when it runs uphill. */
export function tiltOf([topLeft, topRight, bottomRight, bottomLeft]: Corners): number {
  return degrees(sum(topLeft, bottomLeft), sum(topRight, bottomRight))
}

function sum(a: Point, b: Point): Point {
  return { x: a.x + b.x, y: a.y + b.y }
}

function degrees(from: Point, to: Point): number {
  return (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI
}
