/** People on foot in front of the camera. */

import type { Condition } from './conditions.ts'
import { dim, fill, Gradients, mix, paint } from './paint.ts'
import type { Pose } from './pass-plan.ts'
import { headMetres } from './people.ts'
import { type Camera, type Place, ellipse, placePath, project, roundedBox } from './projection.ts'
import type { WalkPlan, Walker } from './walk-plan.ts'

/** Of the middle of a head above the ground, metres. */
const headHeight = 1.6
/** Nearer than this somebody has passed the camera. */
const nearestMetres = 0.8

type Figure = { readonly person: Walker; readonly head: string }
type Drawn = {
  readonly svg: string
  readonly bounds: Readonly<Record<'left' | 'top' | 'right' | 'bottom', number>>
}

/** SVG of everybody of a plan, the farthest first, and the pixels that it may touch. */
export function drawWalkers(
  plan: WalkPlan,
  heads: readonly { readonly head: string }[],
  pose: Pose,
  camera: Camera,
  { light }: Condition,
): Drawn {
  const gradients = new Gradients('w')
  const figures = plan.walkers
    .flatMap((person, at): readonly Figure[] => {
      const head = heads[at]?.head
      const shown = head !== undefined && pose.distance + person.behind >= nearestMetres
      return shown ? [{ person, head }] : []
    })
    .toSorted((a, b) => b.person.behind - a.person.behind)
  const drawn = figures.map((figure) => {
    const { aside, behind, clothes } = figure.person
    const [x, z] = [pose.aside + aside, pose.distance + behind]
    const on: Place = (u, v) => project(camera, [x + u, v, z])
    const stride = pose.speed === 0 ? 0 : 0.09 * Math.sin(pose.distance * 7 + aside * 9)
    return { at: on, svg: body(on, clothes, stride, gradients, light) + headOf(figure.head, on) }
  })
  const corners = drawn.flatMap(({ at }) => [at(-0.6, -0.1), at(0.6, 1.95)])
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)]
  return {
    svg: gradients.defs() + drawn.map(({ svg }) => svg).join(''),
    bounds: {
      left: Math.min(...xs, camera.width),
      top: Math.min(...ys, camera.height),
      right: Math.max(...xs, 0),
      bottom: Math.max(...ys, 0),
    },
  }
}

function body(
  on: Place,
  clothes: string,
  stride: number,
  gradients: Gradients,
  light: Condition['light'],
): string {
  const cloth = gradients.linear(on(-0.25, 1.2), on(0.25, 1.2), [
    [0, paint(mix(clothes, '#ffffff', 0.12), light)],
    [0.6, paint(clothes, light)],
    [1, paint(clothes, dim(light, 0.7))],
  ])
  const trousers = paint('#2b2f36', light)
  const leg = (side: -1 | 1): string =>
    placePath(roundedBox([side * 0.02, 0.86], [side * (0.17 + stride * side), 0.06], 0.05), on)
  const arm = (side: -1 | 1): string =>
    placePath(roundedBox([side * 0.2, 1.36], [side * (0.3 + 0.4 * stride * side), 0.78], 0.055), on)
  return (
    fill(placePath(ellipse(0, 0.01, 0.3, 0.025), on), 'rgba(0,0,0,.22)') +
    fill(leg(-1) + leg(1), trousers) +
    fill(arm(-1) + arm(1), cloth) +
    fill(placePath(torso, on), cloth)
  )
}

/** From the collar over sloping shoulders to the belt. */
const torso =
  'M-.07 1.45C-.1 1.41 -.25 1.42 -.27 1.31L-.23 .8L.23 .8L.27 1.31C.25 1.42 .1 1.41 .07 1.45C.04 1.43 -.04 1.43 -.07 1.45Z'

function headOf(head: string, on: Place): string {
  const [left, right] = [on(-headMetres / 2, headHeight), on(headMetres / 2, headHeight)]
  const side = right.x - left.x
  return `<image href="${head}" x="${left.x.toFixed(1)}" y="${(left.y - side / 2).toFixed(1)}" width="${side.toFixed(1)}" height="${side.toFixed(1)}"/>`
}
