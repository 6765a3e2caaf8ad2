/** The empty lane: sky, ground, islands, booth and what stands behind. Drawn once and reused. */

import type { Condition } from './conditions.ts'
import { bollards, booth, columns, island, signal } from './lane-furniture.ts'
import { type LaneLook, type Stage, laneHalf } from './lane-stage.ts'
import { Gradients, dim, fill, mix, paint, stroke } from './paint.ts'
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
import { type Random, between } from './random.ts'

/** SVG content, without the outer element, of a lane with nobody in it. */
export function drawLane(
  camera: Camera,
  look: LaneLook,
  condition: Condition,
  random: Random,
): string {
  const gradients = new Gradients('l')
  const stage: Stage = {
    camera,
    look,
    condition,
    gradients,
    random,
    ground: (x, z) => project(camera, [x, 0, z]),
  }
  const drawn = [
    sky(stage),
    horizon(stage),
    asphalt(stage),
    hall(stage),
    fence(stage),
    slab(stage),
    markings(stage),
    condition.lampsOn ? lampPools(stage) : roofShade(stage),
    island(stage, -1),
    island(stage, 1),
    columns(stage),
    bollards(stage, [17.5]),
    booth(stage),
    signal(stage),
    bollards(stage, [6.2, 3.6]),
  ]
  return gradients.defs() + drawn.join('')
}

function sky({ camera, condition, gradients }: Stage): string {
  const end = project(camera, [0, camera.at[1], 400])
  const [top, low] = condition.sky
  const shade = gradients.linear({ x: 0, y: -40 }, { x: 0, y: end.y }, [
    [0, top],
    [1, low],
  ])
  return `<rect width="${camera.width}" height="${camera.height}" fill="${shade}"/>`
}

function horizon({ camera, condition, random }: Stage): string {
  const ridge = (z: number, tall: number, step: number): string => {
    const points: [number, number][] = [[-220, 0]]
    for (let x = -220; x <= 220; x += step) points.push([x, tall * between(random, 0.45, 1)])
    points.push([220, 0])
    return placePath(polygon(points), (x, y) => project(camera, [x, y, z]))
  }
  const haze = condition.sky[1]
  return (
    fill(
      ridge(380, 26, 34),
      mix(mix('#5d7186', haze, 0.5), '#000000', condition.lampsOn ? 0.45 : 0),
    ) +
    fill(ridge(220, 9, 9), paint(mix('#3e5443', haze, 0.22), condition.far)) +
    fill(ridge(150, 4.4, 2.6), paint('#33463a', condition.far))
  )
}

function asphalt({ camera, condition, gradients, ground }: Stage): string {
  const base = condition.wet ? '#3f4347' : '#63666a'
  const shade = gradients.linear(ground(0, 90), ground(0, 3), [
    [0, paint(mix(base, condition.sky[1], condition.wet ? 0.4 : 0.18), condition.far)],
    [0.3, paint(mix(base, condition.mirror, condition.wet ? 0.22 : 0.05), condition.light)],
    [1, paint(base, condition.light)],
  ])
  const far = ground(0, 300).y
  return `<rect x="0" y="${far.toFixed(1)}" width="${camera.width}" height="${(camera.height - far).toFixed(1)}" fill="${shade}"/>`
}

/** The inspection hall on the far side of the plaza. */
function hall({ camera, condition, look, gradients }: Stage): string {
  const at: Place = (x, y) => project(camera, [look.booth * x, y, 46])
  const wall = gradients.linear(at(0, 6), at(0, 0), [
    [0, paint('#d4d3cc', condition.far)],
    [1, paint('#a9a8a1', condition.far)],
  ])
  const windows = Array.from({ length: 7 }, (_, index) =>
    roundedBox([4.6 + index * 2.2, 3.4], [6.2 + index * 2.2, 1.9], 0.05),
  )
  const glass = condition.lampsOn ? '#f3d493' : paint('#4a5b68', condition.far)
  return (
    fill(placePath(rectangle([3.6, 0], [22, 5]), at), wall) +
    fill(placePath(rectangle([3.2, 5], [22, 5.5]), at), paint('#3f5f7d', condition.far)) +
    fill(
      placePath(windows.join(''), at),
      glass,
      condition.lampsOn ? 'opacity=".8"' : 'opacity=".75"',
    )
  )
}

function fence({ camera, condition, look }: Stage): string {
  const at: Place = (x, y) => project(camera, [-look.booth * x, y, 34])
  const posts = Array.from(
    { length: 14 },
    (_, index) => `M${2.6 + index * 1.1} 0L${2.6 + index * 1.1} 1.5`,
  ).join('')
  return (
    fill(placePath(rectangle([2.4, 0], [18, 0.55]), at), paint('#b9bab5', condition.far)) +
    stroke(
      placePath(`${posts}M2.4 1.45L18 1.45M2.4 1L18 1`, at),
      paint('#5e676d', condition.far),
      1.6,
    )
  )
}

/** The lane's own concrete, with joints and the marks that tyres leave. */
function slab({ condition, gradients, ground, look, random }: Stage): string {
  const colour = condition.wet ? mix(look.slab, '#2b2d30', 0.42) : look.slab
  const shade = gradients.linear(ground(0, 26), ground(0, 3), [
    [0, paint(mix(colour, condition.mirror, condition.wet ? 0.45 : 0.12), condition.light)],
    [0.5, paint(mix(colour, condition.mirror, condition.wet ? 0.2 : 0.02), condition.light)],
    [1, paint(colour, dim(condition.light, 0.88))],
  ])
  const bed = rectangle([-laneHalf, 2.6], [laneHalf, 26])
  const joints = Array.from(
    { length: 8 },
    (_, index) => `M${-laneHalf} ${3.4 + index * 3}L${laneHalf} ${3.4 + index * 3}`,
  ).join('')
  const dark = paint('#1f2022', condition.light)
  const tracks = [-0.78, 0.78]
    .map((x) =>
      fill(
        placePath(
          polygon([
            [x - 0.17, 2.6],
            [x - 0.13, 26],
            [x + 0.13, 26],
            [x + 0.17, 2.6],
          ]),
          ground,
        ),
        dark,
        'opacity=".16"',
      ),
    )
    .join('')
  const oil = Array.from({ length: 5 }, () =>
    fill(
      placePath(
        ellipse(
          between(random, -0.5, 0.5),
          between(random, 5, 15),
          between(random, 0.08, 0.3),
          between(random, 0.15, 0.5),
        ),
        ground,
      ),
      dark,
      `opacity="${between(random, 0.1, 0.22).toFixed(2)}"`,
    ),
  ).join('')
  return (
    fill(placePath(bed, ground), shade) +
    tracks +
    oil +
    stroke(placePath(joints, ground), dark, 1.6, 'opacity=".5"')
  )
}

function markings({ condition, ground }: Stage): string {
  const white = paint('#e9e9e4', condition.light, condition.lampsOn ? 1.15 : 0.98)
  const stop = rectangle([-1.6, 4.35], [1.6, 4.65])
  const arrow = polygon([
    [-0.1, 13.5],
    [-0.1, 10.6],
    [-0.34, 10.6],
    [0, 9.4],
    [0.34, 10.6],
    [0.1, 10.6],
    [0.1, 13.5],
  ])
  const edges = [-4.9, 4.9].map((x) => rectangle([x - 0.07, 3], [x + 0.07, 60]))
  return fill(placePath(stop + arrow + edges.join(''), ground), white, 'opacity=".82"')
}

/** Lamps under the canopy light the lane from above. */
function lampPools({ condition, gradients, ground }: Stage): string {
  const strength = condition.name === 'dusk' ? 0.22 : 0.42
  return [5.5, 11, 17]
    .map((z) => {
      const [centre, side] = [ground(0, z), ground(3.2, z)]
      const radius = side.x - centre.x
      const squash = Math.abs(ground(0, z - 2).y - ground(0, z + 2).y) / (radius * 1.25)
      const pool = gradients.radial({ x: 0, y: 0 }, radius, [
        [0, paint('#ffe7bf', undefined, 1, strength)],
        [0.55, paint('#ffdca6', undefined, 1, strength * 0.45)],
        [1, paint('#ffdca6', undefined, 1, 0.001)],
      ])
      return `<g transform="translate(${centre.x.toFixed(1)} ${centre.y.toFixed(1)}) scale(1 ${squash.toFixed(3)})"><circle r="${radius.toFixed(1)}" fill="${pool}"/></g>`
    })
    .join('')
}

/** By day the canopy's shadow lies over the lane. */
function roofShade({ condition, ground }: Stage): string {
  if (condition.name === 'overcast') return ''
  const lean = condition.name === 'low_sun' ? 3.2 : 0.8
  const shade = polygon([
    [-12, 6.6 + lean],
    [12, 6.6 - lean * 0.4],
    [12, 24],
    [-12, 24],
  ])
  return fill(placePath(shade, ground), '#0f1a2a', 'opacity=".2"')
}
