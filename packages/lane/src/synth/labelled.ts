/**
 * Drawn pictures with labels, as many as wanted: picture n of a seed and a shape is always the same,
 * whatever was drawn before. Blocks of twenty share a lane, whose empty picture is drawn once.
 */

import { drawnGroup, type Share, type TrafficShape } from '@sallyport/core/cohort-shape'
import { pooled } from '@sallyport/core/cohorts'
import type { Corners } from '@sallyport/core/plate'

import type { ConditionName } from './conditions.ts'
import { Painter } from './painter.ts'
import {
  type DrawnLane,
  drawnFrame,
  drawnLane,
  type PassPlan,
  planPass,
  truthOf,
} from './pass-plan.ts'
import { between, pick, type Random, pickWeighted, randomFrom } from './random.ts'

export const blockSize = 20

export type LabelledPicture = {
  readonly number: number
  readonly jpeg: Uint8Array
  readonly text: string
  /** Coarse: the designs are invented. */
  readonly jurisdiction: string
  readonly corners: Corners
  readonly condition: ConditionName
  readonly flaws: readonly string[]
  readonly facing: 'front' | 'rear'
}

const light: Readonly<Record<string, readonly ConditionName[]>> = {
  bright: ['day', 'overcast'],
  dim: ['dusk', 'low_sun', 'rain'],
  dark: ['night', 'night_rain'],
}
const anyLight = Object.values(light).flat()
/** Of the drawn cameras, pixels, and of a plate. */
const focal = 1720
const plateMetres = 0.32
/** Nearer than this the plate leaves the picture, further no reader reads it. */
const metres = { min: 3.4, max: 22 } as const
const widthsWithoutShape = [40, 240] as const
/** Passes looked through for one of a wanted jurisdiction; the rarest is one in eight. */
const triesMax = 200

/** The pictures of one block in order. */
export async function* drawBlock(
  seed: string,
  block: number,
  shape: TrafficShape | null,
): AsyncGenerator<LabelledPicture, void> {
  const lane = drawnLane(`${seed} lane ${block}`)
  const painter = new Painter(lane)
  const weather = randomFrom(`${seed} weather ${block}`)
  let condition = conditionOf(weather, shape)
  for (let at = 0; at < blockSize; at++) {
    // The light changes once: every change costs as much as two vehicles.
    if (at === blockSize / 2) condition = conditionOf(weather, shape)
    const number = block * blockSize + at
    const random = randomFrom(`${seed} picture ${number}`)
    const plan = { ...planOf(lane, number, random, shape), condition }
    yield { number, ...(await drawVisible(painter, plan, random, shape)), ...saidOf(plan, lane) }
  }
}

function saidOf(plan: PassPlan, lane: DrawnLane) {
  const { text, design } = truthOf(plan)
  const { condition, flaws } = plan
  return { text, jurisdiction: design.jurisdiction, condition, flaws, facing: lane.facing }
}

/** A vehicle of the jurisdiction whose turn it is. */
function planOf(
  lane: DrawnLane,
  number: number,
  random: Random,
  shape: TrafficShape | null,
): PassPlan {
  const wanted = drawnShare(random, shape?.jurisdictions)
  let plan = planPass(lane, number * triesMax)
  for (let tried = 1; tried < triesMax && wanted !== null; tried++) {
    if (drawnGroup(plan.vehicle.plate.design.jurisdiction) === wanted) break
    plan = planPass(lane, number * triesMax + tried)
  }
  return plan
}

/** The vehicle so far away that its plate has the wanted width, or as near that the plate is in the picture. */
async function drawVisible(
  painter: Painter,
  plan: PassPlan,
  random: Random,
  shape: TrafficShape | null,
) {
  const from = drawnShare(random, shape?.widths)
  const width =
    from === null ? between(random, ...widthsWithoutShape) : Number(from) + random() * 20
  const aside = between(random, -0.16, 0.16)
  let distance = Math.min(
    metres.max,
    Math.max(metres.min, (focal * plateMetres) / Math.max(1, width)),
  )
  for (;;) {
    const pose = { atMs: 0, distance, aside, speed: 0 }
    const { jpeg, corners } = await painter.drawPose(plan, pose)
    if (corners !== null && corners.every(isInside)) return { jpeg, corners }
    if (distance >= metres.max) throw new Error('a plate far away is in the picture')
    distance = Math.min(metres.max, distance * 1.15)
  }
}

function isInside({ x, y }: Corners[0]): boolean {
  return x >= 0 && y >= 0 && x <= drawnFrame.width && y <= drawnFrame.height
}

function conditionOf(random: Random, shape: TrafficShape | null): ConditionName {
  return pick(random, light[drawnShare(random, shape?.light) ?? ''] ?? anyLight)
}

/** One value by its share; null where everything may come. */
function drawnShare(random: Random, shares: readonly Share[] = []): string | null {
  if (shares.length === 0) return null
  const value = pickWeighted(
    random,
    shares.map((share) => ({ weight: share.percent, value: share.value })),
  )
  return value === pooled ? null : value
}
