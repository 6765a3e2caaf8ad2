/** What the parts of a vehicle are drawn with and on. */

import type { Point } from '@sallyport/core/plate'

import type { Body } from './body-types.ts'
import { type Gradients, type Light, paint } from './paint.ts'
import type { DrawnPerson } from './people.ts'
import type { PlateDesign } from './plate-designs.ts'
import type { PlateLook } from './plate.ts'
import { type Place, placePath } from './projection.ts'

export type Vehicle = {
  readonly body: Body
  readonly facing: 'front' | 'rear'
  readonly colour: string
  readonly plate: { readonly design: PlateDesign; readonly text: string; readonly tilt: number }
  /** Which of the grilles and lamp shapes, from 0. */
  readonly style: number
  /** On the front seats, the driver first; nobody where no camera would see them. */
  readonly people: readonly DrawnPerson[]
}

export type VehicleLight = {
  readonly light: Light
  /** What windows and paint mirror. */
  readonly sky: string
  readonly lampsOn: boolean
  readonly brakesOn: boolean
  readonly plate: PlateLook
}

/** Somebody with the picture of their head, a `data:` address. */
export type Seated = { readonly person: DrawnPerson; readonly head: string }

/** Everything a part needs to draw itself. */
export type Workbench = {
  readonly vehicle: Vehicle
  readonly light: VehicleLight
  readonly gradients: Gradients
  readonly inside: readonly Seated[]
  /** Pixels of a point of the vehicle: metres from its middle, above the ground, behind its near end. */
  readonly at: (x: number, y: number, back: number) => Point
  /** The near end, which bulges: metres from the middle and above the ground. */
  readonly face: Place
  /** Pixels per metre at the near end. */
  readonly scale: number
  /** Tones of the body from bright to dark. */
  readonly tones: {
    readonly high: string
    readonly base: string
    readonly low: string
    readonly deep: string
  }
}

/** How far the near end falls back towards its sides and its top. */
export function faceDepth(body: Body, x: number, y: number): number {
  const across = Math.abs(x) / body.half
  const bulge = body.name === 'truck' || body.name === 'van' ? 0.12 : 0.3
  return bulge * across ** 3 + Math.max(0, y - 0.5) * 0.06
}

/** A lamp's glow around a point of the near end, `radius` in metres. */
export function glow(
  bench: Workbench,
  x: number,
  y: number,
  radius: number,
  colour: string,
): string {
  const centre = bench.face(x, y)
  const reach = radius * bench.scale
  const light = bench.gradients.radial(centre, reach, [
    [0, paint(colour, undefined, 1, 0.95)],
    [0.12, paint(colour, undefined, 1, 0.6)],
    [0.4, paint(colour, undefined, 1, 0.16)],
    [1, paint(colour, undefined, 1, 0.001)],
  ])
  return `<circle cx="${centre.x.toFixed(1)}" cy="${centre.y.toFixed(1)}" r="${reach.toFixed(1)}" fill="${light}"/>`
}

/** A path and its mirror image on the near end. */
export function both(bench: Workbench, path: string): string {
  return placePath(path, bench.face) + placePath(path, (x, y) => bench.face(-x, y))
}

/** A pen's width of `metres` at the near end, in pixels. */
export function penOf(bench: Workbench, metres: number): number {
  return Math.max(0.6, metres * bench.scale)
}
