/** A vehicle in front of the camera, seen from its front or its rear. */

import type { Corners, Point } from '@sallyport/core/plate'

import type { Body } from './body-types.ts'
import { Gradients, dim, fill, mix, paint } from './paint.ts'
import { drawPlate } from './plate.ts'
import {
  type Camera,
  type Place,
  ellipse,
  placePath,
  polygon,
  project,
  roundedBox,
  scaleAt,
} from './projection.ts'
import { drawFront } from './vehicle-front.ts'
import { drawRear } from './vehicle-rear.ts'
import {
  type Seated,
  type Vehicle,
  type VehicleLight,
  type Workbench,
  faceDepth,
} from './workbench.ts'

export type DrawnVehicle = {
  readonly svg: string
  readonly corners: Corners
  /** Pixels; may reach beyond the picture. */
  readonly bounds: {
    readonly left: number
    readonly top: number
    readonly right: number
    readonly bottom: number
  }
}

/**
 * SVG of a vehicle whose near end stands `distance` metres from the camera, `aside` metres from the
 * lane's middle, and the four corners of its plate in pixels.
 */
export function drawVehicle(
  vehicle: Vehicle,
  pose: { readonly camera: Camera; readonly distance: number; readonly aside: number },
  light: VehicleLight,
  inside: readonly Seated[],
): DrawnVehicle {
  const { body } = vehicle
  const gradients = new Gradients('v')
  const at = (x: number, y: number, back: number): Point =>
    project(pose.camera, [pose.aside + x, y, pose.distance + back])
  const bench: Workbench = {
    vehicle,
    light,
    gradients,
    inside,
    at,
    face: (x, y) => at(x, y, faceDepth(body, x, y)),
    scale: scaleAt(pose.camera, [pose.aside, 0.6, pose.distance]),
    tones: {
      high: paint(mix(vehicle.colour, '#ffffff', 0.3), light.light),
      base: paint(vehicle.colour, light.light),
      low: paint(mix(vehicle.colour, '#000000', 0.3), light.light),
      deep: paint(mix(vehicle.colour, '#000000', 0.55), light.light),
    },
  }
  const side = Math.sign(pose.camera.at[0] - pose.aside) || 1
  const plate = placePlate(bench)
  const svg = [
    shadow(bench),
    flank(bench, side),
    vehicle.facing === 'front' ? drawFront(bench) : drawRear(bench),
    drawPlate(vehicle.plate.design, vehicle.plate.text, light.plate, plate),
  ]
  return { svg: gradients.defs() + svg.join(''), corners: plate.corners, bounds: bounds(bench) }
}

/** The part of the picture that the drawing, its shadow and its lamps' glow may touch. */
function bounds({ vehicle: { body }, at }: Workbench): DrawnVehicle['bounds'] {
  const corners = [-body.half - 0.6, body.half + 0.6].flatMap((x) =>
    [-0.1, Math.max(body.roofTop, body.tailTop, body.name === 'truck' ? 3.8 : 0) + 0.15].flatMap(
      (y) => [-0.5, body.length + 0.4].map((back) => at(x, y, back)),
    ),
  )
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)]
  return {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  }
}

/** Soft on its edges without a filter: many faint layers, each a little smaller. */
function shadow({ vehicle: { body }, at }: Workbench): string {
  return Array.from({ length: 16 }, (_, layer) => 0.36 - layer * 0.03)
    .map((grow) => {
      const outline = roundedBox(
        [-body.half - grow, -0.12 - grow],
        [body.half + grow, body.length + grow],
        0.3 + grow * 0.5,
      )
      return fill(
        placePath(outline, (x, back) => at(x, 0, back)),
        'rgba(0,0,0,.075)',
      )
    })
    .join('')
}

/** Heights of the near end's edge and of the window's foot, and how far back the cabin begins. */
function nearEnd(
  body: Body,
  front: boolean,
): { readonly top: number; readonly cowl: number; readonly back: number; readonly roof: number } {
  return front
    ? { top: body.noseTop, cowl: body.cowlTop, back: body.cowlBack, roof: body.roofBack }
    : {
        top: body.tailTop,
        cowl: body.tailCowlTop,
        back: body.tailCowlBack,
        roof: body.tailRoofBack,
      }
}

/** The side that the camera sees: body, wheels and windows, one behind the other. */
function flank(bench: Workbench, side: number): string {
  const { vehicle, light, gradients, at, tones } = bench
  const { body } = vehicle
  const front = vehicle.facing === 'front'
  const near = nearEnd(body, front)
  const far = front ? body.tailTop : body.noseTop
  const x = side * body.half * 0.99
  const on: Place = (back, y) => at(x, y, back)
  const skin = gradients.linear(at(x, near.cowl, 1), at(x, body.clearance, 1), [
    [0, paint(mix(vehicle.colour, light.sky, 0.25), light.light)],
    [0.25, tones.low],
    [1, tones.deep],
  ])
  const end = body.length - 0.1
  const outline = polygon([
    [0.18, body.clearance],
    [0.12, near.top],
    [near.back, near.cowl],
    [end - 0.3, Math.max(far, near.cowl - 0.05)],
    [end, far - 0.15],
    [end, body.clearance],
  ])
  const windowsFrom = near.back + 0.25
  const roofFar = front && body.name === 'pickup' ? near.roof + 1.3 : end - 0.9
  const cabin: Place = (back, y) => {
    const up = Math.max(0, Math.min(1, (y - near.cowl) / (body.roofTop - near.cowl)))
    return at(side * (body.beltHalf + (body.roofHalf - body.beltHalf) * up), y, back)
  }
  const pillars = polygon([
    [near.back, near.cowl - 0.04],
    [near.roof, body.roofTop],
    [roofFar + 0.2, body.roofTop],
    [roofFar + 0.6, near.cowl - 0.04],
  ])
  const glass = polygon([
    [windowsFrom, near.cowl],
    [near.roof + 0.15, body.roofTop - 0.1],
    [roofFar, body.roofTop - 0.1],
    [roofFar + 0.35, near.cowl],
  ])
  const shoulder = cornersPath([
    at(x * 0.97, near.top - 0.04, 0.12),
    at(x, near.top - 0.04, 0.3),
    at(x, near.cowl - 0.02, near.back),
    at(x, far - 0.05, end - 0.3),
    at(side * body.beltHalf * 0.94, near.cowl + 0.01, end - 0.6),
    at(side * body.beltHalf * 0.94, near.cowl + 0.01, near.back),
  ])
  const wheels = [0.95, body.length - 0.95].map((back) => wheel(bench, on, back)).join('')
  const boxed = body.name === 'truck' || (!front && body.name === 'van')
  const windows =
    fill(placePath(pillars, cabin), tones.low) +
    (boxed ? '' : fill(placePath(glass, cabin), paint('#10151a', light.light)))
  return fill(placePath(outline, on), skin) + fill(shoulder, tones.base) + windows + wheels
}

function cornersPath(corners: readonly Point[]): string {
  return `M${corners.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`
}

function wheel({ vehicle: { body }, light }: Workbench, on: Place, back: number): string {
  const ring = (radius: number): string => placePath(ellipse(back, body.wheel, radius, radius), on)
  return (
    fill(ring(body.wheel * 1.16), paint('#0a0b0c', light.light)) +
    fill(ring(body.wheel), paint('#17181a', light.light)) +
    fill(ring(body.wheel * 0.64), paint('#8d9298', dim(light.light, 0.8))) +
    fill(ring(body.wheel * 0.2), paint('#33363a', light.light))
  )
}

function placePlate(bench: Workbench): {
  readonly place: Place
  readonly scale: number
  readonly gradients: Gradients
  readonly corners: Corners
} {
  const { vehicle, face, scale, gradients } = bench
  const { design, tilt } = vehicle.plate
  const [width, height] = design.size
  const middle = vehicle.facing === 'front' ? vehicle.body.plateFront : vehicle.body.plateRear
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)]
  const place: Place = (u, v) => {
    const [x, y] = [(u - width / 2) / 1000, (height / 2 - v) / 1000]
    return face(x * cos + y * sin, middle + y * cos - x * sin)
  }
  return {
    place,
    scale: scale / 1000,
    gradients,
    corners: [place(0, 0), place(width, 0), place(width, height), place(0, height)],
  }
}
