/** The demo's cameras: drawn by our own code, then treated like any other camera. */

import type { Clock } from '../clock.ts'
import { Painter } from '../synth/painter.ts'
import { type DrawnLane, type PassPlan, drawnFrame, drawnLane } from '../synth/pass-plan.ts'
import { randomFrom } from '../synth/random.ts'
import {
  type DrawnSpec,
  nextSlot,
  parseDrawnSpec,
  planNext,
  planSlot,
  slotDelay,
} from '../synth/traffic.ts'
import type { WalkPlan } from '../synth/walk-plan.ts'
import type { Frame, FrameSource } from './source.ts'

export type DrawnSettings = {
  /** Time from one vehicle to the next, on average. */
  readonly passEveryMs: number
  /** Passes before light and weather change. */
  readonly passesPerCondition: number
  /** Ends after so many passes; a camera does not. */
  readonly passesMax: number
}

export const drawnDefaults: DrawnSettings = {
  passEveryMs: 16_000,
  passesPerCondition: 5,
  passesMax: Number.POSITIVE_INFINITY,
}

const emptyIntervalMs = 500
/** Light changes over so many frames of an empty lane, as dusk does, once the last vehicle is gone. */
const crossFadeFrames = 14
const quietFrames = 4
/** While nothing moves, so many different frames are shown in turn. */
const standingFrames = 3

/**
 * A camera over the lane that `seed` stands for. A seed that ends in `:front` or `:rear` says which end
 * of the vehicles it sees; otherwise that is drawn too. One that ends in `:people` sees who sits in them,
 * one that ends in `:walk` people on foot. `seed` may be followed by `:by-clock`
 * (`synth/traffic.ts`).
 */
export function drawnSource(
  seed: string,
  clock: Clock,
  settings: DrawnSettings = drawnDefaults,
): FrameSource {
  const spec = parseDrawnSpec(seed)
  return {
    kind: 'synthetic',
    name: `drawn:${seed}`,
    frames: (signal) => film(timetable(spec, clock, settings), clock, settings, signal),
  }
}

/** A vehicle to come, and for how long the lane is empty before it. */
type Coming = { readonly plan: PassPlan | WalkPlan; readonly idleMs: number }
type Timetable = { readonly lane: DrawnLane; readonly next: (index: number) => Coming }

function timetable({ seed, byClock }: DrawnSpec, clock: Clock, settings: DrawnSettings): Timetable {
  const lane = drawnLane(seed)
  const { passEveryMs, passesPerCondition } = settings
  if (byClock === null || passEveryMs === 0) {
    const random = randomFrom(`traffic ${seed}`)
    return {
      lane,
      next(index) {
        const plan = planNext(lane, index, passesPerCondition)
        return { plan, idleMs: passEveryMs * (0.6 + 0.8 * random()) - plan.durationMs }
      },
    }
  }
  let last: number | null = null
  return {
    lane,
    next() {
      const now = clock.now().getTime()
      const slot = nextSlot(last, Math.floor(now / passEveryMs), byClock.returning)
      last = slot
      return {
        plan:
          lane.sees === 'walkers'
            ? planNext(lane, slot, passesPerCondition)
            : planSlot(lane, slot, byClock.returning, passesPerCondition),
        idleMs: (slot + slotDelay(seed, slot)) * passEveryMs - now,
      }
    },
  }
}

async function* film(
  { lane, next }: Timetable,
  clock: Clock,
  settings: DrawnSettings,
  signal: AbortSignal,
): AsyncGenerator<Frame, void> {
  const painter = new Painter(lane)
  const pace = pacer(clock, signal)
  let condition = planNext(lane, 0, settings.passesPerCondition).condition
  for (let index = 0; index < settings.passesMax && !signal.aborted; index++) {
    const { plan, idleMs } = next(index)
    const empty = Math.ceil(Math.max(2_000, idleMs) / emptyIntervalMs)
    const fading = plan.condition === condition ? 0 : quietFrames + crossFadeFrames
    const still: Uint8Array[] = []
    for (let at = 0; at < empty + fading && !signal.aborted; at++) {
      const share = at < fading ? Math.max(0, at + 1 - quietFrames) / (crossFadeFrames + 1) : 1
      const again = still.length >= standingFrames ? still[at % standingFrames] : undefined
      const jpeg =
        again ?? (await painter.drawEmpty(plan.condition, { from: condition, share })).jpeg
      if (share === 1 && again === undefined) still.push(jpeg)
      yield shot(jpeg, clock)
      await pace(emptyIntervalMs)
    }
    condition = plan.condition
    yield* filmPass(plan, painter, clock, pace, signal)
  }
}

async function* filmPass(
  plan: PassPlan | WalkPlan,
  painter: Painter,
  clock: Clock,
  pace: (ms: number) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<Frame, void> {
  let standing: Uint8Array[] = []
  for (const [at, pose] of plan.poses.entries()) {
    if (signal.aborted) return
    const stands = plan.poses[at - 1]?.distance === pose.distance
    if (!stands) standing = []
    // The same few frames in turn: drawing costs time that three lanes share with their readers.
    const again =
      stands && standing.length >= standingFrames ? standing[at % standingFrames] : undefined
    const jpeg = again ?? (await painter.drawPose(plan, pose)).jpeg
    if (stands && again === undefined) standing.push(jpeg)
    yield shot(jpeg, clock)
    await pace(drawnFrame.intervalMs)
  }
}

function shot(jpeg: Uint8Array, clock: Clock): Frame {
  return { image: jpeg, takenAt: clock.now(), monotonicMs: clock.monotonicMs(), pass: 'live' }
}

/** Waits so that frames keep their times; when drawing or reading is late, nothing is caught up. */
function pacer(clock: Clock, signal: AbortSignal): (ms: number) => Promise<void> {
  let due = clock.monotonicMs()
  return async (ms) => {
    due = Math.max(due + ms, clock.monotonicMs())
    await clock.sleep(due - clock.monotonicMs(), signal)
  }
}
