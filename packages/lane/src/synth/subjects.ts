/** What passes a drawn camera at one moment, as SVG with where it is. */

import { type Condition, conditions } from './conditions.ts'
import { dim } from './paint.ts'
import type { DrawnLane, PassPlan, Pose } from './pass-plan.ts'
import type { HeadPainter } from './people.ts'
import { type DrawnVehicle, drawVehicle } from './vehicle.ts'
import type { WalkPlan } from './walk-plan.ts'
import { drawWalkers } from './walker.ts'

export type Subject = Omit<DrawnVehicle, 'corners'> & {
  /** Of the plate; null for people on foot. */
  readonly corners: DrawnVehicle['corners'] | null
}

/** Draws the vehicle or the people of a plan at one of its poses. */
export async function drawSubject(
  plan: PassPlan | WalkPlan,
  pose: Pose,
  { camera }: DrawnLane,
  heads: HeadPainter,
): Promise<Subject> {
  const condition = conditions[plan.condition]
  const people = plan.kind === 'walk' ? plan.walkers : plan.vehicle.people
  const seated = await Promise.all(
    people.map(async (person) => ({ person, head: await heads.draw(person, condition.light) })),
  )
  if (plan.kind === 'walk')
    return { ...drawWalkers(plan, seated, pose, camera, condition), corners: null }
  const { distance, aside } = pose
  return drawVehicle(
    plan.vehicle,
    { camera, distance, aside },
    vehicleLight(plan, pose, condition),
    plan.vehicle.facing === 'front' ? seated : [],
  )
}

function vehicleLight(plan: PassPlan, pose: Pose, condition: Condition) {
  return {
    light: condition.light,
    sky: condition.mirror,
    lampsOn: condition.lampsOn,
    brakesOn: plan.vehicle.facing === 'rear' && pose.speed < 1,
    plate: {
      light: dim(condition.light, 0.97),
      reflection: condition.plateGain,
      dirt: plan.flaws.includes('dirt') ? 0.85 : 0.06,
      frame: plan.flaws.includes('frame'),
    },
  }
}
