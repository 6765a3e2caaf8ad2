/** What stands before the camera of a lane. */

import { laneIds } from './plan.ts'

export function cameraOf(lane: number): string {
  return `replay ${laneIds[lane]}:${lane < 2 ? 'front' : 'rear'}`
}
