/** From frames to sightings: trigger, track, vote; one sighting per vehicle and pass. */

import type { SourceKind, TrackedLook } from '@sallyport/core/crossing'
import type { Look, PlateRead } from '@sallyport/core/plate'
import { cropPlate } from '@sallyport/vision/encode'
import { type Picture, decodePicture } from '@sallyport/vision/picture'
import type { PlateReader } from '@sallyport/vision/plate-reader'
import { votePlate } from '@sallyport/vision/vote'

import { type Report, reasonOf } from './events.ts'
import { limits } from './limits.ts'
import type { Sighting } from './sealing.ts'
import type { Frame, FrameOutcome } from './sources/source.ts'
import {
  type Track,
  deservesCrossing,
  followLooks,
  isSettled,
  leadingTrack,
  readOf,
  trackSettings,
  weightOf,
} from './track.ts'
import {
  type Trigger,
  type TriggerState,
  beginTrigger,
  changedAround,
  greyOf,
  stepTrigger,
} from './trigger.ts'

export const watchSettings = {
  /** A vehicle that stands for so long without any plate is reported as unreadable. */
  plateless: { passMs: 3_500, stillMs: 1_500 },
  /** A pass without a plate is a vehicle only if it moved and was this large, as shares and frames. */
  vehicle: { movingFramesMin: 3, shareMin: 0.06 },
  /** A detection without characters must be this sure to count as a plate. */
  blankDetectionMin: 0.6,
} as const

/** A frame kept because it is the best so far. */
type Kept = {
  readonly picture: Picture
  readonly look: TrackedLook | null
  readonly takenAt: Date
  readonly monotonicMs: number
  readonly weight: number
}

type Pass = {
  readonly sinceMs: number
  frames: number
  reported: number
  tracks: readonly Track[]
  readonly best: Map<number, Kept>
  /** The frame in which most of the lane was covered. */
  fullest: Kept | null
}

export type Watcher = {
  /** Handles one frame; resolves when everything it led to is done. Never rejects. */
  take(frame: Frame): Promise<void>
}

export function createWatcher(parts: {
  readonly reader: PlateReader
  readonly source: SourceKind
  readonly report: Report
  /** Seals and spools. */
  readonly sight: (sighting: Sighting) => Promise<FrameOutcome>
}): Watcher {
  const { reader, report } = parts
  let trigger: TriggerState | null = null
  let pass: Pass | null = null

  const sightingOf = (
    plate: PlateRead,
    looks: readonly TrackedLook[],
    kept: Kept,
    triggeredMs: number,
  ): Sighting => ({
    source: parts.source,
    plate,
    looks,
    scene: kept.picture,
    platePicture:
      kept.look === null ? null : cropPlate(kept.picture, kept.look.corners, limits.plateMargin),
    takenAt: kept.takenAt,
    monotonicMs: kept.monotonicMs,
    triggeredMs,
    models: reader.models,
  })

  const reportTrack = async (current: Pass, track: Track): Promise<void> => {
    const kept = current.best.get(track.id)
    current.tracks = current.tracks.map((one) =>
      one.id === track.id ? { ...one, reported: true } : one,
    )
    current.best.delete(track.id)
    if (kept === undefined) return
    const first = track.looks[0]
    // A second vehicle in an unbroken queue begins its own pass with its first look.
    const offset = current.reported === 0 || first === undefined ? { frame: 0, atMs: 0 } : first
    const looks = track.looks.map((look) => ({
      ...look,
      frame: Math.max(0, look.frame - offset.frame),
      atMs: Math.max(0, look.atMs - offset.atMs),
    }))
    current.reported += 1
    await parts.sight(sightingOf(readOf(track), looks, kept, current.sinceMs + offset.atMs))
  }

  const reportPlateless = async (current: Pass): Promise<void> => {
    const kept = current.fullest
    if (kept === null) return
    current.reported += 1
    current.fullest = null
    await parts.sight(
      sightingOf({ kind: 'unreadable', reason: 'no_plate_found' }, [], kept, current.sinceMs),
    )
  }

  const live = async (frame: Frame, picture: Picture): Promise<void> => {
    const grey = greyOf(picture)
    if (trigger === null) {
      trigger = beginTrigger(grey)
      return
    }
    const before = trigger.pass
    const step = stepTrigger(trigger, grey, frame.monotonicMs)
    trigger = step.state
    if (step.kind === 'empty') return
    if (step.kind === 'began' || pass === null) {
      pass = {
        sinceMs: frame.monotonicMs,
        frames: 0,
        reported: 0,
        tracks: [],
        best: new Map(),
        fullest: null,
      }
      report({ event: 'pass_began' })
    }
    const current = pass
    if (step.kind === 'ended') {
      pass = null
      await finish(current, before)
      return
    }
    keepFullest(current, step, frame, picture)
    await follow(current, step, frame, picture)
  }

  const follow = async (
    current: Pass,
    step: Trigger,
    frame: Frame,
    picture: Picture,
  ): Promise<void> => {
    const atMs = frame.monotonicMs - current.sinceMs
    const number = current.frames++
    if (wantsLooks(current, step, atMs, number)) {
      const looks = (await reader.look(picture)).filter(
        (look) => isPlate(look) && changedAround(step.changed, look.box, picture),
      )
      current.tracks = followLooks(current.tracks, looks, { frame: number, atMs })
      keepBest(current, frame, picture, atMs)
    }
    for (const track of settledTracks(current, atMs)) await reportTrack(current, track)
    const { plateless } = watchSettings
    const stillMs = frame.monotonicMs - (step.state.pass?.stillSinceMs ?? frame.monotonicMs)
    const stands = atMs >= plateless.passMs && stillMs >= plateless.stillMs
    if (
      stands &&
      current.reported === 0 &&
      current.tracks.length === 0 &&
      isVehicle(step.state.pass)
    ) {
      await reportPlateless(current)
    }
  }

  const finish = async (current: Pass, before: TriggerState['pass']): Promise<void> => {
    for (const track of current.tracks) {
      if (deservesCrossing(track, current.tracks)) await reportTrack(current, track)
    }
    if (current.reported === 0 && isVehicle(before)) await reportPlateless(current)
  }

  const whole = async (frame: Frame, picture: Picture): Promise<FrameOutcome> => {
    const looks = (await reader.look(picture)).filter(isPlate)
    const [best] = looks
    const tracked = best === undefined ? [] : [{ ...best, frame: 0, atMs: 0 }]
    const kept: Kept = {
      picture,
      look: tracked[0] ?? null,
      takenAt: frame.takenAt,
      monotonicMs: frame.monotonicMs,
      weight: 0,
    }
    const plate = votePlate(tracked, { looksMin: 1 })
    return parts.sight(sightingOf(plate, tracked, kept, frame.monotonicMs))
  }

  return {
    async take(frame) {
      try {
        const decoded = await pictureOf(frame.image)
        if (decoded.kind === 'refused') {
          report({ event: 'picture_refused', code: decoded.code })
          frame.answer?.(decoded)
        } else if (frame.pass === 'whole') {
          frame.answer?.(await whole(frame, decoded.picture))
        } else {
          await live(frame, decoded.picture)
        }
      } catch (error) {
        report({ event: 'failed', reason: reasonOf(error) })
        frame.answer?.({ kind: 'dropped', code: 'failed' })
      }
    },
  }
}

async function pictureOf(image: Frame['image']): ReturnType<typeof decodePicture> {
  if (image instanceof Uint8Array) {
    if (image.length <= limits.pictureBytesMax) return decodePicture(image)
    const detail = `At most ${limits.pictureBytesMax} bytes are taken.`
    return { kind: 'refused', code: 'too_many_bytes', detail }
  }
  return { kind: 'picture', picture: image, format: 'raw' }
}

function isPlate(look: Look): boolean {
  return look.text !== '' || look.detection >= watchSettings.blankDetectionMin
}

function isVehicle(pass: TriggerState['pass']): boolean {
  const { movingFramesMin, shareMin } = watchSettings.vehicle
  return pass !== null && pass.movingFrames >= movingFramesMin && pass.shareMax >= shareMin
}

/** Reading is the dearest step: once the vehicle at the line is known, only what moves is looked at. */
function wantsLooks(current: Pass, { moving }: Trigger, atMs: number, number: number): boolean {
  if (current.reported === 0) return true
  const leading = leadingTrack(current.tracks, atMs)
  if (leading !== null && !leading.reported) return true
  return moving ? number % 2 === 0 : number % 10 === 0
}

/** Tracks whose vote is over: the leading one when it is settled, and those whose plate is gone. */
function settledTracks({ tracks }: Pass, atMs: number): readonly Track[] {
  const leading = leadingTrack(tracks, atMs)
  return tracks.filter((track) =>
    track === leading
      ? isSettled(track)
      : atMs - track.seenMs > trackSettings.lostMs && deservesCrossing(track, tracks),
  )
}

function keepFullest(current: Pass, step: Trigger, frame: Frame, picture: Picture): void {
  if (current.reported > 0) return
  const weight = step.changed.reduce((sum, one) => sum + one, 0)
  if (current.fullest !== null && current.fullest.weight >= weight) return
  const { takenAt, monotonicMs } = frame
  current.fullest = { picture, look: null, takenAt, monotonicMs, weight }
}

function keepBest(current: Pass, frame: Frame, picture: Picture, atMs: number): void {
  const { takenAt, monotonicMs } = frame
  for (const track of current.tracks) {
    const look = track.looks.at(-1)
    if (track.reported || look === undefined || look.atMs !== atMs) continue
    const weight = weightOf(look)
    if ((current.best.get(track.id)?.weight ?? -1) >= weight) continue
    current.best.set(track.id, { picture, look, takenAt, monotonicMs, weight })
  }
  for (const id of current.best.keys()) {
    if (!current.tracks.some((track) => track.id === id)) current.best.delete(id)
  }
}
