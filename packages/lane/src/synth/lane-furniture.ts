/** What stands on the islands beside the lane: kerbs, bollards, columns, booth and signal. */

import type { Condition } from './conditions.ts'
import { type Stage, laneHalf } from './lane-stage.ts'
import { dim, fill, mix, paint, stroke } from './paint.ts'
import {
  type Camera,
  type Place,
  ellipse,
  placePath,
  polygon,
  project,
  rectangle,
  roundedBox,
} from './projection.ts'
export function island({ camera, condition, gradients, look }: Stage, side: 1 | -1): string {
  const inner = laneHalf + 0.05
  const outer = look.booth === side ? 4.1 : 3.1
  const [near, far, tall] = [2.4, 19, 0.18]
  const top: Place = (x, z) => project(camera, [side * x, tall, z])
  const wall: Place = (z, y) => project(camera, [side * inner, y, z])
  const concrete = gradients.linear(top(inner, far), top(inner, near), [
    [0, paint('#b6b5af', dim(condition.light, 0.95))],
    [1, paint(condition.wet ? '#8a8a86' : '#a3a29c', condition.light)],
  ])
  const stripes = Array.from({ length: 28 }, (_, index) => {
    const from = near + index * 0.6
    return fill(
      placePath(rectangle([from, 0], [from + 0.6, tall]), wall),
      paint(index % 2 === 0 ? '#e0b62a' : '#222326', dim(condition.light, 0.86)),
    )
  })
  return (
    fill(placePath(rectangle([inner, near], [outer, far]), top), concrete) +
    stripes.join('') +
    stroke(placePath(`M${near} ${tall}L${far} ${tall}`, wall), paint('#d6d5cf', condition.light), 2)
  )
}

export function bollards({ camera, condition }: Stage, away: readonly number[]): string {
  return away
    .flatMap((z) => [-1, 1].map((side) => bollard(camera, condition, side * (laneHalf + 0.27), z)))
    .join('')
}

function bollard(camera: Camera, condition: Condition, x: number, z: number): string {
  const at: Place = (u, y) => project(camera, [x + u, 0.18 + y, z])
  return (
    fill(
      placePath(roundedBox([-0.085, 0.95], [0.085, 0], 0.05), at),
      paint('#d9a826', condition.light),
    ) +
    fill(
      placePath(roundedBox([-0.085, 0.95], [-0.03, 0], 0.02), at),
      paint('#f4d878', condition.light),
      'opacity=".6"',
    ) +
    fill(
      placePath(rectangle([-0.085, 0.74], [0.085, 0.6]), at),
      paint('#f2f2ee', condition.light, condition.lampsOn ? 1.6 : 1),
    )
  )
}

export function columns({ camera, condition, gradients }: Stage): string {
  return [-1, 1]
    .map((side) => {
      const at: Place = (x, y) => project(camera, [side * 2.75 + x, y, 16])
      const shade = gradients.linear(at(-0.2, 2), at(0.2, 2), [
        [0, paint('#c9ccce', condition.light)],
        [0.4, paint('#e6e8e8', condition.light)],
        [1, paint('#84888b', condition.light)],
      ])
      return fill(placePath(rectangle([-0.18, 0.18], [0.18, 6]), at), shade)
    })
    .join('')
}

export function booth({ camera, condition, look, gradients }: Stage): string {
  const [near, far, inner, outer] = [7.4, 10.4, 2.25, 3.7]
  const front: Place = (x, y) => project(camera, [look.booth * x, y, near])
  const side: Place = (z, y) => project(camera, [look.booth * inner, y, z])
  const wall = paint(look.boothColour, condition.light)
  const shaded = gradients.linear(side(near, 1), side(far, 1), [
    [0, paint(look.boothColour, dim(condition.light, 0.78))],
    [1, paint(look.boothColour, dim(condition.light, 0.62))],
  ])
  const lit = condition.lampsOn
  const glass = gradients.linear(front(inner, 2.2), front(inner, 1.2), [
    [0, lit ? '#f5dca4' : paint(mix('#30404c', condition.mirror, 0.55), condition.light)],
    [1, lit ? '#cf9f5c' : paint('#2a3740', condition.light)],
  ])
  const face = (low: number, high: number): string => rectangle([inner, low], [outer, high])
  const flank = (low: number, high: number): string => rectangle([near, low], [far, high])
  return (
    fill(placePath(flank(0.18, 2.9), side), shaded) +
    fill(placePath(roundedBox([near + 0.25, 2.35], [far - 0.3, 1.15], 0.05), side), glass) +
    fill(placePath(face(0.18, 2.9), front), wall) +
    fill(placePath(roundedBox([inner + 0.14, 2.35], [outer - 0.14, 1.15], 0.05), front), glass) +
    fill(placePath(face(0.72, 0.84), front), paint('#2f5f93', condition.light)) +
    fill(placePath(flank(0.72, 0.84), side), paint('#2f5f93', dim(condition.light, 0.7))) +
    fill(
      placePath(
        polygon([
          [inner + 0.5, 2.35],
          [inner + 0.8, 2.35],
          [inner + 0.55, 1.15],
          [inner + 0.25, 1.15],
        ]),
        front,
      ),
      '#ffffff',
      'opacity=".12"',
    ) +
    stroke(
      placePath(`M${(inner + outer) / 2} 2.35L${(inner + outer) / 2} 1.15`, front),
      paint('#3b4650', condition.light),
      3,
    ) +
    stroke(
      placePath(`M${(near + far) / 2} 2.35L${(near + far) / 2} 1.15`, side),
      paint('#3b4650', condition.light),
      2.5,
    ) +
    stroke(
      placePath(`M${inner} .18L${inner} 2.9`, front),
      paint('#f4f4f0', condition.light),
      1.5,
      'opacity=".6"',
    )
  )
}

/** A post with a lane signal, green over the lane's far end. */
export function signal({ camera, condition, look }: Stage): string {
  const at: Place = (x, y) => project(camera, [-look.booth * 2.15 + x, y, 9])
  const lamp = (y: number, colour: string): string =>
    fill(placePath(ellipse(0, y, 0.075, 0.075), at), colour)
  return (
    fill(
      placePath(rectangle([-0.035, 0.18], [0.035, 2.2]), at),
      paint('#4a5056', condition.light),
    ) +
    fill(
      placePath(roundedBox([-0.13, 2.62], [0.13, 2.02], 0.05), at),
      paint('#17191b', condition.light),
    ) +
    lamp(2.48, '#5a1512') +
    lamp(2.17, '#3fe07a')
  )
}
