/** Who walks past a drawn camera: one person or two, towards it, with a stop at the document reader. */

import type { ConditionName } from './conditions.ts'
import { type DrawnLane, drawnFrame, type Pose } from './pass-plan.ts'
import { type DrawnPerson, somebody } from './people.ts'
import { between, type Random, randomFrom } from './random.ts'

export type Walker = DrawnPerson & {
  /** Metres beside and behind the first. */
  readonly aside: number
  readonly behind: number
}

export type WalkPlan = {
  readonly kind: 'walk'
  readonly walkers: readonly Walker[]
  readonly condition: ConditionName
  readonly poses: readonly Pose[]
  readonly durationMs: number
}

/** Where people stand for their document, metres from the camera. */
const stopMetres = 2.1
const metresPerSecond = 1.2
const pairShare = 0.35

/** Pass number `index` of a walking lane: indoors, so that light and weather stay. */
export function planWalk(lane: DrawnLane, index: number): WalkPlan {
  const random = randomFrom(`walk ${lane.seed} ${index}`)
  const first: Walker = { ...somebody(random), aside: between(random, -0.15, 0.05), behind: 0 }
  const pair = random() < pairShare
  const second = somebody(random)
  const behind = between(random, 0.25, 0.6)
  const walkers =
    pair && second.who !== first.who ? [{ ...second, aside: 0.55, behind }, first] : [first]
  const poses = walk(random)
  const durationMs = (poses.at(-1)?.atMs ?? 0) + drawnFrame.intervalMs
  return { kind: 'walk', walkers, condition: 'overcast', poses, durationMs }
}

function walk(random: Random): readonly Pose[] {
  const step = (metresPerSecond * drawnFrame.intervalMs) / 1000
  const coming = Array.from({ length: 18 }, (_, at) => stopMetres + (18 - at) * step)
  const standing = Array.from({ length: Math.round(between(random, 9, 16)) }, () => stopMetres)
  const going = Array.from({ length: 5 }, (_, at) => stopMetres - 0.2 - at * step)
  const distances = [...coming, ...standing, ...going]
  return distances.map((distance, at) => ({
    atMs: at * drawnFrame.intervalMs,
    distance,
    // Past the camera, not through it.
    aside: Math.max(0, stopMetres - distance) * 1.1,
    speed: Math.abs(distance - (distances[at + 1] ?? distance)) / (drawnFrame.intervalMs / 1000),
  }))
}
