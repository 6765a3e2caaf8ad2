/** Heads for tests: ray-marched from blended ellipsoids, so that no photograph of anybody is needed. */

import type { Picture } from '../../picture.ts'

export type HeadPose = {
  /** Degrees; to the left of the person, and down, are positive. */
  readonly yaw?: number
  readonly pitch?: number
  /** 0 is dark, 1 bright. */
  readonly light?: number
}

type Vector = readonly [number, number, number]

/** What tells people apart, each about -1 to 1. */
type Person = {
  readonly width: number
  readonly jaw: number
  readonly noseLength: number
  readonly noseWidth: number
  readonly eyeGap: number
  readonly eyeSize: number
  readonly brow: number
  readonly lips: number
  readonly mouth: number
  readonly skin: Vector
  readonly hair: Vector
}

/** A head of person number `who`, about two thirds as high as the picture; the same one every time. */
export function drawHead(who: number, side: number, pose: HeadPose = {}): Picture {
  const person = personOf(who)
  const data = new Uint8Array(side * side * 3)
  const [yaw, pitch] = [((pose.yaw ?? 0) * Math.PI) / 180, ((pose.pitch ?? 0) * Math.PI) / 180]
  const turn = turning(-yaw, pitch)
  const light = normalised(turn([-0.4, 0.6, 0.9]))
  const noise = randomOf(who * 7919 + side)
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const x = ((column + 0.5) / side - 0.5) * 3.3
      const y = (0.5 - (row + 0.5) / side) * 3.3
      const colour = seen(person, turn([x, y, 4]), turn([0, 0, -1]), light, pose.light ?? 0.75)
      const grain = (noise() - 0.5) * 6
      for (let channel = 0; channel < 3; channel++) {
        const value = (colour?.[channel] ?? 0.45 + 0.1 * (row / side)) * 255 + grain
        data[(row * side + column) * 3 + channel] = Math.max(0, Math.min(255, Math.round(value)))
      }
    }
  }
  return { width: side, height: side, data }
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

function personOf(who: number): Person {
  const random = randomOf(who + 1)
  const around = (): number => random() * 2 - 1
  const tone = random()
  return {
    width: around(),
    jaw: around(),
    noseLength: around(),
    noseWidth: around(),
    eyeGap: around(),
    eyeSize: around(),
    brow: around(),
    lips: around(),
    mouth: around(),
    skin: [0.95 - 0.45 * tone, 0.76 - 0.42 * tone, 0.64 - 0.4 * tone],
    hair: [0.08 + 0.4 * random(), 0.06 + 0.25 * random(), 0.04 + 0.12 * random()],
  }
}

type Part = {
  readonly at: Vector
  readonly radii: Vector
  readonly colour: Vector
  /** How far it melts into the head; 0 stands by itself. */
  readonly blend: number
}

const built = new Map<Person, readonly Part[]>()

function partsOf(person: Person): readonly Part[] {
  const known = built.get(person)
  if (known !== undefined) return known
  const { skin, hair } = person
  const wide = 0.78 + 0.05 * person.width
  const gap = 0.3 + 0.03 * person.eyeGap
  const eye = 0.1 + 0.015 * person.eyeSize
  const nose = -0.22 - 0.06 * person.noseLength
  const mouth = -0.52 - 0.05 * person.mouth
  const lipColour: Vector = [skin[0] * 0.78, skin[1] * 0.5, skin[2] * 0.5]
  const dark: Vector = [0.06, 0.04, 0.04]
  const pair = (x: number, rest: Vector, radii: Vector, colour: Vector, blend: number): Part[] =>
    [-1, 1].map((hand) => ({ at: [hand * x, rest[1], rest[2]], radii, colour, blend }))
  const parts: readonly Part[] = [
    { at: [0, 0.25, 0], radii: [wide, 0.95, 0.9], colour: skin, blend: 0.2 },
    {
      at: [0, -0.45, 0.16],
      radii: [wide * 0.74 + 0.05 * person.jaw, 0.62, 0.62],
      colour: skin,
      blend: 0.25,
    },
    { at: [0, -1.3, -0.1], radii: [0.42, 0.7, 0.42], colour: skin, blend: 0.15 },
    ...pair(0.4, [0, -0.15, 0.55], [0.26, 0.22, 0.2], skin, 0.15),
    { at: [0, 0.02, 0.82], radii: [0.09, 0.26, 0.13], colour: skin, blend: 0.1 },
    {
      at: [0, nose, 0.95],
      radii: [0.13 + 0.02 * person.noseWidth, 0.1, 0.14],
      colour: skin,
      blend: 0.08,
    },
    ...pair(0.12, [0, nose - 0.03, 0.87], [0.08, 0.07, 0.09], skin, 0.06),
    ...pair(gap, [0, 0.1, 0.72], [eye * 1.45, eye * 0.75, 0.1], [0.93, 0.92, 0.9], 0),
    ...pair(gap, [0, 0.1, 0.775], [eye * 0.62, eye * 0.66, 0.06], dark, 0),
    ...pair(gap, [0, 0.1 + eye * 0.72, 0.74], [eye * 1.6, eye * 0.3, 0.12], skin, 0.02),
    ...pair(
      gap,
      [0, 0.31 + 0.03 * person.brow, 0.76],
      [0.2, 0.035 + 0.01 * person.brow, 0.07],
      hair,
      0,
    ),
    {
      at: [0, mouth + 0.045, 0.73],
      radii: [0.24, 0.05 + 0.012 * person.lips, 0.08],
      colour: lipColour,
      blend: 0.02,
    },
    {
      at: [0, mouth - 0.05, 0.73],
      radii: [0.2, 0.06 + 0.015 * person.lips, 0.08],
      colour: lipColour,
      blend: 0.02,
    },
    { at: [0, mouth, 0.79], radii: [0.22, 0.012, 0.05], colour: dark, blend: 0 },
    ...pair(wide, [0, 0.02, -0.05], [0.1, 0.22, 0.16], skin, 0.05),
    { at: [0, 0.62, -0.22], radii: [wide + 0.1, 0.82, 0.92], colour: hair, blend: 0 },
  ]
  built.set(person, parts)
  return parts
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
      return colourAt(parts, point).map((value) => Math.min(1, value * bright))
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

function colourAt(parts: readonly Part[], point: Vector): Vector {
  let nearest: Part | null = null
  let distance = Infinity
  for (const part of parts) {
    const own = ellipsoid(part, point)
    if (own >= distance) continue
    distance = own
    nearest = part
  }
  return nearest?.colour ?? [0, 0, 0]
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

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
