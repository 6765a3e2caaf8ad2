/** Heads of nobody: ray-marched from blended ellipsoids, so that drawn cameras and tests need no photograph. */

import type { Picture } from '../picture.ts'
import {
  onSkin,
  type Part,
  partsOf,
  type Person,
  personOf,
  randomOf,
  type Vector,
} from './drawn-person.ts'

export type HeadPose = {
  /** Degrees; to the left of the person, and down, are positive. */
  readonly yaw?: number
  readonly pitch?: number
  /** 0 is dark, 1 bright. */
  readonly light?: number
}

/** A head of person number `who`, about two thirds as high as the picture; the same one every time. */
export function drawHead(who: number, side: number, pose: HeadPose = {}): Picture {
  const data = new Uint8Array(side * side * 3)
  const noise = randomOf(who * 7919 + side)
  march(who, side, pose, (at, colour) => {
    const grain = (noise() - 0.5) * 6
    const wall = 0.45 + (0.1 * Math.floor(at / side)) / side
    for (let channel = 0; channel < 3; channel++) {
      const value = (colour?.[channel] ?? wall) * 255 + grain
      data[at * 3 + channel] = Math.max(0, Math.min(255, Math.round(value)))
    }
  })
  return { width: side, height: side, data }
}

/** The same head on nothing, to be laid over a picture: RGBA, not premultiplied. */
export function drawLooseHead(who: number, side: number, pose: HeadPose = {}): Picture {
  const data = new Uint8Array(side * side * 4)
  march(who, side, pose, (at, colour) => {
    if (colour === null) return
    data.set([...colour.map((value) => Math.round(value * 255)), 255], at * 4)
  })
  return { width: side, height: side, data }
}

/** Sends a ray through every pixel, row by row. */
function march(
  who: number,
  side: number,
  pose: HeadPose,
  paint: (at: number, colour: readonly number[] | null) => void,
): void {
  const person = personOf(who)
  const [yaw, pitch] = [((pose.yaw ?? 0) * Math.PI) / 180, ((pose.pitch ?? 0) * Math.PI) / 180]
  const turn = turning(-yaw, pitch)
  const light = normalised(turn([-0.4, 0.6, 0.9]))
  for (let at = 0; at < side * side; at++) {
    const x = (((at % side) + 0.5) / side - 0.5) * 3.3
    const y = (0.5 - (Math.floor(at / side) + 0.5) / side) * 3.3
    paint(at, seen(person, turn([x, y, 4]), turn([0, 0, -1]), light, pose.light ?? 0.75))
  }
}

/** Several pictures side by side and below each other on grey. */
export function arranged(pictures: readonly Picture[], columns: number): Picture {
  const side = pictures[0]?.width ?? 0
  const rows = Math.ceil(pictures.length / columns)
  const width = side * columns
  const data = new Uint8Array(width * side * rows * 3).fill(128)
  for (const [index, picture] of pictures.entries()) {
    const left = (index % columns) * side
    const top = Math.floor(index / columns) * side
    for (let row = 0; row < side; row++) {
      const from = picture.data.subarray(row * side * 3, (row + 1) * side * 3)
      data.set(from, ((top + row) * width + left) * 3)
    }
  }
  return { width, height: side * rows, data }
}

/** The colour where a ray meets the head; null where it misses. */
function seen(person: Person, from: Vector, along: Vector, light: Vector, strength: number) {
  const parts = partsOf(person)
  let depth = 2.4
  for (let step = 0; step < 48 && depth < 5.6; step++) {
    const point = moved(from, along, depth)
    const distance = distanceTo(parts, point)
    if (distance < 0.004) {
      const normal = normalAt(parts, point)
      const lit = Math.max(0, dot(normal, light))
      const inner = distanceTo(parts, moved(point, normal, 0.12)) / 0.12
      const bright =
        (0.35 + 0.75 * lit) * (0.55 + 0.45 * Math.min(1, inner)) * (0.4 + 0.8 * strength)
      return colourAt(person, parts, point).map((value) => Math.min(1, value * bright))
    }
    depth += Math.max(0.006, distance * 0.9)
  }
  return null
}

function distanceTo(parts: readonly Part[], point: Vector): number {
  let distance = Infinity
  for (const part of parts) {
    const own = ellipsoid(part, point)
    const { blend } = part
    if (own - distance >= blend) continue
    const mixed = blend === 0 ? 0 : Math.max(0, blend - Math.abs(distance - own)) / blend
    distance = Math.min(distance, own) - (mixed * mixed * blend) / 4
  }
  return distance
}

function colourAt(person: Person, parts: readonly Part[], point: Vector): Vector {
  let nearest: Part | null = null
  let distance = Infinity
  for (const part of parts) {
    const own = ellipsoid(part, point)
    if (own >= distance) continue
    distance = own
    nearest = part
  }
  const own = nearest?.colour ?? [0, 0, 0]
  return own === person.skin ? (onSkin(person, point) ?? own) : own
}

/** Nearly the distance to an ellipsoid: exact on its surface, never too far near it. */
function ellipsoid({ at, radii }: Part, point: Vector): number {
  const x = (point[0] - at[0]) / radii[0]
  const y = (point[1] - at[1]) / radii[1]
  const z = (point[2] - at[2]) / radii[2]
  const near = Math.sqrt(x * x + y * y + z * z)
  const [u, v, w] = [x / radii[0], y / radii[1], z / radii[2]]
  const slope = Math.sqrt(u * u + v * v + w * w)
  return slope < 1e-9 ? -radii[0] : (near * (near - 1)) / slope
}

function normalAt(parts: readonly Part[], point: Vector): Vector {
  const small = 0.004
  const along = (axis: Vector): number =>
    distanceTo(parts, moved(point, axis, small)) - distanceTo(parts, moved(point, axis, -small))
  return normalised([along([1, 0, 0]), along([0, 1, 0]), along([0, 0, 1])])
}

function turning(yaw: number, pitch: number): (vector: Vector) => Vector {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)]
  return ([x, y, z]) => {
    const up = y * cp - z * sp
    const near = y * sp + z * cp
    return [x * cy + near * sy, up, near * cy - x * sy]
  }
}

function moved(from: Vector, along: Vector, far: number): Vector {
  return [from[0] + along[0] * far, from[1] + along[1] * far, from[2] + along[2] * far]
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

function normalised(vector: Vector): Vector {
  const length = Math.hypot(...vector)
  return [vector[0] / length, vector[1] / length, vector[2] / length]
}
