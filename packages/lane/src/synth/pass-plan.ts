/** What drives past a drawn camera: chosen by a seed, known to tests, never told to the pipeline. */

import { type BodyName, bodies, bodyPaints } from './body-types.ts'
import { type ConditionName, conditionNames } from './conditions.ts'
import type { LaneLook } from './lane-stage.ts'
import { type DrawnPerson, somebody } from './people.ts'
import { type PlateDesign, drawText, plateDesigns } from './plate-designs.ts'
import type { Camera } from './projection.ts'
import { type Random, between, pick, pickWeighted, randomFrom } from './random.ts'
import type { Vehicle } from './workbench.ts'

export type DrawnLane = {
  readonly seed: string
  readonly look: LaneLook
  readonly camera: Camera
  /** `front`: vehicles come towards the camera; `rear`: it sees them from behind. */
  readonly facing: 'front' | 'rear'
  /** Vehicles, vehicles so near that one sees who sits in front, or people on foot. */
  readonly sees: 'vehicles' | 'people' | 'walkers'
}

/** Where the vehicle is at one moment of its pass. */
export type Pose = {
  readonly atMs: number
  /** Metres from the camera to the vehicle's near end, and aside from the lane's middle. */
  readonly distance: number
  readonly aside: number
  /** Metres per second. */
  readonly speed: number
}

export type Flaw = 'dirt' | 'defocus' | 'tilt' | 'frame'

export type PassPlan = {
  readonly kind: 'vehicle'
  readonly vehicle: Vehicle
  readonly condition: ConditionName
  readonly flaws: readonly Flaw[]
  /** One pose per frame, in order. */
  readonly poses: readonly Pose[]
  readonly durationMs: number
}

export const drawnFrame = { width: 1280, height: 720, intervalMs: 200 } as const

/** The lane that a seed stands for. */
export function drawnLane(seed: string): DrawnLane {
  const random = randomFrom(`lane ${seed}`)
  const side = random() < 0.5 ? 1 : -1
  const x = side * between(random, 0.9, 1.55)
  const drawn = random() < 0.68 ? 'front' : 'rear'
  const sees = seed.endsWith(':people') ? 'people' : seed.endsWith(':walk') ? 'walkers' : 'vehicles'
  const front = seed.endsWith(':front') || sees !== 'vehicles'
  const facing = front ? 'front' : seed.endsWith(':rear') ? 'rear' : drawn
  return {
    seed,
    facing,
    sees,
    look: {
      booth: side === 1 ? -1 : 1,
      boothColour: pick(random, ['#e4e5e0', '#d8d2c2', '#c9d3d8', '#dfd9cf']),
      slab: pick(random, ['#8f8f8b', '#98958d', '#878a8d']),
    },
    camera: {
      width: drawnFrame.width,
      height: drawnFrame.height,
      focal: 1720,
      at: [x, between(random, 1.8, 2.15), 0],
      pitch: between(random, 0.172, 0.188),
      yaw: -Math.atan(x / 6) * 0.85,
      ...(sees === 'people' ? nearCamera(x * 0.3) : {}),
      ...(sees === 'walkers' ? hallCamera : {}),
    },
  }
}

/** Low and with a long lens: from the plate to the roof, and the eyes are far enough apart. */
function nearCamera(x: number): Partial<Camera> {
  return { height: 960, focal: 3300, at: [x, 1.5, 0], pitch: 0.108, yaw: -Math.atan(x / 6) }
}

/** At the height of faces, beside the way. */
const hallCamera: Partial<Camera> = { focal: 1500, at: [0.3, 1.72, 0], pitch: 0.13, yaw: -0.1 }

/** Pass number `index` of a lane. The light and weather last for some passes, as a day does. */
export function planPass(lane: DrawnLane, index: number, passesPerCondition = 6): PassPlan {
  const random = randomFrom(`pass ${lane.seed} ${index}`)
  const spell = Math.floor(index / passesPerCondition)
  const shift = randomFrom(`weather ${lane.seed}`)
  const first = Math.floor(shift() * conditionNames.length)
  const condition = conditionNames[(first + spell * 3) % conditionNames.length] ?? 'day'
  const picked = pickBody(random)
  const seesPeople = lane.sees === 'people'
  // Behind the windows of the tall ones nobody would be in the picture.
  const body = bodies[seesPeople && isTall(picked) ? 'suv' : picked]
  const flaws = pickFlaws(random)
  const design = pickDesign(random)
  const vehicle: Vehicle = {
    body,
    facing: lane.facing,
    colour: pickWeighted(random, bodyPaints),
    style: Math.floor(random() * 6),
    people: seesPeople ? seatedIn(randomFrom(`people ${lane.seed} ${index}`)) : [],
    plate: {
      design,
      text: drawText(random, design),
      tilt: flaws.includes('tilt') ? between(random, -0.09, 0.09) : between(random, -0.012, 0.012),
    },
  }
  const poses = lane.facing === 'front' ? approach(random) : departure(random)
  const last = poses.at(-1)
  return {
    kind: 'vehicle',
    vehicle,
    condition,
    flaws,
    poses,
    durationMs: (last?.atMs ?? 0) + drawnFrame.intervalMs,
  }
}

/** The bare text on the plate: what a perfect reader says. */
export function truthOf(plan: PassPlan): { readonly text: string; readonly design: PlateDesign } {
  const { design, text } = plan.vehicle.plate
  return { text: text.replace(/[^A-Z0-9]/g, ''), design }
}

function isTall(body: BodyName): boolean {
  return body === 'van' || body === 'truck' || body === 'pickup'
}

function seatedIn(random: Random): readonly DrawnPerson[] {
  const [driver, beside] = [somebody(random), somebody(random)]
  return random() < 0.4 && beside.who !== driver.who ? [driver, beside] : [driver]
}

function pickBody(random: Random): BodyName {
  return pickWeighted(random, [
    { weight: 5, value: 'sedan' },
    { weight: 3, value: 'hatchback' },
    { weight: 5, value: 'suv' },
    { weight: 3, value: 'pickup' },
    { weight: 2, value: 'van' },
    { weight: 1, value: 'truck' },
  ])
}

function pickDesign(random: Random): PlateDesign {
  const jurisdiction = pickWeighted(random, [
    { weight: 10, value: 'US' },
    { weight: 3, value: 'CA' },
    { weight: 3, value: 'MX' },
    { weight: 4, value: 'EU' },
    { weight: 3, value: 'BR' },
  ])
  return pick(
    random,
    plateDesigns.filter((design) => design.jurisdiction === jurisdiction),
  )
}

function pickFlaws(random: Random): readonly Flaw[] {
  const chances: readonly (readonly [Flaw, number])[] = [
    ['frame', 0.2],
    ['tilt', 0.08],
    ['dirt', 0.1],
    ['defocus', 0.06],
  ]
  return chances.filter(([, chance]) => random() < chance).map(([flaw]) => flaw)
}

/** Towards the camera, a stop at the line, and out of the picture below it. */
function approach(random: Random): readonly Pose[] {
  const stop = between(random, 4.75, 5.1)
  const waitMs = between(random, 2600, 5200)
  const coming = [13, 10.4, 8.4, 6.9, 5.9, stop + 0.15]
  const going = [stop - 0.5, stop - 1.3, stop - 2.4, stop - 3.4]
  return timed(random, coming, stop, waitMs, going)
}

/** From below the picture to a stop, then away. */
function departure(random: Random): readonly Pose[] {
  const stop = between(random, 4.75, 5.15)
  const waitMs = between(random, 2200, 4200)
  const coming = [2.5, 3.2, 3.9, 4.45, stop - 0.1]
  const going = [
    stop + 0.5,
    stop + 1.7,
    stop + 3.4,
    stop + 5.8,
    stop + 9,
    stop + 13,
    stop + 18,
    stop + 24,
  ]
  return timed(random, coming, stop, waitMs, going)
}

function timed(
  random: Random,
  coming: readonly number[],
  stop: number,
  waitMs: number,
  going: readonly number[],
): readonly Pose[] {
  const stopped = Array.from(
    { length: Math.max(3, Math.round(waitMs / drawnFrame.intervalMs)) },
    () => stop,
  )
  const distances = [...coming, ...stopped, ...going]
  const aside = between(random, -0.16, 0.16)
  const drift = between(random, -0.12, 0.12)
  return distances.map((distance, at) => ({
    atMs: at * drawnFrame.intervalMs,
    distance,
    aside: aside + drift * Math.min(1, Math.max(0, (distance - stop) / 8)),
    speed: Math.abs(distance - (distances[at + 1] ?? distance)) / (drawnFrame.intervalMs / 1000),
  }))
}
