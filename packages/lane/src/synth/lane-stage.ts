/** What the empty lane is drawn with and on. */

import type { Condition } from './conditions.ts'
import type { Gradients } from './paint.ts'
import type { Camera, Place } from './projection.ts'
import type { Random } from './random.ts'

export type LaneLook = {
  /** +1: the booth stands to the right of the lane, -1: to the left. */
  readonly booth: 1 | -1
  readonly boothColour: string
  readonly slab: string
}

export type Stage = {
  readonly camera: Camera
  readonly look: LaneLook
  readonly condition: Condition
  readonly gradients: Gradients
  readonly random: Random
  /** On the ground: metres from the lane's middle and away from the camera. */
  readonly ground: Place
}

/** Half of the lane's width, metres. */
export const laneHalf = 1.75
