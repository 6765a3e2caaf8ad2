/** What is known of the pass that is going on: tracks, and the best pictures of them, in memory. */

import type { TrackedLook } from '@sallyport/core/crossing'
import type { Look } from '@sallyport/core/plate'
import type { Picture } from '@sallyport/vision/picture'

import type { Frame } from './sources/source.ts'
import {
  type Track,
  deservesCrossing,
  isPlausible,
  isSettled,
  leadingTrack,
  readOf,
  trackSettings,
  weightOf,
} from './track.ts'
import type { Trigger, TriggerState } from './trigger.ts'

export const watchSettings = {
  /** A vehicle that stands for so long without any plate is reported as unreadable. */
  plateless: { passMs: 3_500, stillMs: 1_500 },
  /** A pass without a plate is a vehicle only if it moved and was this large, as shares and frames. */
  vehicle: { movingFramesMin: 3, shareMin: 0.06 },
  /** A plate seen within this time means that its vehicle still stands there. */
  occupiedMs: 5_000,
  /** A detection without characters must be this sure to count as a plate. */
  blankDetectionMin: 0.6,
  /** A newer look whose weight is at least this share of the best one's takes its place. */
  newerWeightShare: 0.85,
} as const

/** A frame kept because it is the best so far. */
export type KeptFrame = {
  readonly picture: Picture
  readonly look: TrackedLook | null
  readonly takenAt: Date
  readonly monotonicMs: number
  /** Of a plate's look: the most that any look of its track weighed. */
  readonly weight: number
}

export type Pass = {
  readonly sinceMs: number
  frames: number
  reported: number
  /** Its only crossing has no plate, so that no track shows whether the vehicle still stands there. */
  plateless: boolean
  tracks: readonly Track[]
  readonly best: Map<number, KeptFrame>
  /** The frame in which most of the lane was covered. */
  fullest: KeptFrame | null
  /** The frame looked at last, for people who come after the first crossing was told. */
  latest: KeptFrame | null
}

export function isPlate(look: Look): boolean {
  return look.text !== '' || look.detection >= watchSettings.blankDetectionMin
}

export function isVehicle(pass: TriggerState['pass']): boolean {
  const { movingFramesMin, shareMin } = watchSettings.vehicle
  return pass !== null && pass.movingFrames >= movingFramesMin && pass.shareMax >= shareMin
}

/** A pass that begins now, on the monotonic clock. */
export function beginPass(sinceMs: number): Pass {
  return {
    sinceMs,
    frames: 0,
    reported: 0,
    plateless: false,
    tracks: [],
    best: new Map(),
    fullest: null,
    latest: null,
  }
}

/** Whether a vehicle without any plate has stood long enough to be told. */
export function standsWithoutPlate(
  pass: Pass,
  state: TriggerState['pass'],
  { monotonicMs }: Frame,
): boolean {
  const { plateless } = watchSettings
  if (state === null || pass.reported > 0 || pass.tracks.length > 0) return false
  const long = monotonicMs - pass.sinceMs >= plateless.passMs
  return long && monotonicMs - state.stillSinceMs >= plateless.stillMs && isVehicle(state)
}

/** `facesMs`: when a face was last seen, on the monotonic clock. */
export function isOccupied(
  pass: Pass | null,
  { monotonicMs }: Frame,
  facesMs = Number.NEGATIVE_INFINITY,
): boolean {
  if (pass === null || pass.plateless) return true
  if (monotonicMs - facesMs <= watchSettings.occupiedMs) return true
  const recentMs = monotonicMs - pass.sinceMs - watchSettings.occupiedMs
  return pass.tracks.some(({ seenMs }) => seenMs >= recentMs)
}

/** Reading is the dearest step: once the vehicle at the line is known, only what moves is looked at. */
export function wantsLooks(
  current: Pass,
  { moving }: Trigger,
  atMs: number,
  number: number,
): boolean {
  if (current.reported === 0) return true
  const leading = leadingTrack(current.tracks, atMs)
  const open = leading !== null && !leading.reported
  if (open && (isPlausible(leading) || leading.stillLooks < trackSettings.stillLooksMax))
    return true
  return moving ? number % 2 === 0 : number % 10 === 0
}

/** Tracks whose vote is over: the leading one when settled, and surely read ones that drove on. */
export function settledTracks({ tracks }: Pass, atMs: number): readonly Track[] {
  const leading = leadingTrack(tracks, atMs)
  return tracks.filter((track) =>
    track === leading
      ? isSettled(track, tracks)
      : isLost(track, atMs) && readOf(track).kind === 'read' && deservesCrossing(track, tracks),
  )
}

function isLost({ seenMs, looks }: Track, atMs: number): boolean {
  return atMs - seenMs > trackSettings.lostMs && looks.length >= trackSettings.agreeingMin
}

export function keepFullest(current: Pass, step: Trigger, frame: Frame, picture: Picture): void {
  const weight = step.changed.reduce((sum, one) => sum + one, 0)
  const { takenAt, monotonicMs } = frame
  current.latest = { picture, look: null, takenAt, monotonicMs, weight }
  if (current.reported > 0) return
  if (current.fullest !== null && current.fullest.weight >= weight) return
  current.fullest = current.latest
}

/**
 * Keeps the best look of each track. Of looks that are about as good the newest: there the vehicle is
 * nearest, who sits in it is largest, and it is what the officer sees when the card comes.
 */
export function keepBest(current: Pass, frame: Frame, picture: Picture, atMs: number): void {
  const { takenAt, monotonicMs } = frame
  for (const track of current.tracks) {
    const look = track.looks.at(-1)
    if (track.reported || look === undefined || look.atMs !== atMs) continue
    const weight = weightOf(look)
    const before = current.best.get(track.id)?.weight ?? 0
    if (weight < before * watchSettings.newerWeightShare) continue
    const most = Math.max(weight, before)
    current.best.set(track.id, { picture, look, takenAt, monotonicMs, weight: most })
  }
  for (const id of current.best.keys()) {
    if (!current.tracks.some((track) => track.id === id)) current.best.delete(id)
  }
}
