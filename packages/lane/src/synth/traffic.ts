/**
 * Traffic of a drawn port whose lanes know nothing of each other but the clock. Time is cut into slots;
 * in each a lane sees one vehicle, which its seed and the slot decide. So a lane that leads out can draw
 * the vehicles that another one drew a while ago, and a lane that starts again goes on where time is.
 */

import { type PassPlan, planPass, type DrawnLane, drawnLane } from './pass-plan.ts'
import { randomFrom } from './random.ts'
import { planWalk, type WalkPlan } from './walk-plan.ts'

export type DrawnSpec = {
  readonly seed: string
  /** Null: passes are counted from 0 and begin when the source does. */
  readonly byClock: {
    /** Seeds of the lanes whose vehicles come back here; none for a lane that leads in. */
    readonly returning: readonly string[]
  } | null
}

/** Reads what stands behind `drawn:`: 'SEED', 'SEED:by-clock', or 'SEED:by-clock=SEED+SEED'. */
export function parseDrawnSpec(text: string): DrawnSpec {
  const [, seed, others] = /^(.*?):by-clock(?:=(.+))?$/.exec(text) ?? []
  if (seed === undefined) return { seed: text, byClock: null }
  return { seed, byClock: { returning: others?.split('+') ?? [] } }
}

/**
 * In four slots: the first lane's vehicle after six slots, the second lane's after seven, the first
 * lane's after fourteen, and one that nobody saw enter. No vehicle comes back twice: slots of one lane
 * that are taken leave different remainders.
 */
const round = [
  { lane: 0, slotsAgo: 6 },
  { lane: 1, slotsAgo: 7 },
  { lane: 0, slotsAgo: 14 },
  null,
] as const

/** The remainder of the slots whose vehicles come back soonest, whichever lane drew them. */
const soonest = 2

/**
 * The slot to draw after `last`, when it is `now`. A lane that could not keep up leaves slots out, and goes
 * on with one whose vehicle leaves or left by another lane: otherwise hardly any would be seen twice.
 */
export function nextSlot(last: number | null, now: number, returning: readonly string[]): number {
  const next = Math.max(now + 1, last === null ? now + 1 : last + 1)
  if (last === null || next === last + 1) return next
  const serves = (slot: number): boolean => {
    const turn = slot % round.length
    return returning.length > 0 ? turn === 0 || turn === 1 : turn === soonest
  }
  let slot = next
  while (!serves(slot)) slot += 1
  return slot
}

/** Which vehicle comes back in a slot: the lane that drew it, and when. Null for a stranger. */
export function returningIn(
  slot: number,
  seeds: readonly string[],
): { readonly seed: string; readonly slot: number } | null {
  const turn = round[((slot % round.length) + round.length) % round.length]
  const seed = turn === undefined || turn === null ? undefined : seeds[turn.lane]
  if (turn === undefined || turn === null || seed === undefined) return null
  return { seed, slot: slot - turn.slotsAgo }
}

/** What a lane sees in its pass number `index`. */
export function planNext(
  lane: DrawnLane,
  index: number,
  passesPerCondition: number,
): PassPlan | WalkPlan {
  return lane.sees === 'walkers' ? planWalk(lane, index) : planPass(lane, index, passesPerCondition)
}

/** What a lane sees in a slot: its own pass, by a vehicle that may be another lane's of before. */
export function planSlot(
  lane: DrawnLane,
  slot: number,
  returning: readonly string[],
  passesPerCondition: number,
): PassPlan {
  const own = planPass(lane, slot, passesPerCondition)
  const back = returningIn(slot, returning)
  if (back === null) return own
  const { vehicle } = planPass(drawnLane(back.seed), back.slot, passesPerCondition)
  const { facing } = own.vehicle
  const plate = { ...vehicle.plate, tilt: own.vehicle.plate.tilt }
  return { ...own, vehicle: { ...vehicle, facing, plate } }
}

/** When in its slot a lane's vehicle comes, as a share of the slot, 0 to 0.35. */
export function slotDelay(seed: string, slot: number): number {
  return randomFrom(`slot ${seed} ${slot}`)() * 0.35
}
