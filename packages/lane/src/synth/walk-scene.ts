/** An empty walking lane: a hall with a barrier on either side and the stand of the document reader. */

import type { Condition } from './conditions.ts'
import type { LaneLook } from './lane-stage.ts'
import { dim, fill, Gradients, paint, stroke } from './paint.ts'
import {
  type Camera,
  type Place,
  placePath,
  polygon,
  project,
  rectangle,
  roundedBox,
} from './projection.ts'

/** Half of the way between the barriers, and where the hall ends, metres. */
const half = 1.15
const end = 16

/** SVG content, without the outer element, of a hall with nobody in it. */
export function drawHall(camera: Camera, look: LaneLook, { light }: Condition): string {
  const gradients = new Gradients('h')
  const ground: Place = (x, z) => project(camera, [x, 0, z])
  const ceiling: Place = (x, z) => project(camera, [x, 3.2, z])
  const back: Place = (x, y) => project(camera, [x, y, end])
  const floor = gradients.linear(ground(0, end), ground(0, 1.2), [
    [0, paint('#c9ccca', light)],
    [1, paint('#9fa3a1', light)],
  ])
  const tiles = Array.from({ length: 9 }, (_, at) => `M-8 ${2 + at * 1.6}L8 ${2 + at * 1.6}`)
  const lamps = [3.5, 6.5, 9.5, 12.5].map((z) => rectangle([-1.1, z], [1.1, z + 0.7]))
  return (
    gradients.defs() +
    `<rect width="${camera.width}" height="${camera.height}" fill="${paint('#b9bfc2', dim(light, 0.9))}"/>` +
    fill(placePath(rectangle([-9, 0], [9, 3.2]), back), paint('#d6dadb', light)) +
    fill(placePath(rectangle([-2, 0], [2, 2.3]), back), paint('#6d7d88', light)) +
    fill(
      placePath(rectangle([-9, 2.45], [9, 2.8]), back),
      paint(look.boothColour, dim(light, 0.8)),
    ) +
    fill(placePath(rectangle([-9, 1.2], [9, end]), ground), floor) +
    stroke(placePath(tiles.join(''), ground), paint('#8b908e', light), 1.2, 'opacity=".5"') +
    fill(placePath(rectangle([-9, 1.2], [9, end]), ceiling), paint('#e4e6e6', dim(light, 0.92))) +
    fill(placePath(lamps.join(''), ceiling), '#fbfbf4') +
    barrier(camera, -1, light) +
    barrier(camera, 1, light) +
    stand(camera, look.booth, light)
  )
}

function barrier(camera: Camera, side: -1 | 1, light: Condition['light']): string {
  const on: Place = (z, y) => project(camera, [side * half, y, z])
  const posts = [2.6, 4.4, 6.2, 8, 9.8].map((z) => rectangle([z, 0], [z + 0.06, 1.05]))
  return (
    fill(placePath(rectangle([2.4, 0.12], [10, 0.95]), on), 'rgba(160,190,200,.3)') +
    fill(placePath(posts.join(''), on), paint('#5d666c', light)) +
    fill(placePath(rectangle([2.4, 0.95], [10, 1.03]), on), paint('#3f474d', light))
  )
}

/** Stands aside of where people stop. */
function stand(camera: Camera, side: 1 | -1, light: Condition['light']): string {
  const on: Place = (x, y) => project(camera, [side * (0.72 + x), y, 2.5])
  return (
    fill(placePath(roundedBox([0, 0.98], [0.3, 0], 0.03), on), paint('#4a5258', light)) +
    fill(placePath(roundedBox([-0.03, 1.06], [0.33, 0.96], 0.03), on), paint('#22272b', light)) +
    fill(
      placePath(
        polygon([
          [0.04, 1.04],
          [0.26, 1.04],
          [0.26, 0.99],
          [0.04, 0.99],
        ]),
        on,
      ),
      paint('#3fa06c', light),
    )
  )
}
